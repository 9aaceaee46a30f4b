"""Patterns of `?`, `*` and `~`."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.engine.native.wildcards import has_wildcards, unescaped, wildcard


@pytest.mark.parametrize(
    ("pattern", "text", "fits", "found"),
    [
        ("abc", "ABC", True, 0),
        ("b?", "abc", False, 1),
        ("a*c", "abbc", True, 0),
        ("*", "", True, 0),
        ("?*", "", False, -1),
        ("~*", "*", True, 0),
        ("~?x", "?x", True, 0),
        ("~~", "~", True, 0),
        ("a~b", "a~b", True, 0),
        ("*b*b", "abab", True, 0),
        ("*b", "abc", False, 0),
        ("", "", True, 0),
        ("", "a", False, 0),
    ],
)
def test_a_pattern_fits_a_text_or_is_found_in_it(pattern, text, fits, found):
    assert wildcard(pattern).fits(text) is fits
    assert wildcard(pattern).find(text) == found


def _slowly(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _slowly(pattern[1:], text) or (bool(text) and _slowly(pattern, text[1:]))
    if pattern[0] == "~" and pattern[1:2] in ("*", "?", "~"):
        pattern = pattern[1:]
        return text[:1] == pattern[0] and _slowly(pattern[1:], text[1:])
    return bool(text) and pattern[0] in ("?", text[0]) and _slowly(pattern[1:], text[1:])


@settings(max_examples=300)
@given(st.text("ab*?~", max_size=6), st.text("ab*~", max_size=7))
def test_it_is_what_trying_everything_finds(pattern, text):
    assert wildcard(pattern).fits(text) == _slowly(pattern, text)
    found = [
        at for at in range(len(text) + 1) if any(_slowly(pattern, text[at:end]) for end in range(at, len(text) + 1))
    ]
    assert wildcard(pattern).find(text) == (found[0] if found else -1)


def test_a_hostile_pattern_costs_no_more_than_its_text():
    text = "a" * 32_767
    started = time.perf_counter()
    assert not wildcard("*a?" * 85 + "b").fits(text)
    assert wildcard("a?" * 16_000 + "b").find(text) == -1
    assert time.perf_counter() - started < 5


def test_what_a_pattern_stands_for():
    assert unescaped("what~?") == "what?"
    assert unescaped("what?") is None
    assert unescaped("a*") is None
    assert has_wildcards("~")
    assert not has_wildcards("a.b")
