"""The results of a demand model as files: the page, the tables, the charts, and the manifest of them all."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from xlmodel import __version__
from xlmodel.model.demand.study import Study
from xlmodel.report.chart_style import save
from xlmodel.report.charts import model_charts
from xlmodel.report.model_tables import model_tables
from xlmodel.report.output_folder import file_hash, outputs, write_table

__all__ = ["write_results"]

_PACKAGES = ("matplotlib", "numpy", "pandas", "pyarrow", "scipy")


def write_results(study: Study, page: str, inputs: Sequence[Path], folder: Path, *, runs: int, seed: int) -> int:
    """Write everything a run gives into a folder, and return how many files there are.

    Parameters
    ----------
    study : Study
        What the model gave.
    page : str
        The page as it is printed.
    inputs : sequence of Path
        The files it was made from; the manifest holds their hashes.
    folder : Path
        Where to; what an earlier run made there is replaced.
    runs, seed : int
        Of the simulation.

    Raises
    ------
    FileExistsError
        A file there has the name of one of ours, and no earlier run made it.

    References
    ----------
    docs/demand-model.md, "What is written".
    """
    about = _about(study, inputs, runs, seed)
    with outputs(folder, about) as (aside, said):
        (aside / "page.txt").write_text(page + "\n", "utf-8")
        for name, table in model_tables(study).items():
            write_table(table, aside, name)
        for chart in model_charts(study):
            for file in save(chart, aside):
                said[file] = {"title": chart.title, "alt": chart.alt}
        made = sum(1 for _ in aside.iterdir())
    return made + 1  # the manifest


def _about(study: Study, inputs: Sequence[Path], runs: int, seed: int) -> dict[str, Any]:
    """Return what the results were made from; nothing in it depends on the day or the machine's paths."""
    checks = study.run.checks
    return {
        "schema": 1,
        "title": study.run.demand.title,
        "scenario": study.shown.scenario.name,
        "baseline": study.run.demand.baseline,
        "runs": runs,
        "seed": seed,
        "inputs": {path.name: file_hash(path) for path in inputs},
        "versions": {
            "xlmodel": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
        "checks": {"total": len(checks), "failed": sum(not c.holds for c in checks)},
        "left_out": list(study.left_out),
    }
