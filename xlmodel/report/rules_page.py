"""The page of the rules: what each finds, why it matters, what to do, an example, and how often it is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlmodel.lint.rule import Content, Rule
from xlmodel.values import display

__all__ = ["rules_page"]

_INTRODUCTION = """\
# Rules

What `xlmodel lint` and `xlmodel verify` look for in a workbook. [lint.md](lint.md) says how rules are chosen and
suppressed, and how they are introduced to a workbook that already has findings. Rules of the default set run unless
they are ignored: each was measured, and says on what. The others are good practice of financial modelling on which
people differ; they run where they are selected. An *error* or a *warning* fails a run, a *note* does not.
"""


def rules_page(rules: Sequence[Rule]) -> str:
    """Return the page of some rules, in Markdown."""
    default = [r for r in rules if r.default]
    others = [r for r in rules if not r.default]
    parts = [_INTRODUCTION]
    for heading, some in (("The default set", default), ("Where they are selected", others)):
        parts += [f"## {heading}\n", *_table(some)]
    for rule in (*default, *others):
        parts += _entry(rule)
    return "\n".join(parts)


def _table(rules: Sequence[Rule]) -> Iterator[str]:
    yield "| Rule | Severity | Finds |"
    yield "|---|---|---|"
    for rule in rules:
        yield f"| [{rule.id}](#{rule.id}) | {rule.severity.value} | {_cell(rule.summary)} |"
    yield ""


def _entry(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}\n"
    yield f"{rule.summary}\n"
    yield f"**Why.** {rule.why}\n"
    yield f"**What to do.** {rule.fix}\n"
    yield f"**Measured.** {rule.measured}\n"
    changed = [key for key in dict.fromkeys((*rule.bad, *rule.good)) if rule.bad.get(key) != rule.good.get(key)]
    yield f"**Found**, and not found once {_listed(changed)} {'is' if len(changed) == 1 else 'are'} put right:\n"
    yield "| Cell | Found | Not found |"
    yield "|---|---|---|"
    for key in dict.fromkeys((*rule.bad, *rule.good)):
        yield f"| {_cell(key)} | {_content(key, rule.bad)} | {_content(key, rule.good)} |"
    yield ""


def _listed(keys: Sequence[str]) -> str:
    return f"`{keys[0]}`" if len(keys) == 1 else f"{len(keys)} cells"


def _content(key: str, example: Mapping[str, Content]) -> str:
    if key not in example:
        return ""
    content = example[key]
    if content is None:
        return "yes"
    if isinstance(content, str):
        return f"`{_cell(content)}`" if content.startswith("=") else _cell(content)
    return display(float(content)) if not isinstance(content, bool) else display(content)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
