"""Write the pages of functions and rules and the generated parts of the README, or with --check say what is stale."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from xlmodel.cli import main as command
from xlmodel.lint.rule import all_rules
from xlmodel.registry import Registry
from xlmodel.report.catalogue import catalogue_page, family_table
from xlmodel.report.rules_page import rules_page

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = "flows paths care rates neighbours unit_cost stays avoidance savings plan in_year checks".split()


def commands() -> str:
    """Return a table row for each command, from its own help."""
    rows = ["| Command | What it does |", "|---|---|"]
    for name, sub in single(command):
        arguments = " ".join(p.make_metavar(click.Context(sub)) for p in sub.params if isinstance(p, click.Argument))
        summary = " ".join((sub.help or "").split("\n\n")[0].split())
        rows.append(f"| `xlmodel {name} {arguments}` | {summary} |")
    return "\n".join(rows)


def single(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is no group of others, with its whole name."""
    for name, sub in sorted(group.commands.items()):
        if isinstance(sub, click.Group):
            yield from single(sub, f"{before}{name} ")
        else:
            yield before + name, sub


def generated() -> dict[Path, str]:
    """Return each file that is generated, or has generated parts, as it should be."""
    registry = Registry.collect({"CSC": "udfs"})
    readme = (ROOT / "README.md").read_text("utf-8")
    table = family_table(registry, FAMILIES, "docs/functions.md")
    for mark, text in (("commands", commands()), ("functions", table)):
        before, start, rest = readme.partition(f"<!-- {mark} -->\n")
        _, end, after = rest.partition(f"<!-- /{mark} -->")
        readme = f"{before}{start}{text}\n{end}{after}"
    return {
        ROOT / "README.md": readme,
        ROOT / "docs" / "functions.md": catalogue_page(registry, FAMILIES),
        ROOT / "docs" / "rules.md": rules_page(list(all_rules().values())),
    }


def run() -> int:
    """Write, or check, the files."""
    stale = {p: t for p, t in generated().items() if not p.exists() or p.read_text("utf-8") != t}
    for path, text in stale.items():
        if "--check" in sys.argv:
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`")
        else:
            path.write_text(text, "utf-8")
    return int("--check" in sys.argv and bool(stale))


if __name__ == "__main__":
    sys.exit(run())
