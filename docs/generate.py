"""Write the generated parts of the README, or with --check say which are stale."""

import sys
from pathlib import Path

import click

from xlmodel.cli import main as command
from xlmodel.registry import Registry
from xlmodel.report.functions import function_table

ROOT = Path(__file__).resolve().parents[1]


def commands() -> str:
    """Return a table row for each command, from its own help."""
    rows = ["| Command | What it does |", "|---|---|"]
    for name, sub in sorted(command.commands.items()):
        assert isinstance(sub, click.Command)
        arguments = " ".join(p.make_metavar(click.Context(sub)) for p in sub.params if isinstance(p, click.Argument))
        summary = " ".join((sub.help or "").split("\n\n")[0].split())
        rows.append(f"| `xlmodel {name} {arguments}`".rstrip() + f" | {summary} |")
    return "\n".join(rows)


def generated(readme: str) -> str:
    """Return the README with its generated parts written anew."""
    registry = Registry.collect({"CSC": "udfs"})
    for mark, text in (("commands", commands()), ("functions", function_table(registry))):
        before, start, rest = readme.partition(f"<!-- {mark} -->\n")
        _, end, after = rest.partition(f"<!-- /{mark} -->")
        readme = f"{before}{start}{text}\n{end}{after}"
    return readme


def run() -> int:
    """Write, or check, the README."""
    path = ROOT / "README.md"
    before = path.read_text("utf-8")
    after = generated(before)
    if "--check" in sys.argv:
        if before != after:
            print("README.md is stale: run `make docs`")
        return int(before != after)
    path.write_text(after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(run())
