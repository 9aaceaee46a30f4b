"""A new project on disk from tables made of returns: all or nothing, and never over what is there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from xlmodel.errors import ConfigurationError
from xlmodel.inputs.ssda903.project_tables import ProjectTables
from xlmodel.model.years import start_years

__all__ = ["COUNTED", "write_new_project"]

#: The folder of what the returns count, beside the tables that a run reads.
COUNTED = "counted"


def write_new_project(folder: Path, made: ProjectTables) -> list[Path]:
    """Write the tables of a project, with blank prices and populations for the years and placements that need them.

    Parameters
    ----------
    folder : Path
        It must not exist, or be empty.
    made : ProjectTables
        Tables from returns.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ConfigurationError
        There are files in `folder`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder} has files in it; name a new folder for the project")
    folder.parent.mkdir(parents=True, exist_ok=True)
    tables = dict(made.inputs) | _to_fill_in(made)
    names = [f"{name}.csv" for name in tables] + [f"{COUNTED}/{name}.csv" for name in made.history]
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".xlmodel-") as held:
        whole = Path(held) / "project"
        (whole / COUNTED).mkdir(parents=True)
        for name, table in zip(names, [*tables.values(), *made.history.values()], strict=True):
            table.to_csv(whole / name, index=False)
        if folder.exists():
            folder.rmdir()
        whole.rename(folder)
    return [folder / name for name in names]


def _to_fill_in(made: ProjectTables) -> dict[str, pd.DataFrame]:
    """Return prices and populations with what is known filled in, and the rest blank."""
    settings = made.inputs["settings"].set_index("key")["value"]
    first, years = int(start_years(settings["first_year"])), int(settings["years"])
    placements = made.inputs["placements"]["code"]
    return {
        "prices": pd.DataFrame({"placement": placements, "from": f"{first}-04-01", "price_week": "", "source": ""}),
        "population": pd.DataFrame(
            {"mid_year": range(first, first + years), "vintage": "", "population": "", "source": ""}
        ),
    }
