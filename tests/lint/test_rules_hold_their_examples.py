"""Every rule against its own examples, and what it says of itself."""

import re

import pytest

from xlmodel.lint.examples import example_book
from xlmodel.lint.finding import Severity
from xlmodel.lint.rule import all_rules, findings
from xlmodel.lint.subject import Subject

RULES = list(all_rules().values())
JARGON = re.compile(r"\b(?:AST|nodes?|R1C1|tokens?|regex|None|boolean|scalar|int|float|dtype|array of|rects?)\b")

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def found(rule, example):
    return findings(Subject(example_book(example), rule.pins), {rule.id: rule})


@each_rule
def test_the_bad_example_has_one_finding_at_its_root(rule):
    (finding,) = found(rule, rule.bad)
    assert finding.rule == rule.id
    assert isinstance(finding.severity, Severity)
    for said in (finding.message, finding.fix):
        assert said.strip()
        assert not JARGON.search(said)
    assert not finding.message.endswith("."), "a message goes on in a sentence of a report"
    assert finding.fix.endswith(".")
    if finding.sheet:
        assert finding.cells or "sheet" in rule.summary
    assert not finding.formula.startswith("=")
    assert not finding.proposed.startswith("=")


@each_rule
def test_the_good_example_has_none(rule):
    assert found(rule, rule.good) == []


@each_rule
def test_the_good_example_is_like_the_bad_one(rule):
    assert rule.good
    same = {key for key in rule.bad if rule.good.get(key) == rule.bad[key]}
    assert rule.good != rule.bad
    assert len(same) * 3 >= len(rule.bad) or len(rule.bad) <= 3


@each_rule
def test_a_rule_explains_itself(rule):
    for text in (rule.summary, rule.why, rule.fix):
        assert text[0].isupper()
        assert text.endswith(".")
        assert not JARGON.search(text)
    assert rule.measured.strip()
    assert "to be measured" not in rule.measured


@pytest.mark.parametrize("rule", [r for r in RULES if r.default and not r.pins], ids=lambda rule: rule.id)
def test_a_default_rule_says_how_often_it_is_right(rule):
    assert re.search(r"\d", rule.measured), "a rule of the default set is measured"
