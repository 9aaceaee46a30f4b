"""Which rules run, and how much their findings weigh."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from xlmodel.errors import ConfigurationError
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.rule import Rule, all_rules

__all__ = ["ALL", "Selection", "known_rule"]

#: Stands for every rule.
ALL = "all"


def known_rule(text: str) -> str:
    """Return the name of a rule, or `ALL`, as it is written.

    Raises
    ------
    ConfigurationError
        There is no such rule; with those of nearly the name.

    Examples
    --------
    >>> known_rule("long-forumla")
    Traceback (most recent call last):
    ...
    xlmodel.errors.ConfigurationError: there is no rule 'long-forumla'; did you mean long-formula?
    """
    name = text.strip().casefold().replace("_", "-")
    if name == ALL or name in all_rules():
        return name
    near = difflib.get_close_matches(name, all_rules(), n=3, cutoff=0.75)
    hint = f"did you mean {' or '.join(near)}?" if near else "`xlmodel lint --rules` lists them all"
    raise ConfigurationError(f"there is no rule {text!r}; {hint}")


@dataclass(frozen=True)
class Selection:
    """Which rules run.

    Attributes
    ----------
    select : tuple of str
        These alone; the default set where there are none.
    extend : tuple of str
        These too.
    ignore : tuple of str
        These not.
    severity : mapping of str to Severity
        What a rule's findings weigh, where that is not what the rule says.

    Examples
    --------
    >>> sorted(Selection(select=("long-formula", "nested-ifs"), ignore=("nested-ifs",)).rules())
    ['long-formula']
    """

    select: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)

    def rules(self) -> dict[str, Rule]:
        """Return the rules that run, by their names."""
        chosen = _named(self.select) or {name for name, rule in all_rules().items() if rule.default}
        wanted = (chosen | _named(self.extend)) - _named(self.ignore)
        return {name: rule for name, rule in all_rules().items() if name in wanted}

    def weighed(self, finding: Finding) -> Finding:
        """Return a finding with the severity that is set for its rule."""
        severity = self.severity.get(finding.rule, finding.severity)
        return finding if severity is finding.severity else replace(finding, severity=severity)


def _named(names: Iterable[str]) -> set[str]:
    known = {known_rule(name) for name in names}
    return set(all_rules()) if ALL in known else known
