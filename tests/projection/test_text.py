"""The text of a workbook says all of it, in one way, on lines that can be read back."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from books import book
from hypothesis import given, settings
from hypothesis import strategies as st
from projection.grids import Workbook

from xlmodel.book import read_book
from xlmodel.book.workbook import Book, CalcSettings, DefinedName, ExternalBook, Table
from xlmodel.projection.comparison import compare
from xlmodel.projection.projection import Projection, ProjectionError
from xlmodel.projection.reading import parse, project
from xlmodel.refs import Rect, cell_name, parse_cell
from xlmodel.values import ErrorValue, Scalar

TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "a|b",
        " | ",
        "::error::x",
        "##[error]",
        "##vso[x]",
        "=1",
        "^",
        "<",
        '"',
        "\\n",
        "\x1b[31m",
        "x\ny",
        "[y]",
        "filled 1",
        "\ud800",
        "1 2",
    ]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
CONTENTS = (
    NUMBERS
    | TEXTS.filter(lambda t: not t.startswith("="))
    | st.booleans()
    | st.sampled_from(["#N/A", "#odd", "#a b"]).map(ErrorValue)
)
FORMULAS = st.sampled_from(["=A1", "=^", "=<", '="a | b"', "=SUM($A$1:B2)\n+1", "=B1*2", '="\x1b" & ""']) | TEXTS.map(
    lambda t: f'="{t}"'
)
PLACES = st.builds(cell_name, st.integers(1, 12), st.integers(1, 30))
GRIDS = st.dictionaries(PLACES, CONTENTS | FORMULAS, max_size=25)


def said(made: Book) -> object:
    """Return what a workbook says, numbers to 15 digits."""
    return [
        (
            s.name,
            [
                (cell_name(int(s.row[i]), int(s.col[i])), made.formula_a1(s, i), exact(s.values.item(i)))
                for i in range(len(s))
                if s.formula[i] >= 0 or s.values.item(i) is not None
            ],
        )
        for s in made.sheets
    ]


def exact(content: Scalar) -> object:
    return f"{content + 0.0:.14e}" if isinstance(content, float) else (type(content), content)


@given(GRIDS, GRIDS, TEXTS.filter(bool))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(one: dict[str, Scalar], two: dict[str, Scalar], name: str) -> None:
    results = {a: c for a, c in two.items() if not (isinstance(c, str) and c.startswith("=")) and a in one}
    made = book({name: one, name + "2": two}, saved=results)
    found = project(made)
    assert said(found.book) == said(made)
    assert parse(found.text.replace("\n", "\r\n")).text == found.text  # as git may check it out on Windows
    assert not compare(parse(found.text), found)


@given(GRIDS)
@settings(max_examples=50, deadline=None)
def test_nothing_in_it_acts_on_a_terminal_or_a_log(cells: dict[str, Scalar]) -> None:
    text = project(book(cells)).text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800-\udfff]|::|##\\w*\\[", text)
    assert all(line.startswith(("xlmodel", "calc", "sheet", "(", "  ")) or line[:1].isupper() or line[:3] == "end"
               for line in text.split("\n") if line)  # fmt: skip


def everything() -> Book:
    """Return a workbook with all that a text can say."""
    w = Workbook()
    made = w.book(
        calc=CalcSettings(mode="manual", iterate=True, full_precision=False),
        date1904=True,
        tables=(Table("Costs", "Inputs", Rect(3, 1, 7, 4), ("Service", "2023/24", "a | b", "x"), 1, 1),),
        externals=(ExternalBook(1, "other [book].xlsx", {}),),
        number_formats=("#,##0.0", "0%"),
    )
    names = (DefinedName("Rate", "Inputs!$B$11", None), DefinedName("Own", "SUM(A1:A2)", "Stock"))
    sheets = (
        replace(made.sheets[0], hidden_rows=np.array([2, 3, 9], np.int32)),
        replace(made.sheets[1], state="hidden"),
    )
    return replace(made, names=names, sheets=(*sheets, *made.sheets[2:]))


def test_settings_names_tables_and_hidden_rows_are_read_back() -> None:
    made = everything()
    found = project(made).book
    assert (found.calc, found.date1904, found.tables) == (made.calc, True, made.tables)
    assert sorted(found.names, key=str) == sorted(made.names, key=str)
    assert [e.target for e in found.externals] == ["other [book].xlsx"]
    assert [s.state for s in found.sheets] == ["visible", "hidden", "visible"]
    assert found.sheets[0].hidden_rows.tolist() == [2, 3, 9]
    assert project(found).text == project(made).text


def test_arrays_are_written_with_what_they_fill() -> None:
    made = book(
        {"A1": "=B1:B2*2", "C1": "=1+1", "C2": "=1+1"},
        saved={"A1": 2.0, "A2": 4.0, "C1": 2.0, "C2": 2.0},
        arrays={"A1": "A1:A2"},
        dynamic={"C1": "C1", "C2": "C2"},
    )
    found = project(made)
    assert found.text.split("\n")[4:8] == [
        "A array 2x1 =RC[1]:R[1]C[1]*2 | 2", "  C array =1+1 | 2", "A filled 4", "  C array =^ | 2",
    ]  # fmt: skip
    sheet = found.book.sheets[0]
    assert {cell_name(int(sheet.row[i]), int(sheet.col[i])): r.name for i, r in sheet.arrays.items()} == {
        "A1": "A1:A2", "C1": "C1", "C2": "C2",
    }  # fmt: skip


def test_an_inserted_row_is_one_more_line() -> None:
    old, new = Workbook(), Workbook().insert_rows("Prices", 3)
    new.put("Prices", "A3", "Kinship").put("Prices", "B3", 300.0)
    new.formulas["Stock"] = Workbook().formulas["Stock"]  # what refers to the table is left out here
    before, after = (project(w.book()).text.split("\n") for w in (old, new))
    assert set(after[:-2]) - set(before) == {'A:B "Kinship" 300'}
    assert len(after) == len(before) + 1


def test_a_line_of_a_cell_is_found() -> None:
    found = project(Workbook().book())
    line = found.line_of("inputs", *parse_cell("C7"))
    assert line is not None
    assert found.text.split("\n")[line - 1].startswith("  B:D [Budget, Total] =SUM(R[-3]C:R[-1]C) | 350 385 435")
    assert found.line_of("Inputs", 2, 1) is None
    assert found.line_of("No such sheet", 1, 1) is None


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda t: t.replace("350", "351"), "changed by hand"),
        (lambda t: t[: len(t) // 2], "cut short"),
        (lambda t: t + "<<<<<<< HEAD\n", "changed by hand"),
        (lambda t: t.replace("cells 1", "cells 2", 1), "another version"),
        (lambda t: "PK\x03\x04", "no text of a workbook"),
        (lambda t: "", "no text of a workbook"),
    ],
)
def test_a_damaged_text_is_refused(damage: object, why: str) -> None:
    text = project(Workbook().book()).text
    with pytest.raises(ProjectionError, match=why):
        parse(damage(text))  # type: ignore[operator]


def test_a_text_that_is_sealed_and_wrong_is_refused_with_its_line() -> None:
    from xlmodel.projection.writing import FIRST_LINE, seal

    for line in ("A:B 1", "A =^ | 1", "AAAA 1", "B inf", "A 1\nA:A 1\n  A 2", "hidden rows 0", "what is this"):
        body = f'{FIRST_LINE}\ncalculation auto\n\nsheet "S"\n{line}\n'
        with pytest.raises(ProjectionError, match=r"line \d+ is damaged"):
            parse(body + seal(body))


# --- the same workbook, saved by another program -----------


def saved_by_openpyxl(path: Path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Costs"
    for row, (service, price, weeks) in enumerate([("Fostering", 700, 52), ("Residential", 5200.5, 40)], 2):
        sheet.append([]) if row == 2 else None
        for col, content in enumerate((service, price, weeks, f"=B{row}*C{row}"), 1):
            sheet.cell(row, col, content).number_format = "#,##0.00" if col == 4 else "General"
    sheet["A4"], sheet["D4"], sheet["E4"] = "Total", "=SUM(D2:D3)", '=IF(D4>0,"yes","no")'
    made.defined_names["Price"] = openpyxl.workbook.defined_name.DefinedName("Price", attr_text="Costs!$B$2")
    made.save(path)
    return path


def without_values(found: Projection) -> list[str]:
    lines = found.text.split("\n")[:-2]
    return [line.rpartition(" | ")[0] if " =" in line else line for line in lines]


def test_saving_it_again_with_openpyxl_leaves_the_text_as_it_is(tmp_path: Path) -> None:
    first = saved_by_openpyxl(tmp_path / "a.xlsx")
    again = openpyxl.load_workbook(first)
    again.active["F1"].font = openpyxl.styles.Font(bold=True)
    again.save(tmp_path / "b.xlsx")
    assert project(read_book(tmp_path / "b.xlsx")).text == project(read_book(first)).text


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_saving_it_again_with_libreoffice_leaves_the_text_as_it_is(tmp_path: Path) -> None:
    first = saved_by_openpyxl(tmp_path / "a.xlsx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "again"), str(first)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    again = project(read_book(tmp_path / "again" / "a.xlsx"))
    assert without_values(again) == without_values(project(read_book(first)))


def test_the_example_of_the_documentation_is_a_text() -> None:
    page = (Path(__file__).parents[2] / "docs/baselines.md").read_text("utf-8")
    found = parse(page.partition("```text\n")[2].partition("```")[0])
    assert project(found.book).text == found.text
