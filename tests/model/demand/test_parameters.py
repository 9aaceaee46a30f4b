"""Values by date, and the present value that two of them give."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model.demand.given import deck

from xlmodel.errors import DomainError, KindError, NoDataError
from xlmodel.model.demand.discounting import discount_factors, discounted
from xlmodel.model.demand.parameters import Dated, DatedValue
from xlmodel.model.demand.run import run
from xlmodel.model.prices import present_value

NAN = float("nan")
NET = np.array([1e6, 4.2e6, 6e6])


def day(text):
    return np.datetime64(text)


def dated(*rows, name="rate"):
    return Dated(name, tuple(DatedValue(day(s), v, "", day(e) if e else None) for s, e, v in rows))


def yearly(name, *values, first=2024):
    return dated(*((f"{first + k}-04-01", f"{first + k + 1}-03-31", v) for k, v in enumerate(values)), name=name)


def priced(rates=(0.035, 0.035, 0.035), index=(100.0, 102.0, 104.0)):
    parameters = {"discount_rate": yearly("discount_rate", *rates), "gdp_deflator": yearly("gdp_deflator", *index)}
    return replace(deck(), parameters=parameters)


# --- by date ---------------------------------------------------------------------------------------------------------

GAPPED = dated(("2024-04-01", None, 1.0), ("2025-04-01", "2026-03-31", 2.0), ("2027-04-01", None, 3.0))


@pytest.mark.parametrize(
    ("on", "value"),
    [
        ("2024-04-01", 1.0),
        ("2025-03-31", 1.0),
        ("2025-04-01", 2.0),
        ("2026-03-31", 2.0),
        ("2027-04-01", 3.0),
        ("2199-01-01", 3.0),
    ],
)
def test_a_value_holds_until_the_next_or_its_own_end(on, value):
    assert GAPPED.at(day(on)) == value


@pytest.mark.parametrize("on", ["2024-03-31", "2026-04-01", "2027-03-31"])
def test_a_day_without_a_value_is_an_error_that_says_what_is_known(on):
    with pytest.raises(NoDataError) as refused:
        GAPPED.at(day(on))
    known = "known from 2024-04-01 to 2026-03-31, from 2027-04-01 on"
    assert str(refused.value) == f"rate must have a value on {on}; {known}"


@pytest.mark.parametrize("rows", [(), (("2024-04-01", None, NAN),)], ids=["no rows", "a value that is not known"])
def test_what_is_not_known_is_no_value(rows):
    with pytest.raises(NoDataError, match="rate must have a value on 2024-04-01; none is known"):
        dated(*rows).at(day("2024-04-01"))


def test_an_unknown_value_does_not_lengthen_the_one_before():
    assert dated(("2024-04-01", None, 1.0), ("2025-04-01", None, NAN)).known == "known from 2024-04-01 to 2025-03-31"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((("2024-04-01", None, 1.0), ("2024-04-01", None, 2.0)), "one value a day; two hold on 2024-04-01"),
        ((("2024-04-01", "2025-04-01", 1.0), ("2025-04-01", None, 2.0)), "one value a day; two hold on 2025-04-01"),
        ((("2024-04-01", "2024-03-31", 1.0),), "end must not be before 2024-04-01; got 2024-03-31"),
    ],
)
def test_two_values_a_day_are_refused(rows, message):
    with pytest.raises(KindError, match=message):
        dated(*rows)


SPANS = st.lists(st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 6))), max_size=6)


@given(SPANS, st.randoms())
def test_every_day_has_the_value_of_its_row_or_none(spans, random):
    """Held against a calendar that is filled day by day."""
    begins = sorted(dict(spans).items())
    rows, calendar = [], {}
    for k, (start, length) in enumerate(begins):
        after = begins[k + 1][0] if k + 1 < len(begins) else 60
        last = after - 1 if length is None else min(start + length, after - 1)
        rows.append(
            DatedValue(day("2024-04-01") + start, float(k), "", None if length is None else day("2024-04-01") + last)
        )
        calendar |= dict.fromkeys(range(start, last + 1), float(k))
    random.shuffle(rows)
    found = Dated("rate", tuple(rows))
    held = {k: found.held(day("2024-04-01") + k) for k in range(60)}
    assert {k: v.value for k, v in held.items() if v is not None} == calendar


# --- present value ---------------------------------------------------------------------------------------------------


def test_a_present_value_by_hand():
    found = discounted(priced(rates=(0.035, 0.03, 0.025)), NET)
    real = [1e6, 4.2e6 * 100 / 102, 6e6 * 100 / 104]
    factors = [1.035**-0.5, 1 / 1.035 / 1.03**0.5, 1 / 1.035 / 1.03 / 1.025**0.5]
    assert found.real == pytest.approx(real, rel=1e-14)
    assert found.by_year == pytest.approx([r * f for r, f in zip(real, factors, strict=True)], rel=1e-14)
    assert found.total == pytest.approx(sum(found.by_year), rel=1e-14)


def test_prices_that_stand_still_and_a_rate_of_0_leave_the_net_as_it_is():
    found = discounted(priced(rates=(0.0,) * 3, index=(93.7,) * 3), NET)
    assert found.real.tolist() == found.by_year.tolist() == NET.tolist()
    assert found.total == 11.2e6


@given(
    st.lists(st.floats(-1e8, 1e8), min_size=3, max_size=3),
    st.floats(-0.5, 1),
    st.lists(st.floats(1, 1e3), min_size=3, max_size=3),
)
def test_one_rate_gives_what_the_function_of_cells_gives(net, rate, index):
    found = discounted(priced(rates=[rate] * 3, index=index), np.array(net))
    expected = float(present_value(found.real, rate, "mid"))
    assert found.total == pytest.approx(expected, rel=1e-12, abs=1e-6)


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=50))
def test_a_later_pound_is_never_worth_more(rates):
    factors = discount_factors(np.array(rates))
    assert (np.diff(factors) <= 1e-15).all()
    assert factors[0] == pytest.approx((1 + rates[0]) ** -0.5, rel=1e-14)


def test_the_unit_of_the_index_does_not_matter():
    one, other = (discounted(priced(index=index), NET).total for index in ((100, 102, 104), (1.0, 1.02, 1.04)))
    assert one == pytest.approx(other, rel=1e-14)


def test_a_year_that_is_not_known_makes_the_present_value_unknown():
    found = discounted(priced(), np.array([1e6, NAN, 6e6]))
    assert np.isnan(found.by_year).tolist() == [False, True, False]
    assert np.isnan(found.total)


@pytest.mark.parametrize("name", ["discount_rate", "gdp_deflator"])
def test_without_both_there_is_none(name):
    full = priced()
    found = discounted(replace(full, parameters={name: full.parameters[name]}), NET)
    assert np.isnan([found.total, *found.real, *found.by_year]).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rates": (0.035, 0.035)}, "discount_rate must have a value on 2026-04-01"),
        ({"index": (100.0,)}, "gdp_deflator must have a value on 2025-04-01; known from 2024-04-01 to 2025-03-31"),
        ({"index": (100.0, NAN, 104.0)}, "gdp_deflator must have a value on 2025-04-01; known"),
    ],
)
def test_a_run_does_not_guess_a_year(given, message):
    with pytest.raises(NoDataError) as refused:
        run(priced(**given))
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("given", [{"rates": (-1.0,) * 3}, {"index": (100.0, 0.0, 100.0)}])
def test_a_value_outside_its_domain_is_refused(given):
    with pytest.raises(DomainError):
        run(priced(**given))


def test_what_a_run_avoids_is_the_same_with_a_present_value_beside_it():
    without, beside = (run(demand).results["plan"].avoided for demand in (deck(), priced()))
    own = {"real_net", "discounted_net", "present_value"}
    for name in {f.name for f in fields(without)} - own:
        assert getattr(without, name).tolist() == getattr(beside, name).tolist()
    assert np.isnan(without.present_value)
    real = beside.net * 100 / np.array([100, 102, 104])
    assert beside.real_net == pytest.approx(real, rel=1e-14)
    assert beside.present_value == pytest.approx(float(present_value(real, 0.035, "mid")), rel=1e-14)


def test_years_take_the_value_of_their_1_april():
    found = replace(
        deck(), parameters={"steady_state_change": dated(("2020-01-01", None, 0.1), ("2026-04-01", None, 0.2))}
    )
    assert found.yearly("steady_state_change", 0.05).tolist() == [0.1, 0.1, 0.2]
    assert deck().yearly("steady_state_change", 0.05).tolist() == [0.05] * 3
