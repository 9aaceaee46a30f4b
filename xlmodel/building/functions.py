"""The sheet Functions: every function that a cell of the workbook calls, with its version."""

from __future__ import annotations

import re
from collections import Counter

from xlmodel.building.blocks import real_table
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import LABEL, OUT, SOURCE, number_format

__all__ = ["functions"]

_HEADER = 4
_CALL = re.compile(r"\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?=\()")


def functions(build: Build) -> None:
    """List the functions; written when every formula but those of the checks stands."""
    sheet = Sheet(
        build,
        "Functions",
        "Functions",
        "What calculates beside Excel's own functions. A function that the workbook carries needs nothing installed "
        "in Excel 2024 and 365; one that it does not carry is shown with the value it had when published.",
        (36, 76, 9, 16, 26, 13),
    )
    used = _calls(build)
    if not used:
        sheet.note(_HEADER, "No cell of this workbook calls such a function.")
        sheet.finish("A4")
        return
    sheet.header(
        _HEADER,
        ("Function", "What it gives", "Version", "Signature", "In the published workbook", "Cells that call it"),
    )
    for r, (name, cells) in enumerate(sorted(used.items()), _HEADER + 1):
        function = build.registry.resolve(name)
        if function is None:
            raise ValueError(f"a cell calls {name}, which is none of the functions given")
        sheet.line(
            r,
            [
                (function.name, LABEL, None),
                (function.summary, LABEL, None),
                (function.version, SOURCE, None),
                (function.signature_hash, SOURCE, None),
                ("Carried in the workbook" if function.native else "Saved as a value", SOURCE, None),
                (cells, OUT, number_format("number")),
            ],
        )
        sheet.fit(r)
    last = _HEADER + len(used)
    real_table(sheet, "Functions_used", f"A{_HEADER}:F{last}")
    sheet.note(
        last + 2,
        "Signature: a short fingerprint of the function's name, arguments, units, version and formula. When a later "
        "version of the functions has another one, verification names the function and says which results change.",
    )
    sheet.finish(f"B{_HEADER + 1}", titles=f"{_HEADER}:{_HEADER}", last_row=last + 2)


def _calls(build: Build) -> Counter[str]:
    """Return for each function how many cells call it, those of the sheet Checks among them."""
    prefixes = {f.name.partition("_")[0] for f in build.registry}
    written = (cell.value for ws in build.wb for row in ws.iter_rows() for cell in row if cell.data_type == "f")
    asked = (side for check in build.checks for side in (check.left, check.right))
    cells: Counter[str] = Counter()
    for formula in (*written, *asked):
        cells.update({name for name in _CALL.findall(str(formula)) if name.partition("_")[0] in prefixes})
    return cells
