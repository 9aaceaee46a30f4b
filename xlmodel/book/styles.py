"""Number formats: which one each cell style uses."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from xlmodel.book.package import children
from xlmodel.book.xstring import plain

__all__ = ["NumberFormats"]

_DATE, _TIME = "yyyy/m/d", "h:mm:ss"
#: the formats that a file names by number only, in US English; 27 to 36 and 50 to 58 depend on the locale
BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)', 6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)', 8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
    27: _DATE, 28: _DATE, 29: _DATE, 30: _DATE, 31: _DATE, 32: _TIME, 33: _TIME, 34: _TIME, 35: _TIME, 36: _DATE,
    37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', 42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _DATE, 51: _DATE, 52: _DATE, 53: _DATE, 54: _DATE, 55: _TIME, 56: _TIME, 57: _DATE, 58: _DATE,
}  # fmt: skip


class NumberFormats:
    """The number formats of a workbook, and the format of each cell style."""

    def __init__(self, styles: Element | None) -> None:
        custom = {f.get("numFmtId", ""): plain(f.get("formatCode", "")) for f in children(styles, "numFmts", "numFmt")}
        self.texts = ["General"]
        self.by_style: list[int] = []  #: style -> place in `texts`
        places = {"General": 0}
        for style in children(styles, "cellXfs", "xf"):
            number = style.get("numFmtId", "0")
            text = custom.get(number) or BUILTIN.get(int(number) if number.isdecimal() else 0, "General")
            if text not in places:
                places[text] = len(self.texts)
                self.texts.append(text)
            self.by_style.append(places[text])

    def of_style(self, style: str) -> int:
        """Return the place of a cell style's format; styles that are not there have the General format."""
        number = int(style) if style.isdecimal() else 0
        return self.by_style[number] if number < len(self.by_style) else 0
