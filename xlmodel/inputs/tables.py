"""The input files of a demand project: every file and column, its kind, its bounds, and an example that can be run.

The reference in docs/inputs.md is written from these tables, and each table has a pandera schema.
"""

from __future__ import annotations

from xlmodel.inputs.cells import Kind
from xlmodel.inputs.columns import Column, Table
from xlmodel.model.demand.parameters import DISCOUNT_RATE, GDP_DEFLATOR, STEADY_STATE_CHANGE

__all__ = ["ASSUMPTIONS", "BASES", "FACTORS", "PARAMETERS", "SETTINGS", "TABLES"]

#: What the amounts of a savings line may mean.
BASES = ("level", "new_in_year", "running_total")


def _text(name: str, about: str, *, required: bool = True, words: tuple[str, ...] = ()) -> Column:
    return Column(name, Kind.TEXT, about, required, words=words)


def _share(name: str, about: str, *, required: bool = True) -> Column:
    return Column(name, Kind.NUMBER, about, required, at_least=0, at_most=1)


def _number(name: str, about: str, *, required: bool = True, at_least: float | None = 0) -> Column:
    return Column(name, Kind.NUMBER, about, required, at_least=at_least)


def _year(about: str = "Financial year of the forecast.") -> Column:
    return Column("year", Kind.YEAR, about)


_SOURCE = _text("source", "Where the figure comes from.")
_PLACEMENT = _text("placement", "Placement code; blank in every row: all placements.", required=False)
_AGE = _text("age", "Age band; blank in every row: all ages.", required=False)
_SCENARIO = _text("scenario", "Code of a scenario.")
_DP = Column(
    "dp", Kind.WHOLE, "Decimal places of the printed figure, in £: -5 is £0.1m, 0 is £1.", at_least=-15, at_most=15
)

#: The names of settings.csv.
SETTINGS: tuple[Column, ...] = (
    _text("title", "Title of the project, as reports print it."),
    Column("first_year", Kind.YEAR, "First financial year of the forecast; it begins with the opening children."),
    Column("years", Kind.WHOLE, "How many financial years.", at_least=1, at_most=50),
    _text("baseline", "The scenario that all others are held against."),
    _text(
        "plan_scenario",
        "The scenario whose flows the savings plan is held against; needed with savings.csv.",
        required=False,
    ),
    _text(
        "ages",
        "Edges of the age bands in years, such as 0;1;5;10;16;18; blank or all: ages are not told apart.",
        required=False,
    ),
    _text("population_vintage", "The vintage to use for a mid-year with several.", required=False),
)

#: The names of assumptions.csv.
ASSUMPTIONS: tuple[Column, ...] = (
    Column(
        "exit_hazard",
        Kind.NUMBER,
        "Chance of leaving care a year, at every moment the same; in place of survival.csv.",
        above=0,
    ),
    _number("tail_hazard", "The same, after the end of a table in survival.csv that ends with children in care."),
    Column(
        "starts_factor",
        Kind.NUMBER,
        "1; its range says by what factor starts may turn out higher or lower.",
        at_least=0,
    ),
    Column("exit_factor", Kind.NUMBER, "1; its range is that of the chance of leaving.", at_least=0),
    Column("price_factor", Kind.NUMBER, "1; its range is that of prices.", at_least=0),
    Column("alternative_factor", Kind.NUMBER, "1; its range is that of the support that replaces care.", at_least=0),
    _share(
        "attribution",
        "Share of a difference from the baseline that is a scenario's doing, where scenarios.csv is blank.",
    ),
    _share("proceedings_share", "Share of entrants with care proceedings; with proceedings_cost."),
    _number("proceedings_cost", "Care proceedings, £ an entrant."),
    Column("proceedings_lag_months", Kind.NUMBER, "Months from entry to the bill.", at_least=0, at_most=12),
)

#: The names of parameters.csv.
PARAMETERS: tuple[Column, ...] = (
    Column(DISCOUNT_RATE, Kind.NUMBER, "Real discount rate, a year; with gdp_deflator.", above=-1, at_most=1),
    Column(
        GDP_DEFLATOR,
        Kind.NUMBER,
        "Price index of a financial year, on any base; with discount_rate. Blank `to`: the end of its own year.",
        above=0,
    ),
    _share(
        STEADY_STATE_CHANGE,
        "The most that a year may change the stock by, as a share of it, for the rules of a steady state; 0.05 where "
        "it is not given.",
    ),
)

#: The assumptions that stand for a factor of 1 and only give its range.
FACTORS = ("starts_factor", "exit_factor", "price_factor", "alternative_factor")

_FLOWS = ("moves_in", "moves_out", "aged_in", "aged_out")

_ALL = (
    Table(
        "settings",
        "What the project is, and which years it covers.",
        (_text("key", "Name of the setting."), _text("value", "Its value.", required=False)),
        ("key",),
        (
            "title,Example council",
            "first_year,2024/25",
            "years,2",
            "baseline,no_change",
            "plan_scenario,plan",
            "ages,0;10;18",
            "population_vintage,2024 estimates",
        ),
        required=True,
    ),
    Table(
        "placements",
        "Placement types, in the order reports show them. Without the file there is one, `care`.",
        (_text("code", "Code used in the other files."), _text("label", "Name in reports.")),
        ("code",),
        ("fostering,Fostering", "residential,Children's homes"),
    ),
    Table(
        "scenarios",
        "Courses of events. A scenario has starts in starts.csv, takes those of another, or comes from forecast.csv.",
        (
            _SCENARIO,
            _text("label", "Name in reports."),
            _text("starts_from", "The scenario whose starts it takes, as they come out there.", required=False),
            _number("starts_factor", "Multiplies its starts; blank: 1.", required=False),
            _number(
                "exit_factor",
                "Multiplies the chance of leaving care; blank: 1, and must be with ceases.",
                required=False,
            ),
            _number("price_factor", "Multiplies prices; blank: 1.", required=False),
            _share(
                "attribution",
                "Share of the difference from the baseline that is its doing; blank: as in assumptions.csv, or 1.",
                required=False,
            ),
        ),
        ("scenario",),
        ("no_change,No change,,,,,", "plan,The plan,,,,,0.9", "half,Half the plan,no_change,0.8,1.05,,0.9"),
        required=True,
    ),
    Table(
        "opening",
        "Children looked after when the forecast begins, at the end of 31 March.",
        (
            _PLACEMENT,
            _text("age", "Age band on that day; blank in every row: all ages.", required=False),
            Column(
                "years_in_care",
                Kind.NUMBER,
                "Years since they started; blank: not known.",
                required=False,
                at_least=0,
                below=18,
            ),
            _text(
                "age_at_entry",
                "Age band when they started; blank: that of their age less years in care.",
                required=False,
            ),
            _number("children", "Children of the row."),
        ),
        ("placement", "age", "years_in_care", "age_at_entry"),
        (
            "fostering,0-9,,,180",
            "fostering,10-17,,,190",
            "residential,0-9,,,10",
            "residential,10-17,0.5,10-17,40",
            "residential,10-17,2.5,10-17,67",
        ),
        required=True,
    ),
    Table(
        "starts",
        "Children who start to be looked after; needed but for scenarios of forecast.csv. A year is spread over its "
        "months by their days.",
        (
            _SCENARIO,
            Column("year", Kind.YEAR, "Financial year; or give the month.", required=False),
            Column("month", Kind.MONTH, "Month such as 2024-04; or give the year.", required=False),
            _text("placement", "First placement; blank: by entry_mix.csv.", required=False),
            _text("age", "Age band at entry; blank: by entry_mix.csv.", required=False),
            _number("starts", "Children of the row; 0 where there are none."),
        ),
        ("scenario", "year", "month", "placement", "age"),
        ("no_change,2024/25,,,,180", "no_change,2025/26,,,,180", "plan,2024/25,,,,140", "plan,2025/26,,,,102"),
    ),
    Table(
        "entry_mix",
        "How starts are shared out where starts.csv gives totals.",
        (_PLACEMENT, _AGE, _share("share", "Share of the starts; all rows sum to 1.")),
        ("placement", "age"),
        ("fostering,0-9,0.5", "fostering,10-17,0.3", "residential,0-9,0.05", "residential,10-17,0.15"),
    ),
    Table(
        "ceases",
        "Children who cease to be looked after. Where a year is given, the chance of leaving is scaled so that the "
        "year comes out at it; where it is not, ceases follow from the lengths of stay.",
        (_SCENARIO, _year(), _number("ceases", "Children who cease in the year.")),
        ("scenario", "year"),
        ("no_change,2024/25,150", "no_change,2025/26,158"),
    ),
    Table(
        "survival",
        "Share of children still in care by time since they started. Without it, and without `exit_hazard`, the chance "
        "of leaving is the one that the first year's opening, starts and ceases imply.",
        (
            _PLACEMENT,
            _text("age", "Age band at entry; blank in every row: all ages.", required=False),
            Column("years", Kind.NUMBER, "Years since the child started.", at_least=0, at_most=18),
            _share("share", "Share still in care from then on; it never rises."),
        ),
        ("placement", "age", "years"),
        (",0-9,0.5,0.75", ",0-9,1,0.6", ",0-9,3,0.35", ",10-17,0.5,0.7", ",10-17,2,0.4", ",10-17,8,0"),
    ),
    Table(
        "moves",
        "Chance of moving to another placement in a month, among those who stay in care. Without it nobody moves.",
        (
            _AGE,
            _text("from", "Placement at the start of the month."),
            _text("to", "Placement at its end; the rest stays, so that a row with from = to may be left out."),
            _share("chance", "Chance a month."),
        ),
        ("age", "from", "to"),
        (",fostering,residential,0.002", ",residential,fostering,0.004"),
    ),
    Table(
        "leaving",
        "How much more often children leave care from one placement than from another, before 18: children placed for "
        "adoption soon do. It shares out who leaves among those who came into care together; how many do, the lengths "
        "of stay say. A placement that is not listed has 1.",
        (
            _text("placement", "Placement code."),
            _number("weight", "Chance of leaving, over that of a placement with 1."),
        ),
        ("placement",),
        ("residential,0.8",),
    ),
    Table(
        "reasons",
        "Why children cease before 18, by group of reasons. Without it there is one group, `ceased`.",
        (
            _AGE,
            _text("reason", "Group of reasons."),
            _share("share", "Share of the ceases; the rows of an age band sum to 1."),
        ),
        ("age", "reason"),
        (",home,0.45", ",sgo,0.2", ",adoption,0.15", ",other,0.2"),
    ),
    Table(
        "prices",
        "What a child costs a week. A price holds from its date until the next one; inside a month days are weighed.",
        (
            _text("placement", "Placement code; blank in every row: one price for all.", required=False),
            Column("from", Kind.DATE, "First day of the price."),
            Column("to", Kind.DATE, "Its last day; blank: until the next price.", required=False),
            _number("price_week", "£ a child-week."),
            _SOURCE,
        ),
        ("placement", "from"),
        (
            'fostering,2024-04-01,,620,"Ledger, 2023/24 care days"',
            'residential,2024-04-01,,5800,"Contracts, April 2024"',
        ),
        required=True,
    ),
    Table(
        "uplift",
        "Price rises on 1 April. A price rises on every 1 April after its first day. Without the file prices stay.",
        (
            _PLACEMENT,
            _year("The financial year that begins with the 1 April."),
            Column("rate", Kind.NUMBER, "Rise as a fraction: 0.05 is 5 %.", above=-1, at_most=1),
            _SOURCE,
        ),
        ("placement", "year"),
        (",2025/26,0.04,Medium-term plan",),
    ),
    Table(
        "population",
        "Children aged 0 to 17. A rate on 31 March uses the middle of the calendar year before: 31 March 2025, 2024.",
        (
            Column("mid_year", Kind.WHOLE, "Calendar year.", at_least=1900, at_most=2199),
            _text("vintage", "Which release of the estimate or projection."),
            Column("population", Kind.NUMBER, "Children.", above=0),
            _SOURCE,
        ),
        ("mid_year", "vintage"),
        (
            "2024,2024 estimates,49800,National statistics mid-year estimates",
            "2024,2018 projections,50100,Subnational projections",
            "2025,2018 projections,50000,Subnational projections",
        ),
        required=True,
    ),
    Table(
        "money",
        "What a scenario costs and what it takes out of budgets. A year that is not given, or a blank cell, is £0.",
        (
            _SCENARIO,
            _year(),
            _number("investment", "£, net of grant.", required=False),
            _number("budget_reduction", "£ taken out of budgets.", required=False),
            _number("growth_avoided", "£ of budgeted growth given up.", required=False),
            _number(
                "claimed", "£ that somebody claims the scenario avoids; blank: nothing is claimed.", required=False
            ),
        ),
        ("scenario", "year"),
        ("plan,2024/25,400000,100000,,1000000", "plan,2025/26,400000,600000,250000,4200000"),
    ),
    Table(
        "support",
        "Support for children who are not in care because of a scenario. Without the file it costs nothing.",
        (_year(), _number("alternative_week", "£ a child-week."), _SOURCE),
        ("year",),
        ("2024/25,150,Family support team", "2025/26,155,Family support team"),
    ),
    Table(
        "savings",
        "A savings plan as it is claimed, a row for each line and year.",
        (
            _text("line", "Name of the line."),
            _year(),
            _number("amount", "£.", at_least=None),
            _DP,
            _text("basis", "What the amount is: saved in the year, new in the year, or all so far.", words=BASES),
            _text("confidence", "How sure the saving is, in the words of weights.csv."),
            _text("risk", "How risky it is, in the words of weights.csv."),
            _number("children", "Entrants the line claims to avoid; blank: it claims none.", required=False),
            _SOURCE,
        ),
        ("line", "year"),
        (
            "Fewer starts,2024/25,1000000,-5,level,medium,high,40,Cabinet paper",
            "Fewer starts,2025/26,4200000,-5,level,medium,high,38,Cabinet paper",
        ),
    ),
    Table(
        "savings_totals",
        "The totals that the plan prints.",
        (_year(), _number("stated", "£.", at_least=None), _DP),
        ("year",),
        ("2024/25,1000000,-5", "2025/26,4200000,-5"),
    ),
    Table(
        "weights",
        "What a claim counts for by confidence and risk. The table counts only when somebody has signed it.",
        (
            _text("confidence", "As in savings.csv."),
            _text("risk", "As in savings.csv."),
            _share("low", "Share of the claim, low."),
            _share("expected", "Share of the claim, expected."),
            _share("high", "Share of the claim, high."),
            _text("approved_by", "Who approved the table."),
            Column("approved_on", Kind.DATE, "When."),
        ),
        ("confidence", "risk"),
        ("medium,high,0.2,0.4,0.7,Section 151 officer,2024-02-20",),
    ),
    Table(
        "budget",
        "Budget lines and what is forecast against them.",
        (
            _text("line", "Name of the line."),
            _year("Financial year; it may lie before the forecast."),
            _number("budget", "£; may be blank where the overspend is given.", required=False),
            _number(
                "forecast",
                "£; blank: the cost of all placements in the plan's scenario, else the baseline; one line a year.",
                required=False,
            ),
            _number("overspend", "£; blank: forecast less budget.", required=False, at_least=None),
            Column("mitigations", Kind.NUMBERS, "£ of each mitigation, such as 700000;200000.", required=False),
            Column(
                "delivery",
                Kind.NUMBERS,
                "Share of each that is delivered, such as 1;0.5; blank: all of each.",
                required=False,
            ),
            _SOURCE,
        ),
        ("line", "year"),
        ("Placements,2024/25,42500000,,,700000;200000,1;0.5,Budget book",),
    ),
    Table(
        "actuals",
        "What placements have cost so far, in every month up to now. The forecast of a budget line without one of its "
        "own is then actual to date, and the model's cost of the months to come.",
        (
            Column("month", Kind.MONTH, "Month such as 2024-04; from the first of the forecast, none left out."),
            _number("cost", "£ of all placements in the month."),
            _SOURCE,
        ),
        ("month",),
        ("2024-04,3390000,Ledger to April", "2024-05,3470000,Ledger to May"),
    ),
    Table(
        "assumptions",
        "The register of assumptions. Low and high are its range; without them an assumption is not varied.",
        (
            _text("name", "One of the names below."),
            _number("value", "In the unit of the name.", at_least=None),
            _number("low", "Lowest plausible value; with high.", required=False, at_least=None),
            _number("high", "Highest plausible value; with low.", required=False, at_least=None),
            _text("unit", "Unit in words."),
            _SOURCE,
            _text("owner", "Who answers for it.", required=False),
            Column("date", Kind.DATE, "When it was set.", required=False),
        ),
        ("name",),
        (
            "tail_hazard,0.25,0.15,0.35,a year,Returns of ten years,Data team,2024-02-01",
            "starts_factor,1,0.9,1.15,times,Spread of the last five years,Data team,2024-02-01",
            "proceedings_share,0.6,0.5,0.7,share,Legal team,Legal team,2024-02-01",
            "proceedings_cost,12500,,,£ an entrant,Legal team,Legal team,2024-02-01",
        ),
    ),
    Table(
        "parameters",
        "Values by date. A financial year has the value of its 1 April, and every year of the forecast must have one. "
        "With `discount_rate` and `gdp_deflator` results have a present value.",
        (
            _text("name", "One of the names below."),
            Column("from", Kind.DATE, "First day of the value; a 1 April, unless it lies before the forecast."),
            Column("to", Kind.DATE, "Its last day, a 31 March; blank: until the next value.", required=False),
            _number("value", "In the unit of the name.", at_least=None),
            _text("unit", "Unit in words, the same in all rows of a name: an index keeps its base."),
            _SOURCE,
        ),
        ("name", "from"),
        (
            "discount_rate,2024-04-01,,0.035,a year,HM Treasury Green Book",
            "gdp_deflator,2024-04-01,,100,2024/25 = 100,HM Treasury deflators of March 2024",
            "gdp_deflator,2025-04-01,,101.6,2024/25 = 100,HM Treasury deflators of March 2024",
            "steady_state_change,2024-04-01,,0.05,share of the stock,Finance analyst",
        ),
    ),
    Table(
        "history",
        "The years before the forecast, one after the other up to it: charts show them.",
        (
            _year("Financial year; the last one ends where the forecast begins."),
            _number("opening", "Children on 1 April; blank: closing less starts plus ceases.", required=False),
            _number("starts", "Children who started in the year."),
            _number("ceases", "Children who ceased in the year."),
            _number("closing", "Children on 31 March."),
            _SOURCE,
        ),
        ("year",),
        ("2022/23,,198,219,539,Returns", "2023/24,,180,232,487,Returns"),
    ),
    Table(
        "forecast",
        "The children of a scenario as somebody else forecast them: a row for every month, placement and age.",
        (
            _SCENARIO,
            Column("month", Kind.MONTH, "Month such as 2024-04."),
            _PLACEMENT,
            _AGE,
            _number("opening", "Children at the start of the month.", required=False),
            _number("starts", "Children who start in it.", required=False),
            *(
                _number(name, f"Children who {words} in it.", required=False)
                for name, words in zip(
                    _FLOWS,
                    ("move here", "move away", "grow into the band", "grow out of it, not counting who turns 18"),
                    strict=True,
                )
            ),
            _number("ceases", "Children who cease in it, with those who turn 18.", required=False),
            _number("closing", "Children at its end."),
            _number(
                "care_days",
                "Days in care in it; blank: the mean of opening and closing times its days.",
                required=False,
            ),
        ),
        ("scenario", "month", "placement", "age"),
        ("other_model,2024-04,fostering,0-9,180,9,1,0,0,2,8,180,5400",),
    ),
)

#: Every file, by name.
TABLES: dict[str, Table] = {table.name: table for table in _ALL}
