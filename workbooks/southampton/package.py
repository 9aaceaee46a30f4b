"""The last step: the same inputs give the same bytes, and charts carry a text for those who do not see them.

openpyxl stamps the hour of the run into docProps/core.xml and into every zip member. Both are replaced: by the as-at
date, which is an input, and by the zip format's earliest date. Members keep the order openpyxl gives them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

__all__ = ["fix_package"]

EARLIEST = (1980, 1, 1, 0, 0, 0)


def fix_package(path: Path, as_at: str, alt_texts: Mapping[str, str]) -> None:
    """Rewrite a workbook just saved by openpyxl: fixed dates, and a description of each sheet's chart."""
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    core = members["docProps/core.xml"].decode()
    members["docProps/core.xml"] = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", f"{as_at}T00:00:00Z", core).encode()
    for drawing, text in _drawings(members, alt_texts).items():
        xml = members[drawing].decode()
        members[drawing] = re.sub(
            r'(<(?:\w+:)?cNvPr id="\d+" name="[^"]*")', rf"\1 descr={quoteattr(text)}", xml, count=1
        ).encode()
    for name in members:
        if name.startswith("xl/charts/"):
            own = re.sub(
                r'(<(?:\w+:)?numFmt formatCode="[^"]*")\s*/>', r'\1 sourceLinked="0"/>', members[name].decode()
            )
            members[name] = own.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, content)


def _drawings(members: Mapping[str, bytes], alt_texts: Mapping[str, str]) -> dict[str, str]:
    """Return the drawing part of each sheet that has an alternative text."""
    book = members["xl/workbook.xml"].decode()
    targets = dict(_relations(members["xl/_rels/workbook.xml.rels"].decode()))
    found: dict[str, str] = {}
    for tag in re.findall(r"<sheet [^>]*>", book):
        title, rid = _attribute(tag, "name"), _attribute(tag, "r:id")
        if title not in alt_texts:
            continue
        sheet = targets[rid].lstrip("/").removeprefix("xl/")
        rels = members[f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels"].decode()
        drawing = next(t for _, t in _relations(rels) if "drawing" in t)
        found["xl/drawings/" + drawing.rpartition("/")[2]] = alt_texts[title]
    return found


def _relations(xml: str) -> list[tuple[str, str]]:
    return [(_attribute(tag, "Id"), _attribute(tag, "Target")) for tag in re.findall(r"<Relationship [^>]*>", xml)]


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf'(?<![\w:]){name}="([^"]*)"', tag)
    if match is None:
        raise ValueError(f"no {name} in {tag}")
    return match[1]
