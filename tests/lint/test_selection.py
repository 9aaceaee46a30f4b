"""Which rules run, and what a wrong setting is told."""

import re
from pathlib import Path

import pytest

from xlmodel.config import load_settings
from xlmodel.errors import ConfigurationError
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.rule import all_rules
from xlmodel.lint.selection import Selection
from xlmodel.lint.settings import parse_lint
from xlmodel.refs import Rect

DEFAULT = {name for name, rule in all_rules().items() if rule.default}
A, B = "long-formula", "error-value"


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(), DEFAULT),
        (Selection(select=(A,)), {A}),
        (Selection(extend=(A,)), DEFAULT | {A}),
        (Selection(ignore=(B,)), DEFAULT - {B}),
        (Selection(select=(A, B), ignore=(B,)), {A}),
        (Selection(select=("all",)), set(all_rules())),
        (Selection(ignore=("all",)), set()),
        (Selection(select=("Long_Formula",)), {A}),
    ],
)
def test_the_rules_that_run(selection, chosen):
    assert set(selection.rules()) == chosen


def test_a_severity_that_is_set_holds():
    finding = Finding(A, Severity.NOTE, "S", (Rect(1, 1, 1, 1),), "is long")
    assert Selection(severity={A: Severity.ERROR}).weighed(finding).severity is Severity.ERROR
    assert Selection().weighed(finding) is finding


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[lint]\nselct = []", "[lint] unknown key 'selct'; there are select, extend"),
        ("[lint]\nselect = 'all'", "[lint] select must be a list of rules; it is 'all'"),
        ("[lint]\nignore = ['eror-value']", "there is no rule 'eror-value'; did you mean error-value?"),
        ("[lint.severity]\nerror-value = 'fatal'", "severity must map rules to error, warning, note"),
        ("[lint.severity]\nno-such = 'note'", "there is no rule 'no-such'"),
        ("[lint]\nbaseline = 3", "baseline must be a file's name; it is 3"),
        ("[lint]\nworkbook_suppressions = 'no'", "workbook_suppressions must be true or false"),
        ("lint = 5", "[lint] must be a table; it is 5"),
        ("[lint]\nsuppress = 5", "suppress must be a list of tables"),
        ("[[lint.suppress]]\nrule = 'error-value'", "suppression 1: reason must be given"),
        ("[[lint.suppress]]\nrule = 'error-value'\nreason = ' '", "suppression 1: reason must be given"),
        ("[[lint.suppress]]\nreason = 'x'", "suppression 1: rule must be given"),
        (
            "[[lint.suppress]]\nrule = 'error-value'\nreason = 'x'\ncells = 'C5'",
            "cells must be written with their sheet",
        ),
        ("[[lint.suppress]]\nrule = 'error-value'\nreason = 'x'\nsheet = 'A'", "unknown key 'sheet'"),
        ("[[lint.suppress]]\nrule = 'x'\nreason = 'x'", "suppression 1: there is no rule 'x'"),
        ("[verify]\njobs = 0", "[verify] jobs must be a whole number >= 1; it is 0"),
        ("[verify]\ncache = 1", "[verify] cache must be a folder"),
        ("[verify]\nwitness = 'no'", "[verify] witness must be true or false"),
        ("[verify]\nspeed = 1", "[verify] unknown key 'speed'"),
    ],
)
def test_a_wrong_setting_names_its_file_and_key(tmp_path, text, complaint):
    (tmp_path / "xlmodel.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=re.escape(complaint)) as raised:
        load_settings(tmp_path).lint  # noqa: B018 - what is set for rules is read when it is asked for
    assert str(tmp_path / "xlmodel.toml") in str(raised.value)


def test_what_is_set_is_what_holds(tmp_path):
    table = {
        "select": ["error-value"],
        "severity": {"error-value": "note"},
        "baseline": "known.json",
        "suppress": [{"rule": "all", "reason": "old", "book": "a*.xlsx", "cells": ["Prices!C4:C9", "Old"]}],
    }
    found = parse_lint(table, tmp_path / "xlmodel.toml")
    assert set(found.selection.rules()) == {"error-value"}
    assert found.baseline == tmp_path / "known.json"
    one, two = found.suppressions
    assert (one.sheet, one.rect, two.sheet, two.rect) == ("Prices", Rect(4, 3, 9, 3), "Old", None)
    assert one.where == "xlmodel.toml, suppression 1"
    assert one.holds_for(Path("/x/a1.xlsx"))
    assert not one.holds_for(Path("/x/b.xlsx"))


def test_without_a_file_the_default_set_holds(tmp_path):
    assert set(load_settings(tmp_path).lint.selection.rules()) == DEFAULT
