"""Lines of a printed page: headings with years, rows of numbers, wrapped sentences, no line over 100 characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from xlmodel.model.domain import FloatArray

__all__ = ["COLUMNS", "WIDTH", "Columns", "sentence", "warning"]

WIDTH = 100
COLUMNS = 5  #: years that fit
_NAME, _NUMBER = 45, 11


@dataclass(frozen=True)
class Columns:
    """The years that a page shows: all that fit, else the first ones and the last."""

    labels: tuple[str, ...]

    @property
    def shown(self) -> list[int]:
        """The places of the years that are shown."""
        n = len(self.labels)
        return list(range(n)) if n <= COLUMNS else [*range(COLUMNS - 1), n - 1]

    @property
    def left_out(self) -> int:
        """How many years are not shown."""
        return len(self.labels) - len(self.shown)

    def heading(self, text: str) -> str:
        """Return a heading with the years over their columns."""
        return _line(text, 0, (self.labels[i] for i in self.shown))

    def row(self, name: str, values: FloatArray | Sequence[str], form: Callable[[float], str], indent: int = 2) -> str:
        """Return a row of numbers under the years."""
        texts = (v if isinstance(v, str) else form(float(v)) for v in (values[i] for i in self.shown))
        return _line(name, indent, texts)


def _line(name: str, indent: int, texts: Iterable[str]) -> str:
    room = _NAME - indent - 1
    shown = name if len(name) <= room else name[: room - 1] + "…"
    return (" " * indent + f"{shown:<{room + 1}}" + "".join(f"{t:>{_NUMBER}}" for t in texts)).rstrip()


def sentence(text: str, indent: int = 2) -> Iterator[str]:
    """Yield a sentence on as many lines as it takes."""
    yield from wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent, break_on_hyphens=False)


def warning(text: str) -> Iterator[str]:
    """Yield a sentence that a reader must not miss."""
    yield from wrap(text, WIDTH, initial_indent="  ! ", subsequent_indent="    ", break_on_hyphens=False)
