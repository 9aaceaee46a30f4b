"""The last step: the same inputs give the same bytes, and charts carry a text for those who do not see them.

openpyxl stamps the hour of the run into docProps/core.xml and into every zip member. Both are replaced: by the as-at
date, which is an input, and by the zip format's earliest date. Members keep the order openpyxl gives them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr, unescape

__all__ = ["fix_package"]

EARLIEST = (1980, 1, 1, 0, 0, 0)

#: What a font holds, in the order of Office's schema.
_FONT = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()


def fix_package(path: Path, as_at: str, alt_texts: Mapping[str, Sequence[str]]) -> None:
    """Rewrite a workbook just saved by openpyxl: fixed dates, and a description of each chart.

    Parameters
    ----------
    path : Path
        The workbook.
    as_at : str
        The date that stands for the hour of the run, such as 2024-03-08.
    alt_texts : mapping of str to sequence of str
        For each sheet with charts what they show, in the order in which they were added.

    Raises
    ------
    ValueError
        A sheet has not as many charts as texts.
    """
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info).decode() for info in source.infolist()}
    core = members["docProps/core.xml"]
    members["docProps/core.xml"] = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", f"{as_at}T00:00:00Z", core)
    members["xl/styles.xml"] = re.sub(r"(<font>)(.*?)(</font>)", _in_order, members["xl/styles.xml"])
    for title, drawing in _drawings(members).items():
        members[drawing] = _described(members[drawing], title, alt_texts.get(title, ()))
    for name in members:
        if name.startswith("xl/charts/"):
            members[name] = re.sub(
                r'(<(?:\w+:)?numFmt formatCode="[^"]*")\s*/>', r'\1 sourceLinked="0"/>', members[name]
            )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, content)


def _in_order(font: re.Match[str]) -> str:
    """Return a font with what it says of itself in the order in which Excel writes it; openpyxl has its own."""
    said = re.findall(r"<(\w+)[^>]*/>", font[2])
    elements = re.findall(r"<\w+[^>]*/>", font[2])
    if "".join(elements) != font[2] or not set(said) <= set(_FONT):
        return font[0]
    ordered = sorted(zip(said, elements, strict=True), key=lambda pair: _FONT.index(pair[0]))
    return font[1] + "".join(element for _, element in ordered) + font[3]


def _described(drawing: str, title: str, texts: Sequence[str]) -> str:
    """Return a drawing whose charts have a name and a description."""
    pattern = re.compile(r'<((?:\w+:)?)cNvPr id="(\d+)" name="[^"]*"')
    charts = len(pattern.findall(drawing))
    if charts != len(texts):
        raise ValueError(f"the sheet {title} has {charts} charts and {len(texts)} alternative texts")
    given = iter(enumerate(texts, 1))

    def described(match: re.Match[str]) -> str:
        number, text = next(given)
        return f'<{match[1]}cNvPr id="{match[2]}" name="Chart {number}" descr={quoteattr(text)}'

    return pattern.sub(described, drawing)


def _drawings(members: Mapping[str, str]) -> dict[str, str]:
    """Return the drawing part of each sheet that has one."""
    targets = dict(_relations(members["xl/_rels/workbook.xml.rels"]))
    found: dict[str, str] = {}
    for tag in re.findall(r"<sheet [^>]*>", members["xl/workbook.xml"]):
        sheet = targets[_attribute(tag, "r:id")].rpartition("/")[2]
        for _, target in _relations(members.get(f"xl/worksheets/_rels/{sheet}.rels", "")):
            if target.rpartition("/")[2].startswith("drawing"):
                found[unescape(_attribute(tag, "name"))] = "xl/drawings/" + target.rpartition("/")[2]
    return found


def _relations(xml: str) -> list[tuple[str, str]]:
    return [(_attribute(tag, "Id"), _attribute(tag, "Target")) for tag in re.findall(r"<Relationship [^>]*>", xml)]


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf'(?<![\w:]){name}="([^"]*)"', tag)
    if match is None:
        raise ValueError(f"no {name} in {tag}")
    return match[1]
