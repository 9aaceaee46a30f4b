"""Amounts in Thai words."""

from __future__ import annotations

from xlmodel.engine.native.declaration import Number, excel
from xlmodel.engine.native.operands import VALUE, ExcelError
from xlmodel.values import decimal15, round_half_away

_DIGITS = "ศูนย์ หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า".split()
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MILLION, _BAHT, _SATANG, _EXACTLY, _MINUS = "ล้าน", "บาท", "สตางค์", "ถ้วน", "ลบ"
_FINAL_ONE, _TWENTY = "เอ็ด", "ยี่"


@excel("BAHTTEXT")
def bahttext(number: Number) -> str:
    """Return an amount of baht and satang in Thai words."""
    if abs(number) >= 1e15:
        raise ExcelError(VALUE)
    satang = int(decimal15(abs(round_half_away(number, 2))).scaleb(2))
    baht, satang = divmod(satang, 100)
    words = _MINUS if number < 0 and (baht or satang) else ""
    if baht or not satang:
        words += _words(baht) + _BAHT
    return words + (_words(satang) + _SATANG if satang else _EXACTLY)


def _words(number: int) -> str:
    """Return a whole number in words: a final one after tens, and twenty, have words of their own."""
    if number >= 1_000_000:
        millions, rest = divmod(number, 1_000_000)
        return _words(millions) + _MILLION + (_below_million(rest, True) if rest else "")
    return _below_million(number, False) if number else _DIGITS[0]


def _below_million(number: int, after_more: bool) -> str:
    words = ""
    for place in range(5, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            continue
        if place == 1 and digit <= 2:
            words += _TWENTY * (digit - 1) + _PLACES[1]
        elif place == 0 and digit == 1 and (after_more or number > 1):
            words += _FINAL_ONE
        else:
            words += _DIGITS[digit] + _PLACES[place]
    return words
