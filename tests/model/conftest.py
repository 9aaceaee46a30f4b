"""Settings and comparisons that the tests of the model share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("model", deadline=None, max_examples=150)
settings.load_profile("model")


def as_printed(text: str) -> Any:
    """Return what a computed number must equal to be printed as `text`."""
    digits = text.replace(",", "")
    _, _, decimals = digits.partition(".")
    return pytest.approx(float(digits), rel=0, abs=0.5 * 10.0 ** -len(decimals))


def expected_number(expected: Any) -> Any:
    return as_printed(expected) if isinstance(expected, str) else expected


def check(result: Any, expected: Any) -> None:
    """Compare a result with an expectation: numbers exactly, printed texts to their last place, None as missing."""
    if isinstance(result, tuple):
        assert len(result) == len(expected)
        for one, other in zip(result, expected, strict=True):
            check(one, other)
        return
    found = np.asarray(result).tolist()
    if not isinstance(found, list):
        found, expected = [found], [expected]
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        if other is None:
            assert np.isnan(one)
        elif isinstance(one, str):
            assert one == other
        else:
            assert one == expected_number(other)


@pytest.fixture
def compare() -> Callable[[Any, Any], None]:
    return check


@pytest.fixture
def refused() -> Callable[..., None]:
    """A call must be refused with just this error, about just this argument."""

    def check_refusal(function: Any, arguments: Any, error: type[Exception], argument: str) -> None:
        with pytest.raises(error) as caught:
            function(*arguments)
        assert type(caught.value) is error
        assert caught.value.argument == argument
        assert argument in caught.value.requirement

    return check_refusal
