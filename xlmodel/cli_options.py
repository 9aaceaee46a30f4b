"""Options that several commands share. Nothing here imports what calculates: help and cached answers come at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from xlmodel.config import LARGEST, Settings, load_registry, load_settings

if TYPE_CHECKING:
    from xlmodel.stopping import StoppableMeans

__all__ = ["BOOKS", "ENGINE", "ENGINES", "JOBS", "TIME_LIMIT", "Finite", "Grouped", "cores", "means", "means_of"]

#: The engines of `xlmodel.engine.engines`, by name.
ENGINES = ("native", "formulas")


class Grouped(click.Command):
    """A command whose help shows its options in groups."""

    def __init__(self, *args: Any, groups: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, those of each group under its heading."""
        records = {p.name: r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None}
        for heading, names in self.groups.items():
            with formatter.section(heading):
                formatter.write_dl([records.pop(name) for name in names])
        with formatter.section("Other"):
            formatter.write_dl(list(records.values()))


class Finite(click.FloatRange):
    """A number in a range; infinity and nan compare with nothing, and would pass."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; a usage error where it is not one of the range."""
        number = float(super().convert(value, param, ctx))
        if not number < LARGEST:
            self.fail(f"{value} must be < 1e9.", param, ctx)
        return number


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


BOOKS = click.argument("books", nargs=-1, required=True, metavar="BOOK...")
TIME_LIMIT = click.option(
    "--time-limit",
    type=Finite(0, min_open=True),
    metavar="SECONDS",
    help="Seconds a workbook may take; 120 unless set in xlmodel.toml.",
)
ENGINE = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="native",
    show_default=True,
    help="What calculates: the engine of this package, or the open library `formulas`.",
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Workbooks at a time; as many as there are processors."
)


def means(time_limit: float | None, engine: str, witness: str = "none") -> tuple[Settings, StoppableMeans]:
    """Return the settings that hold here, and with what they have workbooks recalculated."""
    settings = load_settings()
    return settings, means_of(settings, time_limit, engine, witness)


def means_of(settings: Settings, time_limit: float | None, engine: str, witness: str = "none") -> StoppableMeans:
    """Return with what some settings have workbooks recalculated."""
    from xlmodel.stopping import StoppableMeans

    return StoppableMeans(
        load_registry(settings),
        time_limit or settings.time_limit,
        settings.memory_limit,
        engine,
        None if witness == "none" else witness,
    )
