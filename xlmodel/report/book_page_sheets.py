"""Every sheet as a table of what is in it, and below it how each of its figures comes about."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.references import Region
from xlmodel.refs import Rect, cell_name, column_letters, quote_sheet
from xlmodel.report.book_page_cells import Area
from xlmodel.report.book_page_markup import Html, cut, element, joined, scrolled
from xlmodel.report.book_page_subject import Place, Subject, cell_id, trace_id
from xlmodel.values import ErrorValue
from xlmodel.verify.recalculation import CellFinding, Verdict

__all__ = ["sheet_section", "value_text"]

MOST_TEXT = 2_000  #: characters of a cell
MOST_FORMULA = 1_500
MOST_READ = 24  #: rectangles that a formula reads, of which links are given
#: What a reader is told of a formula cell that did not pass.
WORDS = {Verdict.DIFFERS: "differs", Verdict.DISPUTED: "disputed", Verdict.UNVERIFIED: "not verified"}
STATES = {"hidden": "hidden in the workbook", "veryHidden": "hidden in the workbook"}
FAILED = frozenset({"FAIL", "DOES NOT TIE", "UNEXPLAINED"})


def sheet_section(subject: Subject, area: Area, charts: Html) -> Html:
    """Return the section of one sheet.

    Parameters
    ----------
    subject : Subject
        The workbook.
    area : Area
        The sheet, and what of it is shown.
    charts : Html
        Its charts.
    """
    name = area.sheet.name
    state = STATES.get(area.sheet.state)
    heading = element("h3", name, element("small", f" {state}") if state else None, id=f"sheet-{area.number}")
    body = (
        [_grid(subject, area), charts, _ways(subject, area)]
        if area.rows
        else [element("p", "Nothing is on it."), charts]
    )
    return element(
        "section",
        heading,
        [element("p", note, class_="note") for note in _notes(area)],
        body,
        class_="sheet",
        data_sheet=area.number,
        aria_label=f"Sheet {name}",
    )


def _notes(area: Area) -> Iterator[str]:
    left = area.left_out
    if left.cells:
        formulas = f", {left.formulas:,} of them formulas" if left.formulas else ""
        yield (
            f"This page shows {len(area.rows):,} rows and {len(area.cols):,} columns of the sheet; {left.cells:,} "
            f"cells are left out{formulas}. They were recalculated and judged like all others; the workbook has them."
        )
    rows, columns = set(area.sheet.hidden_rows.tolist()), set(area.sheet.hidden_columns.tolist())
    unseen = [(len(rows & set(area.rows)), "row"), (len(columns & set(area.cols)), "column")]
    said = [f"{count:,} {what}{'s' * (count != 1)}" for count, what in unseen if count]
    if said:
        yield f"Shown here, hidden in the workbook: {' and '.join(said)}."


# --- the table -------------------------------------------------------------------------------------------------------


def _grid(subject: Subject, area: Area) -> Html:
    spans, covered = _spans(area)
    columns = [element("th", column_letters(c), scope="col") for c in area.cols]
    corner = element("td", element("span", "Row", class_="unseen"))
    head = element("thead", element("tr", corner, columns))
    last_filled = {col: max(rows) for col, rows in area.by_col.items()}
    rows = []
    for r in area.rows:
        cells = [
            _cell(subject, area, r, c, spans.get((r, c)), last_filled.get(c, 0))
            for c in area.cols
            if (r, c) not in covered
        ]
        rows.append(element("tr", element("th", r, scope="row"), cells))
    table = element("table", head, element("tbody", rows), class_="grid")
    return scrolled(table, f"Cells of the sheet {area.sheet.name}")


def _spans(area: Area) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Return how many shown rows and columns a cell covers that is more than one, and the cells that are covered."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for rect in area.sheet.merged:
        rows = [r for r in area.rows if rect.top <= r <= rect.bottom]
        cols = [c for c in area.cols if rect.left <= c <= rect.right]
        inside = {(r, c) for r in rows for c in cols}
        # of merged ranges that overlap, as only a damaged file has them, the first counts
        if len(inside) < 2 or (rows[0], cols[0]) != (rect.top, rect.left) or inside & (covered | spans.keys()):
            continue
        spans[rows[0], cols[0]] = len(rows), len(cols)
        covered |= inside - {(rows[0], cols[0])}
    for row, cols in area.by_row.items():
        # a heading or a remark alone in its row runs over the empty cells beside it, as it does in Excel
        first = row, cols[0]
        beyond = [(row, c) for c in area.cols if c > cols[0]]
        alone = len(cols) == 1 and isinstance(area.content(first), str) and first not in spans and first not in covered
        if alone and beyond and not covered & set(beyond):
            spans[first] = 1, len(beyond) + 1
            covered |= set(beyond)
    return spans, covered


def _cell(subject: Subject, area: Area, row: int, col: int, span: tuple[int, int] | None, last_filled: int) -> Html:
    cell = row, col
    size = {} if span is None else {k: n for k, n in zip(("rowspan", "colspan"), span, strict=True) if n > 1}
    index = area.filled.get(cell)
    if index is None:
        return element("td", **size)
    place = (area.number, row, col)
    content = area.sheet.values.item(index)
    shown = cut(area.text(cell), MOST_TEXT)
    finding = subject.findings.get(place)
    classes = [_role(subject, area, place)]
    number = isinstance(content, (float, bool, ErrorValue))
    align = area.look(cell).align
    classes.append("n" if (number and align in ("", "right")) or align == "right" else "m" if align == "center" else "")
    classes.append("b" if area.look(cell).bold else "")
    classes.append("e" if isinstance(content, ErrorValue) else "")
    classes.append("bad" if shown in FAILED else "good" if shown in ("PASS", "TIES") else "")
    words = None
    if finding is not None:
        classes.append(finding.verdict.value)
        words = element("span", f" ({WORDS[finding.verdict]})", class_="mark")
    inner: Html | str = shown
    if place in subject.traced and shown:
        inner = element("a", shown, href=f"#{trace_id(place)}")
    heads = area.heads(cell) and row < last_filled and span is None
    named = " ".join(c for c in classes if c)
    if heads:
        return element("th", inner, words, id=cell_id(place), class_=named or None, scope="col")
    return element("td", inner, words, id=cell_id(place), class_=named or None, **size)


def _role(subject: Subject, area: Area, place: Place) -> str:
    """Return the role of a cell as its class: what its style's name says, else what it does."""
    cell = place[1:]
    letter = {"header": "h", "check": "c", "input": "i", "output": "o", "title": "t", "section": "t", "note": "q"}
    role = area.look(cell).role
    if area.heads(cell):
        return "h"
    if role in letter:
        return letter[role]
    if role or not isinstance(area.content(cell), float):
        return ""
    return "" if subject.traced.get(place, True) else "i"


# --- how figures come about ------------------------------------------------------------------------------------------


def _ways(subject: Subject, area: Area) -> Html | None:
    traced = [(place, formula) for place, formula in subject.traced.items() if place[0] == area.number]
    if not traced:
        return None
    heads = [element("th", what, scope="col") for what in ("Cell", "What it is", "Value", "Formula", "Reads", "Source")]
    rows = [_way(subject, area, place) for place, _ in traced]
    caption = element("caption", f"How the figures of {area.sheet.name} come about", class_="unseen")
    table = element("table", caption, element("thead", element("tr", heads)), element("tbody", rows))
    formulas = sum(formula for _, formula in traced)
    typed = len(traced) - formulas
    counts = [f"{n:,} {what}{'s' * (n != 1)}" for n, what in ((formulas, "formula"), (typed, "typed cell")) if n]
    summary = element("summary", f"How its figures come about: {' and '.join(counts)}")
    scroll = scrolled(table, f"Formulas of {area.sheet.name}")
    return element("details", summary, scroll, class_="ways")


def _way(subject: Subject, area: Area, place: Place) -> Html:
    cell = place[1:]
    regions, finding = subject.reads(place), subject.findings.get(place)
    formula = subject.formula(place)
    links = [_link(subject, region, area.number) for region in regions[:MOST_READ]]
    if len(regions) > MOST_READ:
        links.append(Html(f"and {len(regions) - MOST_READ:,} more"))
    if subject.reads_unseen(place):
        links.append(Html("cells that are only known while it calculates"))
    numbers = " ".join(",".join(map(str, (r.sheet + 1, *_clipped(subject, r)))) for r in regions)
    value = value_text(subject, area, place)
    note = None if finding is None else element("span", f" {_verdict_words(finding)}", class_="mark")
    return element(
        "tr",
        element("th", element("a", cell_name(*cell), href=f"#{cell_id(place)}"), scope="row"),
        element("td", area.label(cell)),
        element("td", value, note, class_="n"),
        element("td", element("code", cut(formula, MOST_FORMULA)) if formula else "typed in"),
        element("td", _listed(links)),
        element("td", area.source(cell)),
        id=trace_id(place),
        data_r=numbers or None,
        data_v=None if finding is None else finding.verdict.value,
    )


def value_text(subject: Subject, area: Area, place: Place) -> str:
    """Return a cell's value for people: as it is shown, and a text in full."""
    return cut(area.text(place[1:]), MOST_TEXT)


def _verdict_words(finding: CellFinding) -> str:
    if finding.reason is not None:
        return f"(not verified: {finding.reason.text}; this is the saved value)"
    return f"({WORDS[finding.verdict]}: another value is saved)"


def _link(subject: Subject, region: Region, home: int) -> Html:
    rect = region.rect
    name = (
        rect.name if region.sheet + 1 == home else f"{quote_sheet(subject.book.sheets[region.sheet].name)}!{rect.name}"
    )
    to = subject.link((region.sheet + 1, rect.top, rect.left))
    return element("a", name, href=to) if to else element("span", name)


def _clipped(subject: Subject, region: Region) -> Rect:
    """Return a rectangle without what lies beyond the cells in use: whole columns end where the sheet does."""
    rect, used = region.rect, subject.book.sheets[region.sheet].used
    return Rect(
        rect.top, rect.left, min(rect.bottom, max(used.bottom, rect.top)), min(rect.right, max(used.right, rect.left))
    )


def _listed(links: list[Html]) -> Html:
    return joined([joined([", " if i else None, link]) for i, link in enumerate(links)])
