"""A small demand project for tests: the example rows of the input tables, which run as they stand."""

import io

import pandas as pd

from xlmodel.inputs.tables import TABLES


def example_files():
    """Return the files of the project as text, by name."""
    return {
        table.file: "\n".join([",".join(c.name for c in table.columns), *table.examples]) + "\n"
        for name, table in TABLES.items()
        if name != "forecast"
    }


def example_frames():
    return {
        name.removesuffix(".csv"): pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        for name, text in example_files().items()
    }


def write_project(folder, **changed):
    """Write the project into a folder; a file can be given other text, or None to leave it out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (example_files() | {f"{k}.csv": v for k, v in changed.items()}).items():
        if text is not None:
            (folder / name).write_text(text, "utf-8")
    return folder


#: A project of totals alone: one year, one placement, no ages.
SMALL = {
    "settings": "key,value\ntitle,Small council\nfirst_year,2024/25\nyears,1\nbaseline,now\nplan_scenario,plan\n",
    "scenarios": "scenario,label\nnow,As now\nplan,The plan\n",
    "opening": "children\n40\n",
    "starts": "scenario,year,starts\nnow,2024/25,20\nplan,2024/25,15\n",
    "prices": "from,price_week,source\n2024-04-01,1000,Ledger\n",
    "population": "mid_year,vintage,population,source\n2024,2024,20000,Estimate\n",
    "assumptions": "name,value,low,high,unit,source,owner,date\n"
    "exit_hazard,0.5,0.4,0.6,a year,Returns,Team,2024-03-01\n",
    "savings": "line,year,amount,dp,basis,confidence,risk,children,source\n"
    "=Fewer starts,2024/25,2000000,-5,level,high,low,5,Paper\n",
}


def write_small(folder, **changed):
    """Write the project of totals into a folder, with other text for some of its files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (SMALL | changed).items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder
