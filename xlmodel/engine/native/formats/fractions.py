"""Numbers as fractions: `# ?/?` to a longest denominator, `# ?/8` to a fixed one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from xlmodel.engine.native.formats.digits import literals, whole_pieces, whole_text
from xlmodel.engine.native.formats.parts import Kind, Part
from xlmodel.engine.native.operands import UnsupportedError

__all__ = ["fraction_text"]


@dataclass(frozen=True, slots=True)
class _Layout:
    """A section's parts around the slash; placeholders are texts of 0, # and ?."""

    before: str  #: literals before the first placeholder
    whole: tuple[Part, ...]  #: the placeholders of the whole number, with literals between them
    gap: str  #: what stands between the whole number and the numerator
    top: str  #: the numerator's placeholders
    slash: str  #: the slash with the literals beside it
    bottom: str  #: the denominator's placeholders, or its digits where it is given
    after: str

    @property
    def digits(self) -> str:
        """The whole number's placeholders."""
        return "".join(part.text for part in self.whole if part.kind is Kind.DIGIT)

    @property
    def fixed(self) -> int:
        """The denominator that is given, 0 where none is."""
        return int(self.bottom) if self.bottom[0] not in "0#?" else 0


@lru_cache(maxsize=512)
def _layout(parts: tuple[Part, ...]) -> _Layout:
    if any(part.kind in (Kind.POINT, Kind.COMMA, Kind.PERCENT) for part in parts):
        raise UnsupportedError("a fraction with a point, a comma or a percent sign", "number-format")
    slash = next(i for i, part in enumerate(parts) if part.kind is Kind.SLASH)
    top_end = slash
    while parts[top_end - 1].kind is not Kind.DIGIT:
        top_end -= 1
    top = top_end
    while top and parts[top - 1].kind is Kind.DIGIT:
        top -= 1
    places = [i for i in range(top) if parts[i].kind is Kind.DIGIT]
    whole, gap = (places[0], places[-1] + 1) if places else (top, top)
    bottom = slash
    while parts[bottom].kind not in (Kind.DIGIT, Kind.NUMERAL):
        bottom += 1
    end = bottom
    while end < len(parts) and parts[end].kind in (Kind.DIGIT, Kind.NUMERAL):
        end += 1
    below = "".join(part.text for part in parts[bottom:end])
    if any(p.kind is Kind.DIGIT for p in parts[end:]) or not (below.isdecimal() or set(below) <= set("0#?")):
        raise UnsupportedError("a fraction with these digits", "number-format")
    return _Layout(
        before=literals(parts[:whole]),
        whole=parts[whole:gap],
        gap=literals(parts[gap:top]),
        top="".join(part.text for part in parts[top:top_end]),
        slash=literals(parts[top_end:bottom]),
        bottom=below,
        after=literals(parts[end:]),
    )


def fraction_text(parts: tuple[Part, ...], number: Decimal) -> tuple[str, bool]:
    """Return a number that is not negative as a fraction, and whether nothing of it is left."""
    layout = _layout(parts)
    exact, bottom = Fraction(number), layout.fixed
    if bottom:
        count = int(exact * bottom + Fraction(1, 2))
    else:
        near = exact.limit_denominator(10 ** len(layout.bottom) - 1)
        count, bottom = near.numerator, near.denominator
    whole, top = divmod(count, bottom) if layout.whole else (0, count)
    return layout.before + _text(layout, whole, top, bottom) + layout.after, not count


def _text(layout: _Layout, whole: int, top: int, bottom: int) -> str:
    fraction = whole_text(layout.top, top) + layout.slash + _denominator(layout, bottom)
    if not layout.whole:
        return fraction
    blanks = "?" in layout.digits + layout.top  # what is left out leaves its space
    if not top and "0" not in layout.top:
        blanks = blanks or "?" in layout.bottom
        width = len(layout.gap + layout.top + layout.slash + layout.bottom)
        return _whole(layout, str(whole)) + " " * (width if blanks else 0)
    shown = _whole(layout, str(whole) if whole or (not top and "?" in layout.digits) else "")
    if whole or any(c.isdecimal() for c in shown):
        return shown + layout.gap + fraction
    return shown + " " * (len(layout.gap) if blanks else 0) + fraction


def _whole(layout: _Layout, digits: str) -> str:
    pieces = iter(whole_pieces(layout.digits, digits))
    return "".join(next(pieces) if part.kind is Kind.DIGIT else part.text for part in layout.whole)


def _denominator(layout: _Layout, bottom: int) -> str:
    """Return the denominator: it stands left in the room of `?`, and right among zeros."""
    if layout.fixed or "0" in layout.bottom:
        return whole_text(layout.bottom.replace("?", "0"), bottom) if not layout.fixed else layout.bottom
    text = str(bottom)
    return text + " " * layout.bottom[len(text) :].count("?")
