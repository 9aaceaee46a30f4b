"""The tables of the folder `book`: what only the workbook needs, each column with its kind and bounds."""

from __future__ import annotations

from xlmodel.inputs.cells import Kind
from xlmodel.inputs.columns import Column, Table

__all__ = ["BOOK_TABLES", "COVER_KEYS"]


def _text(name: str, about: str, *, required: bool = True, words: tuple[str, ...] = ()) -> Column:
    return Column(name, Kind.TEXT, about, required, words=words)


def _number(name: str, about: str, *, required: bool = True, at_least: float | None = 0) -> Column:
    return Column(name, Kind.NUMBER, about, required, at_least=at_least)


_SOURCE = _text("source", "Where the figure comes from.")

#: What cover.csv must say.
COVER_KEYS = ("title", "purpose", "as_at", "version", "status", "owner", "author", "reviewer", "approver")

_ALL = (
    Table(
        "cover",
        "What the workbook is, and who answers for it.",
        (
            _text("key", "Name of the line."),
            _text("label", "The line in words."),
            _text("value", "What it says."),
        ),
        ("key",),
        ("title,Title,Children in care: what they cost", "as_at,As at,2024-03-08"),
        required=True,
    ),
    Table(
        "definitions",
        "The terms of the workbook.",
        (_text("term", "The term."), _text("meaning", "What it means."), _text("source", "Who says so.")),
        ("term",),
        ("Starts,Children who start to be looked after in the period,Department for Education",),
    ),
    Table(
        "changes",
        "What changed from version to version.",
        (
            Column("date", Kind.DATE, "When."),
            _text("version", "The version it is in."),
            _text("who", "Who made the change."),
            _text("what", "What changed."),
            _text("why", "Why."),
        ),
        ("date", "version", "what"),
        ("2024-03-08,0.1,Finance analyst,First version,Budget setting",),
    ),
    Table(
        "sign_off",
        "Who signs the workbook off.",
        (
            _text("role", "The role."),
            _text("name", "Who holds it.", required=False),
            Column("date", Kind.DATE, "When it was signed; blank: not yet.", required=False),
            _text("decision", "What was decided; blank: nothing yet.", required=False),
        ),
        ("role",),
        ("section 151 officer,,,",),
    ),
    Table(
        "neighbours",
        "Statistical neighbours.",
        (
            _text("council", "Name of the council."),
            _text("own", "yes for the council the workbook is about.", required=False, words=("yes",)),
            Column("year", Kind.YEAR, "Financial year of the figures."),
            _number("budget", "£, children's services.", required=False),
            _number("overspend", "£; below 0 where less was spent.", required=False, at_least=None),
            _number("children_looked_after", "Children on 31 March.", required=False),
            _number("population", "Children aged 0 to 17.", required=False),
            _number("budget_per_child", "£ a child aged 0 to 17, as published.", required=False),
            _SOURCE,
        ),
        ("council", "year"),
        ("Northport,yes,2023/24,52000000,,412,50200,,Section 251 returns",),
    ),
    Table(
        "run_rates",
        "Figures of part of a year, and what they were said to make in the whole of it.",
        (
            _text("item", "What is counted."),
            _number("to_date", "How many so far."),
            Column("as_at", Kind.DATE, "The day up to which they are counted; blank: not stated.", required=False),
            _number("full_year_stated", "What is stated for the whole year.", required=False),
            Column("dp", Kind.WHOLE, "Decimal places of the stated figure.", required=False, at_least=-15, at_most=15),
            Column("year", Kind.YEAR, "The financial year."),
            _SOURCE,
        ),
        ("item", "year"),
        ("Returns home,42,2023-11-30,63,0,2023/24,Performance report",),
    ),
    Table(
        "last_forecast",
        "The forecast before this one, year by year, for the bridge from it to this one.",
        (
            Column("year", Kind.YEAR, "Financial year of the forecast."),
            _number("opening", "Children on 1 April."),
            _number("starts", "Children who start in the year."),
            _number("ceases", "Children who cease in the year."),
            _number("closing", "Children on 31 March."),
            _SOURCE,
        ),
        ("year",),
        ("2024/25,480,175,170,485,Budget report of February 2024",),
    ),
    Table(
        "in_year",
        "Budget lines of the year in progress.",
        (
            _text("line", "Name of the line."),
            Column("year", Kind.YEAR, "Financial year."),
            Column("as_at", Kind.DATE, "The day up to which spending is counted.", required=False),
            _number("budget", "£.", required=False),
            _number("actual_to_date", "£ spent so far.", required=False, at_least=None),
            _number("commitments", "£ still to pay for what is agreed.", required=False, at_least=None),
            _number(
                "forecast",
                "£; blank: spent so far and committed, or else the model's cost of placements in the year.",
                required=False,
                at_least=None,
            ),
            _number("forecast_last_month", "£, as it was a month ago.", required=False, at_least=None),
            _number("mitigation", "£ that measures are to take off.", required=False),
            Column(
                "delivery",
                Kind.NUMBER,
                "Share of the mitigation that is delivered; blank: all of it.",
                required=False,
                at_least=0,
                at_most=1,
            ),
            _SOURCE,
        ),
        ("line", "year"),
        ("Placements,2024/25,2024-09-30,24000000,12300000,12900000,,25050000,400000,0.5,Budget monitoring",),
    ),
    Table(
        "in_year_placements",
        "Placements still running in a line of in_year.csv, and those still to come.",
        (
            _text("line", "The line of in_year.csv."),
            _text("placement", "What kind of placement."),
            _number("children", "Children in it; below 0 where fewer are still to come.", at_least=None),
            Column("days_left", Kind.NUMBER, "Days it still runs this year, on average.", at_least=0, at_most=366),
            _number("price_week", "£ a child-week."),
            _text("new", "yes where the children are still to come: one row a line.", required=False, words=("yes",)),
            _SOURCE,
        ),
        ("line", "placement", "new"),
        ("Placements,Fostering,210,150,620,,Placement records",),
    ),
    Table(
        "part_year",
        "Amounts that start within a year.",
        (
            _text("item", "What it is."),
            Column("year", Kind.YEAR, "Financial year."),
            _number("full_year", "£ of a whole year.", at_least=None),
            Column("starts_on", Kind.DATE, "The first day that counts."),
            _number("stated", "£ stated for the year.", required=False, at_least=None),
            Column("dp", Kind.WHOLE, "Decimal places of the stated figure.", required=False, at_least=-15, at_most=15),
            _SOURCE,
        ),
        ("item", "year"),
        ("Reduced staffing,2024/25,1600000,2024-07-01,1200000,-5,Savings plan",),
    ),
    Table(
        "savings_detail",
        "Who answers for the lines of the savings plan, and what was delivered.",
        (
            _text("line", "The line, as in savings.csv."),
            Column("year", Kind.YEAR, "Financial year of the forecast."),
            _number("delivered", "£ delivered; blank: not known.", required=False, at_least=None),
            _number("investment", "£ it takes.", required=False),
            _number("budget_reduction", "£ taken out of budgets.", required=False),
            _number("growth_avoided", "£ of budgeted growth given up.", required=False),
            _text("owner", "Who answers for it.", required=False),
            Column("secured_on", Kind.DATE, "When it was secured; blank: not yet.", required=False),
            _SOURCE,
        ),
        ("line", "year"),
        ("Fewer starts,2024/25,600000,250000,100000,,Head of service,2024-09-01,Savings tracker",),
    ),
)

#: The files of the folder `book`, by name.
BOOK_TABLES: dict[str, Table] = {table.name: table for table in _ALL}
