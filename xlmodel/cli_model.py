"""The commands of the demand model: parse, one call, print. What they need is imported when they run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlmodel.console import Unusable, progress, writable_folder
from xlmodel.errors import InputError
from xlmodel.report.escape import safe
from xlmodel.report.figures import count

if TYPE_CHECKING:
    from xlmodel.inputs.project import Project
    from xlmodel.model.demand.study import Study

__all__ = ["model"]

FOLDER = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="FOLDER")
_NEEDED = ("matplotlib", "pandas", "pandera", "pyarrow")
_MOST_RUNS = 1_000_000


@click.group()
def model() -> None:
    """Forecast children, cost and avoided cost from a folder of input tables."""


@model.command()
@FOLDER
@click.option("--scenario", metavar="NAME", help="The scenario that matters: by default the plan's.")
@click.option(
    "--runs",
    type=click.IntRange(0, _MOST_RUNS),
    metavar="N",
    default=10_000,
    show_default=True,
    help="Simulated runs of each scenario; 0: none.",
)
@click.option(
    "--seed", type=click.IntRange(0), metavar="N", default=1, show_default=True, help="Of their random numbers."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where tables and charts go.  [default: build/model/ and the project's name]",
)
def run(folder: Path, scenario: str | None, runs: int, seed: int, out: Path | None) -> None:
    """Run a demand model: print one page, and write tables (CSV, Parquet) and charts (PNG, SVG).

    FOLDER holds the input tables, or a folder `model` with them; docs/inputs.md describes them. Exit code 1: an
    identity that must hold does not, and the figures must not be used.
    """
    with _extra():
        import pyarrow  # noqa: F401  pandas asks for it at the end only

        from xlmodel.report.model_page import model_page
        from xlmodel.report.model_results import write_results
    target = out or Path("build") / "model" / _name(folder)
    project = _project(folder)
    if scenario:
        project.demand.scenario(scenario)
    writable_folder(target)
    found = _study(project, scenario, runs, seed)
    page = model_page(found)
    written = write_results(found, page, _inputs(folder), target, runs=runs, seed=seed)
    click.echo(page)
    click.echo(f"\n{written} files in {safe(target)}: page.txt, tables, charts and manifest.json")
    sys.exit(0 if all(c.holds for c in found.run.checks) else 1)


@model.command()
@FOLDER
def check(folder: Path) -> None:
    """Check the input tables of a demand model, and name every fault by file, row and column.

    What only a run can find, such as ceases that no length of stay can give, is found too.
    """
    project = _project(folder)
    demand = project.demand
    from xlmodel.model.demand.run import run

    run(demand, paths=project.paths)
    labels = demand.months.labels
    click.echo(
        f"{safe(folder)}: no faults. {safe(demand.title)}, {labels[0]} to {labels[-1]}; scenarios: "
        f"{safe(', '.join(demand.scenarios))}; placements: {len(demand.placements)}; age bands: {demand.ages.count}"
    )


@model.command("from-returns")
@click.argument("returns", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="RETURNS")
@click.argument("project", type=click.Path(path_type=Path, file_okay=False), metavar="PROJECT")
@click.option("--years", type=click.IntRange(1, 50), metavar="N", default=5, show_default=True, help="To forecast.")
@click.option(
    "--recent",
    type=click.IntRange(1),
    metavar="N",
    default=3,
    show_default=True,
    help="Last years of the returns that say what starts, moves and reasons go on as.",
)
@click.option("--leave-out-faulty", is_flag=True, help="Leave out children with a fault instead of stopping.")
def from_returns(returns: Path, project: Path, years: int, recent: int, leave_out_faulty: bool) -> None:
    """Make the input tables of a demand model from SSDA903 returns.

    RETURNS holds a Header and an Episodes file for each year; docs/ssda903.md describes them. The tables go to the new
    folder PROJECT, which then needs prices and populations only. Nothing of a single child is in them.
    """
    with _extra():
        from xlmodel.inputs.new_project import write_new_project
        from xlmodel.inputs.ssda903 import care_history, project_tables, read_returns
        from xlmodel.report.input_problems import problems_text
    try:
        history = care_history(read_returns(returns), strict=not leave_out_faulty)
    except InputError as error:
        raise Unusable(problems_text(error.problems)) from error
    made = project_tables(history, years=years, recent=recent)
    files = write_new_project(project, made)
    if history.children_left_out:
        left = count(history.children_left_out, "child", "children")
        click.echo(f"! Left out, with all their years: {left}. Every count is too low by them.")
    for note in made.notes:
        click.echo(f"- {safe(note)}")
    click.echo(
        f"\n{len(files)} files in {safe(project)}. Fill in prices.csv and population.csv, then: "
        f"xlmodel model run {safe(project)}"
    )


@model.command("example-returns")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@click.option("--first", type=click.IntRange(1990, 2090), metavar="YEAR", default=2014, show_default=True)
@click.option("--years", type=click.IntRange(1, 30), metavar="N", default=10, show_default=True)
@click.option("--seed", type=click.IntRange(0), metavar="N", default=903, show_default=True)
def example_returns(folder: Path, first: int, years: int, seed: int) -> None:
    """Write SSDA903 returns of an authority that does not exist; no child in them is real."""
    with _extra():
        from xlmodel.inputs.synthetic import synthetic_returns, write_returns
    if folder.exists() and any(folder.iterdir()):
        raise Unusable(f"{safe(folder)} has files in it; name a new folder")
    files = write_returns(folder, synthetic_returns(first, years, seed=seed))
    click.echo(f"{len(files)} files in {safe(folder)}. Next: xlmodel model from-returns {safe(folder)} PROJECT")


@contextmanager
def _extra() -> Iterator[None]:
    """Say what to install where the model's own packages are missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise Unusable(f"the demand model needs {error.name}: pip install 'xlmodel[model]'") from error


def _project(folder: Path) -> Project:
    with _extra():
        from xlmodel.inputs.project import read_project
        from xlmodel.report.input_problems import problems_text
    try:
        return read_project(folder)
    except InputError as error:
        raise Unusable(problems_text(error.problems)) from error


def _study(project: Project, scenario: str | None, runs: int, seed: int) -> Study:
    from xlmodel.model.demand.study import study

    with progress("Running", 1, True) as advance:
        return study(project.demand, scenario, paths=project.paths, runs=runs, seed=seed, progress=advance)


def _name(folder: Path) -> str:
    """Return the name of a project: that of its folder, or of the one around a folder called model."""
    whole = folder.resolve()
    return (whole.parent if whole.name == "model" else whole).name or "model"


def _inputs(folder: Path) -> list[Path]:
    inside = folder / "model"
    return sorted((inside if inside.is_dir() else folder).glob("*.csv"))
