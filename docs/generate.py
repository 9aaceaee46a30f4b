"""Write the generated parts of the README, or with --check say which are stale."""

import re
import sys
from pathlib import Path

import click

from xlmodel.cli import main as command
from xlmodel.registry import Registry
from xlmodel.report.functions import function_table

ROOT = Path(__file__).resolve().parents[1]


def commands() -> str:
    """Return a table row for each command, from its own help."""
    rows = []
    for name, sub in sorted(command.commands.items()):
        assert isinstance(sub, click.Command)
        arguments = " ".join(p.make_metavar(click.Context(sub)) for p in sub.params if isinstance(p, click.Argument))
        summary = " ".join((sub.help or "").split("\n\n")[0].split())
        rows.append(f"| `xlmodel {name} {arguments}`".rstrip() + f" | {summary} |")
    return "\n".join(rows)


def generated(readme: str) -> str:
    """Return the README with its generated parts written anew."""
    registry = Registry.collect({"CSC": "udfs"})
    for mark, text, gap in (("commands", commands(), "\n"), ("functions", function_table(registry), "\n")):
        pattern = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.S)
        readme = pattern.sub(lambda m, t=text, g=gap: m[1] + t + g + m[2], readme)
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
