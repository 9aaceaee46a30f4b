"""A year at a constant rate of leaving: what time in care, ceases and the rate say of one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from xlmodel.errors import DomainError, ShapeError
from xlmodel.model.cohorts import cohort_child_years
from xlmodel.model.paths import care_years, exit_hazard

children = st.floats(0, 5_000).map(lambda x: round(x, 3))
rates = st.floats(1e-9, 20)


@pytest.mark.parametrize("hazard", [0, 1e-9, 1e-4, 0.01, 0.37, 2, 40])
def test_time_in_care_is_the_integral_of_who_is_there(hazard):
    def there(t):
        entered = t if hazard == 0 else -np.expm1(-hazard * t) / hazard
        return 487 * np.exp(-hazard * t) + 180 * entered

    assert float(care_years(487, 180, hazard)) == pytest.approx(quad(there, 0, 1, epsabs=0, epsrel=1e-13)[0], rel=1e-12)


def test_those_who_start_are_a_cohort_in_its_first_year():
    hazards = np.geomspace(1e-9, 50, 40)
    assert care_years(0, 40, hazards) == pytest.approx(cohort_child_years(40, hazards[:, None, None], 0), rel=1e-14)


@given(children, children, rates)
def test_nobody_is_lost(opening, starts, hazard):
    years = float(care_years(opening, starts, hazard))
    assert 0 <= years <= opening + starts / 2 + 1e-9
    assert 0 <= hazard * years <= (opening + starts) * (1 + 1e-12)


@given(children, children, st.floats(0, 0.999))
def test_the_rate_gives_the_ceases_back(opening, starts, share):
    ceases = share * (opening + starts)
    hazard = float(exit_hazard(opening, starts, ceases))
    assert hazard * float(care_years(opening, starts, hazard)) == pytest.approx(ceases, rel=1e-12, abs=1e-12)


@given(st.lists(st.tuples(children, children, st.floats(0.01, 5)), min_size=1, max_size=5), st.floats(0, 0.99))
def test_the_factor_gives_the_ceases_of_all_placements_back(rows, share):
    opening, starts, relative = (np.array(x) for x in zip(*rows, strict=True))
    ceases = share * (opening + starts).sum()
    rate = float(exit_hazard(opening, starts, ceases, relative)) * relative
    assert (rate * care_years(opening, starts, rate)).sum() == pytest.approx(ceases, rel=1e-11, abs=1e-11)


def test_rows_are_solved_together_as_they_are_alone():
    opening, starts, ceases = [[487.0], [412.0], [0.0]], [[140.0], [102.0], [0.0]], [215.0, 175.0, 0.0]
    together = exit_hazard(opening, starts, ceases)
    alone = [float(exit_hazard(o, s, c)) for o, s, c in zip(opening, starts, ceases, strict=True)]
    assert together == pytest.approx(alone, rel=1e-14)


def test_what_is_missing_stays_missing():
    assert np.isnan(exit_hazard([[487], [np.nan]], [[140], [140]], [215, 215])).tolist() == [False, True]
    assert np.isnan(care_years(487, np.nan, 0.3))


@pytest.mark.parametrize("ceases", [627, 700, 1e9])
def test_more_ceases_than_children_are_refused(ceases):
    with pytest.raises(DomainError, match="ceases must be below the opening and the starts that can leave"):
        exit_hazard(487, 140, ceases)


def test_placements_of_different_number_are_refused():
    with pytest.raises(ShapeError):
        exit_hazard([1, 2], [1, 2, 3], 1)
