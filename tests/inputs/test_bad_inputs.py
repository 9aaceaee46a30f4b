"""Kinds of bad input, each with what a finance officer is told: the file, the row, the column and what to write."""

import pytest
from inputs.given import FULL, SMALL, edited, frames, gone, more, new, raw, row, without, write

from xlmodel.errors import InputError
from xlmodel.inputs.project import project_from, read_project

ASSUME = "name,value,low,high,unit,source"
SAVE = "line,year,amount,dp,basis,confidence,risk,children,source"
SAVED = ("Fewer,2024/25,1000000,-5,level,medium,high,40,Paper", "Fewer,2025/26,4200000,-5,level,medium,high,,Paper")
WEIGH = "confidence,risk,low,expected,high,approved_by,approved_on"
BUDGET = "line,year,budget,forecast,overspend,mitigations,delivery,source"
DATED = "name,from,to,value,unit,source"
RATE = "discount_rate,2024-04-01,,0.035,a year,Treasury"
INDEX = ("gdp_deflator,2024-04-01,,100,index,Treasury", "gdp_deflator,2025-04-01,,102,index,Treasury")
AGES = more("settings.csv", "ages,0;10;18")
BANDS = (
    AGES,
    new(
        "opening.csv",
        "placement,age,years_in_care,children",
        "fostering,0-9,,180",
        "fostering,10-17,,190",
        "residential,0-9,,40",
        "residential,10-17,,77",
    ),
    new(
        "entry_mix.csv",
        "placement,age,share",
        "fostering,0-9,0.5",
        "fostering,10-17,0.3",
        "residential,0-9,0.05",
        "residential,10-17,0.15",
    ),
)
REWRITTEN = (
    "must be a date such as 2024-04-01: year, month, day (Excel rewrites it: give the column the format yyyy-mm-dd)"
)
#: What is done to a good project, and all that is then said.
BAD = [
    ("a file that is needed", (gone("prices.csv"),), ["prices.csv: must be there"]),
    ("starts that are nowhere", (gone("starts.csv"),), ["starts.csv: must be there"]),
    (
        "a mistyped file",
        (new("opennings.csv", "children", "1"),),
        ["opennings.csv: must be one of the files of a project (did you mean opening.csv?)"],
    ),
    (
        "a workbook in a file's place",
        (new("uplift.xlsx", "x"),),
        ['uplift.xlsx: must be a CSV file: save it as "CSV UTF-8" as uplift.csv'],
    ),
    (
        "a workbook called CSV",
        (raw("prices.csv", b"PK\x03\x04rest"),),
        ['prices.csv: must be a CSV file, and is a workbook: save it as "CSV UTF-8"'],
    ),
    (
        "UTF-16",
        (raw("population.csv", "mid_year,vintage".encode("utf-16")),),
        ['population.csv: must be in UTF-8, and is in UTF-16: save it as "CSV UTF-8"'],
    ),
    (
        "another encoding",
        (raw("placements.csv", "code,label\nfostering,Fostering\nresidential,Café homes\n".encode("latin-1")),),
        ['placements.csv, row 3: must be in UTF-8, which a character here is not: save it as "CSV UTF-8"'],
    ),
    (
        "semicolons",
        (new("ceases.csv", "scenario;year;ceases", "no_change;2024/25;150"),),
        ["ceases.csv, row 1: must have commas between cells; it is 'scenario;year;ceases'"],
    ),
    (
        "a quote that never ends",
        (new("prices.csv", "placement,from,price_week,source", 'fostering,2024-04-01,620,"Ledger'),),
        ["prices.csv, row 2: must be readable as CSV (unexpected end of data)"],
    ),
    ("an empty file", (new("ceases.csv"),), ["ceases.csv, row 1: must hold the names of the columns"]),
    (
        "no rows",
        (new("ceases.csv", "scenario,year,ceases"),),
        ["ceases.csv: must have rows below the names of its columns"],
    ),
    (
        "a cell too many",
        (row("ceases.csv", 2, "no_change,2024/25,1,150"),),
        [
            (
                "ceases.csv, row 2: must have 3 cells at most, as row 1 has, and has 4: a comma in a cell needs "
                "quotes round it"
            )
        ],
    ),
    (
        "a column that is needed",
        (new("ceases.csv", "scenario,year", "no_change,2024/25"),),
        ["ceases.csv, row 1, ceases: must be there"],
    ),
    (
        "a mistyped column",
        (row("ceases.csv", 1, "scenario,year,Ceases"),),
        ["ceases.csv, row 1, Ceases: must be one of the columns scenario, year, ceases (did you mean ceases?)"],
    ),
    (
        "an unknown column",
        (new("ceases.csv", "scenario,year,ceases,note", "no_change,2024/25,150,sure"),),
        ["ceases.csv, row 1, note: must be one of the columns scenario, year, ceases"],
    ),
    (
        "a column twice",
        (new("ceases.csv", "scenario,year,ceases,ceases", "no_change,2024/25,150,150"),),
        ["ceases.csv, row 1, ceases: must be the name of one column only"],
    ),
    (
        "a negative number",
        (row("starts.csv", 4, "plan,2024/25,,,,-4"),),
        ["starts.csv, row 4, starts: must be >= 0; it is -4"],
    ),
    (
        "a blank where none may be",
        (row("starts.csv", 4, "plan,2024/25,,,,"),),
        ["starts.csv, row 4, starts: must not be blank"],
    ),
    (
        "a word for a number",
        (row("starts.csv", 4, "plan,2024/25,,,,about 140"),),
        ["starts.csv, row 4, starts: must be a number; it is 'about 140'"],
    ),
    (
        "a thousands separator",
        (row("opening.csv", 2, 'fostering,,"1,370"'),),
        [
            (
                "opening.csv, row 2, children: must be a plain number, without pound signs, commas or blanks: write "
                "1370; it is '1,370'"
            )
        ],
    ),
    (
        "a pound sign",
        (row("prices.csv", 2, "fostering,2024-04-01,,£620.50,Ledger"),),
        [
            (
                "prices.csv, row 2, price_week: must be a plain number, without pound signs, commas or blanks: write "
                "620.50; it is '£620.50'"
            )
        ],
    ),
    (
        "a per cent sign",
        (new("uplift.csv", "year,rate,source", "2025/26,5%,Plan"),),
        ["uplift.csv, row 2, rate: must be a fraction, without a per cent sign: write 0.05; it is '5%'"],
    ),
    (
        "a percentage for a fraction",
        (new("uplift.csv", "year,rate,source", "2025/26,5,Plan"),),
        ["uplift.csv, row 2, rate: must be > -1 and <= 1 (a fraction: 0.05 is 5 %); it is 5"],
    ),
    (
        "brackets for a minus",
        (new("savings.csv", SAVE, SAVED[0].replace("1000000", "(1000000)"), SAVED[1]),),
        [
            (
                "savings.csv, row 2, amount: must have a minus sign in place of brackets: write -1000000; it is "
                "'(1000000)'"
            )
        ],
    ),
    (
        "a number beyond all bounds",
        (row("opening.csv", 2, "fostering,,1e999"),),
        ["opening.csv, row 2, children: must be a number that can be held, below 1.8E308; it is '1e999'"],
    ),
    (
        "not a number",
        (row("opening.csv", 2, "fostering,,nan"),),
        ["opening.csv, row 2, children: must be a number; it is 'nan'"],
    ),
    (
        "a formula",
        (row("opening.csv", 2, "fostering,,=1+1"),),
        ["opening.csv, row 2, children: must be a number; it is '=1+1'"],
    ),
    (
        "an error of a spreadsheet",
        (row("opening.csv", 2, "fostering,,#REF!"),),
        ["opening.csv, row 2, children: must be a number; it is '#REF!'"],
    ),
    (
        "a date in two readings",
        (row("prices.csv", 2, "fostering,01/04/2024,,620,Ledger"),),
        [f"prices.csv, row 2, from: {REWRITTEN}; it is '01/04/2024'"],
    ),
    (
        "a day that is not",
        (row("prices.csv", 2, "fostering,2024-04-31,,620,Ledger"),),
        ["prices.csv, row 2, from: must be a day of the calendar; it is '2024-04-31'"],
    ),
    (
        "a year in another form",
        (row("ceases.csv", 2, "no_change,2024-25,150"),),
        ["ceases.csv, row 2, year: must be a financial year such as 2024/25; it is '2024-25'"],
    ),
    (
        "a year that ends wrongly",
        (row("ceases.csv", 2, "no_change,2024/26,150"),),
        ["ceases.csv, row 2, year: must be two years that follow one another, as 2024/25 does; it is '2024/26'"],
    ),
    (
        "a month in another form",
        (row("starts.csv", 4, "plan,,Apr-24,,,15"),),
        [
            (
                "starts.csv, row 4, month: must be a month such as 2024-04 (spreadsheets like to rewrite it: keep it "
                "as text); it is 'Apr-24'"
            )
        ],
    ),
    (
        "text that would act on a terminal",
        (row("opening.csv", 2, "fostering,,\x1b[31m9"),),
        ["opening.csv, row 2, children: must be a number; it is '\\x1b[31m9'"],
    ),
    (
        "an unknown scenario",
        (row("ceases.csv", 2, "nochange,2024/25,150"),),
        [("ceases.csv, row 2, scenario: must be one of no_change, plan (did you mean no_change?); it is 'nochange'")],
    ),
    (
        "an unknown placement",
        (row("prices.csv", 3, "residental,2024-04-01,,5800,Contracts"),),
        [
            (
                "prices.csv, row 3, placement: must be one of fostering, residential (did you mean residential?); it "
                "is 'residental'"
            )
        ],
    ),
    (
        "an unknown age",
        (*BANDS, row("opening.csv", 2, "fostering,0-10,,180")),
        ["opening.csv, row 2, age: must be one of 0-9, 10-17; it is '0-10'"],
    ),
    (
        "an unknown reason",
        (new("reasons.csv", "reason,share", "adopted,1"),),
        [
            (
                "reasons.csv, row 2, reason: must be one of adoption, sgo, cao, home, "
                "without_parental_responsibility, independence, other; it is 'adopted'"
            )
        ],
    ),
    (
        "a year outside the forecast",
        (row("ceases.csv", 2, "no_change,2026/27,150"),),
        ["ceases.csv, row 2, year: must be a year from 2024/25 to 2025/26; it is '2026/27'"],
    ),
    (
        "a month outside the forecast",
        (row("starts.csv", 4, "plan,,2026-04,,,15"),),
        ["starts.csv, row 4, month: must be a month of a year from 2024/25 to 2025/26; it is '2026-04'"],
    ),
    (
        "an unknown setting",
        (more("settings.csv", "age,all"),),
        [
            (
                "settings.csv, row 7, key: must be one of title, first_year, years, baseline, plan_scenario, ages, "
                "population_vintage (did you mean ages?); it is 'age'"
            )
        ],
    ),
    (
        "an unknown assumption",
        (new("assumptions.csv", ASSUME, "exit_hazrd,0.4,,,a year,Returns"),),
        [
            (
                "assumptions.csv, row 2, name: must be one of exit_hazard, tail_hazard, starts_factor, exit_factor, "
                "price_factor, alternative_factor, attribution, proceedings_share, proceedings_cost, "
                "proceedings_lag_months (did you mean exit_hazard?); it is 'exit_hazrd'"
            )
        ],
    ),
    (
        "an unknown basis",
        (new("savings.csv", SAVE, SAVED[0].replace("level", "yearly"), SAVED[1]),),
        ["savings.csv, row 2, basis: must be one of level, new_in_year, running_total; it is 'yearly'"],
    ),
    ("a setting that is needed", (without("settings.csv", 2),), ["settings.csv: must have a row title"]),
    ("no first year", (without("settings.csv", 3),), ["settings.csv: must have a row first_year"]),
    (
        "no years at all",
        (row("settings.csv", 4, "years,0"),),
        ["settings.csv, row 4, value: years must be >= 1 and <= 50; it is 0"],
    ),
    (
        "half a year",
        (row("settings.csv", 4, "years,2.5"),),
        ["settings.csv, row 4, value: years must be a whole number; it is '2.5'"],
    ),
    (
        "a setting left blank",
        (row("settings.csv", 2, "title,"),),
        ["settings.csv, row 2, value: title must not be blank"],
    ),
    (
        "ages that fall",
        (more("settings.csv", "ages,0;10;5;18"),),
        ["settings.csv, row 7, value: the edges of ages must rise; it is '0;10;5;18'"],
    ),
    (
        "ages that stop early",
        (more("settings.csv", "ages,0;10;17"),),
        ["settings.csv, row 7, value: ages must run from 0 to 18; it is '0;10;17'"],
    ),
    (
        "ages in parts of years",
        (more("settings.csv", "ages,0;0.5;18"),),
        ["settings.csv, row 7, value: the edges of ages must be whole years; it is '0;0.5;18'"],
    ),
    (
        "a baseline that is not there",
        (row("settings.csv", 5, "baseline,nochange"),),
        [
            (
                "settings.csv, row 5, value: baseline must be one of no_change, plan (did you mean no_change?); it is"
                " 'nochange'"
            )
        ],
    ),
    (
        "a plan scenario that is not there",
        (row("settings.csv", 6, "plan_scenario,plam"),),
        [
            (
                "settings.csv, row 6, value: plan_scenario must be one of no_change, plan (did you mean plan?); it is"
                " 'plam'"
            )
        ],
    ),
    (
        "a row twice",
        (more("ceases.csv", "no_change,2024/25,151"),),
        ["ceases.csv, row 3: must not repeat row 2 (the same scenario and year)"],
    ),
    (
        "a scenario twice",
        (more("scenarios.csv", "plan,Again,,,,,"),),
        ["scenarios.csv, row 4: must not repeat row 3 (the same scenario)"],
    ),
    (
        "a setting twice",
        (more("settings.csv", "years,3"),),
        ["settings.csv, row 7: must not repeat row 4 (the same key)"],
    ),
    (
        "a placement for some rows only",
        (row("prices.csv", 3, ",2024-04-01,,5800,Contracts"),),
        ["prices.csv, row 3, placement: must be filled in every row, or blank in every row"],
    ),
    (
        "an opening that nobody can place",
        (new("opening.csv", "children", "487"),),
        ["opening.csv, placement: must say how many children are in each of fostering, residential"],
    ),
    (
        "a year of starts missing",
        (without("starts.csv", 5),),
        ["starts.csv, year: must have the starts of plan in 2025/26"],
    ),
    (
        "starts by year and by month",
        (row("starts.csv", 4, "plan,2024/25,2024-04,,,12"),),
        ["starts.csv, row 4, month: must be blank where the year is given: a row is about one of them"],
    ),
    (
        "starts without a time",
        (row("starts.csv", 4, "plan,,,,,140"),),
        ["starts.csv, row 4, year: must be filled, or the month"],
    ),
    (
        "totals beside parts",
        (more("starts.csv", "plan,2024/25,,fostering,,100"),),
        [("starts.csv, row 6: must be as fine in time, placement and age as row 4, or children are counted twice")],
    ),
    (
        "a placement missing in one year",
        (
            new(
                "starts.csv",
                "scenario,year,placement,starts",
                "no_change,2024/25,fostering,100",
                "no_change,2024/25,residential,20",
                "no_change,2025/26,fostering,100",
                "plan,2024/25,fostering,100",
                "plan,2025/26,fostering,100",
            ),
        ),
        ["starts.csv, starts: must have rows of no_change for 2025/26 residential: write 0 where nobody starts"],
    ),
    (
        "a month missing",
        (
            new(
                "starts.csv",
                "scenario,year,month,starts",
                *(f"no_change,,2024-{m:02d},15" for m in range(4, 13)),
                "no_change,,2025-01,15",
                "no_change,,2025-03,15",
                "no_change,2025/26,,180",
                "plan,2024/25,,140",
                "plan,2025/26,,102",
            ),
        ),
        ["starts.csv, starts: must have rows of no_change for 2025-02: write 0 where nobody starts"],
    ),
    (
        "totals without a mix",
        (gone("entry_mix.csv"),),
        ["starts.csv, row 2, placement: must be filled, or entry_mix.csv must give shares by placement"],
    ),
    (
        "a mix without the ages",
        (*BANDS, new("entry_mix.csv", "placement,share", "fostering,0.8", "residential,0.2")),
        ["starts.csv, row 2, age: must be filled, or entry_mix.csv must give shares by age"],
    ),
    (
        "a mix that is not whole",
        (row("entry_mix.csv", 3, "residential,0.3"),),
        ["entry_mix.csv, share: must sum to 1; it is 1.1"],
    ),
    (
        "a scenario without starts",
        (more("scenarios.csv", "half,Half,,,,,"),),
        ["scenarios.csv, row 4, scenario: must have starts in starts.csv, or in starts_from; it is 'half'"],
    ),
    (
        "starts of itself",
        (more("scenarios.csv", "half,Half,half,,,,"),),
        ["scenarios.csv, row 4, starts_from: must not lead back to the scenario itself; it is 'half'"],
    ),
    (
        "starts in a circle",
        (more("scenarios.csv", "a,A,b,,,,", "b,B,a,,,,"),),
        ["scenarios.csv, row 4, starts_from: must not lead back to the scenario itself; it is 'b'"],
    ),
    (
        "starts of another and its own",
        (row("scenarios.csv", 3, "plan,The plan,no_change,,,,"),),
        ["scenarios.csv, row 3, starts_from: must be blank where starts.csv has plan; it is 'no_change'"],
    ),
    (
        "more ceases than children",
        (row("ceases.csv", 2, "no_change,2024/25,667"),),
        [
            (
                "ceases.csv, row 2, ceases: must be below 667, the 487 children at the year's start and those who "
                "start; it is 667"
            )
        ],
    ),
    (
        "more ceases than are left",
        (more("ceases.csv", "no_change,2025/26,700"),),
        [
            (
                "ceases.csv, row 3, ceases: must be below 697, the 517 children at the year's start and those who "
                "start; it is 700"
            )
        ],
    ),
    (
        "an exit factor beside ceases",
        (row("scenarios.csv", 2, "no_change,No change,,,1.1,,"),),
        [
            (
                "scenarios.csv, row 2, exit_factor: must be blank where ceases.csv states the ceases, which decide "
                "it; it is 1.1"
            )
        ],
    ),
    (
        "years in care beyond the band",
        (*BANDS, row("opening.csv", 2, "fostering,0-9,12,180")),
        ["opening.csv, row 2, years_in_care: must be below 10, the age at which 0-9 ends; it is 12"],
    ),
    (
        "nothing about stays",
        (gone("ceases.csv"),),
        [
            (
                "ceases.csv: must state ceases above 0 in 2024/25, or survival.csv or an exit_hazard in "
                "assumptions.csv must be given: nothing says how long children stay"
            )
        ],
    ),
    (
        "a stay without an end",
        (new("survival.csv", "years,share", "1,0.6", "3,0.3"),),
        [
            (
                "survival.csv, row 3, years: must go on until nobody is left, or assumptions.csv must give "
                "tail_hazard for what comes after; it is 3"
            )
        ],
    ),
    (
        "survival that rises",
        (new("survival.csv", "years,share", "3,0.7", "1,0.6", "5,0"),),
        ["survival.csv, row 2, share: must not rise with the years: row 3 has 0.6 at year 1; it is 0.7"],
    ),
    (
        "survival of one age only",
        (*BANDS, new("survival.csv", "age,years,share", "0-9,1,0.6", "0-9,3,0")),
        ["survival.csv, years: must have rows of 10-17"],
    ),
    (
        "children whom survival does not know",
        (new("survival.csv", "years,share", "1,0.6", "3,0"), row("opening.csv", 2, "fostering,4,370")),
        [
            (
                "opening.csv, row 2, years_in_care: must be a time after which survival.csv still has children in "
                "care; it is 4"
            )
        ],
    ),
    (
        "survival and a hazard",
        (
            new("survival.csv", "years,share", "1,0.6", "3,0"),
            new("assumptions.csv", ASSUME, "exit_hazard,0.4,,,a year,Returns"),
        ),
        ["assumptions.csv, name: must not have exit_hazard where survival.csv says how long stays are"],
    ),
    (
        "children who never leave",
        (new("survival.csv", "years,share", "1,0.6"), new("assumptions.csv", ASSUME, "tail_hazard,0,,,a year,Returns")),
        [
            (
                "opening.csv, row 2, years_in_care: must be filled: some children never leave, so no steady state "
                "says it"
            ),
            (
                "opening.csv, row 3, years_in_care: must be filled: some children never leave, so no steady state "
                "says it"
            ),
        ],
    ),
    (
        "moves above 1",
        (new("moves.csv", "from,to,chance", "fostering,residential,0.7", "fostering,fostering,0.5"),),
        ["moves.csv, row 3, chance: must sum to 1 over the rows from fostering; it is 1.2"],
    ),
    (
        "moves above 1 by a third placement",
        (
            more("placements.csv", "secure,Secure"),
            new("moves.csv", "from,to,chance", "fostering,residential,0.7", "fostering,secure,0.5"),
            more("prices.csv", "secure,2024-04-01,,9000,Contracts"),
        ),
        ["moves.csv, row 3, chance: must sum to 1 at most over the rows from fostering; it is 1.2"],
    ),
    (
        "ceases of 0",
        (row("ceases.csv", 2, "no_change,2024/25,0"),),
        [
            (
                "ceases.csv: must state ceases above 0 in 2024/25, or survival.csv or an exit_hazard in "
                "assumptions.csv must be given: nothing says how long children stay"
            )
        ],
    ),
    (
        "starts where the mix has none",
        (
            row("entry_mix.csv", 2, "fostering,1"),
            row("entry_mix.csv", 3, "residential,0"),
            *BANDS[:2],
            new("entry_mix.csv", "placement,age,share", "fostering,0-9,0.5", "fostering,10-17,0.5"),
            new(
                "starts.csv",
                "scenario,year,placement,starts",
                *(
                    f"{s},{y},{p},50"
                    for s in ("no_change", "plan")
                    for y in ("2024/25", "2025/26")
                    for p in ("fostering", "residential")
                ),
            ),
        ),
        ["starts.csv, row 3, placement: must have a share in entry_mix.csv; it is 'residential'"],
    ),
    (
        "children who came into care older than they are",
        (
            AGES,
            new(
                "opening.csv",
                "placement,age,years_in_care,age_at_entry,children",
                "fostering,0-9,1,10-17,180",
                "fostering,10-17,1,,190",
                "residential,0-9,,,40",
                "residential,10-17,,0-9,77",
            ),
            BANDS[2],
        ),
        ["opening.csv, row 2, age_at_entry: must not be above age; it is '10-17'"],
    ),
    (
        "a month without its cost",
        (new("actuals.csv", "month,cost,source", "2024-04,1,Ledger", "2024-06,1,Ledger"),),
        ["actuals.csv, row 3, month: must follow a row for 2024-05: what was spent then is not known"],
    ),
    (
        "actuals of another year",
        (new("actuals.csv", "month,cost,source", "2023-04,1,Ledger"),),
        ["actuals.csv, row 2, month: must be a month of a year from 2024/25 to 2025/26; it is '2023-04'"],
    ),
    (
        "two budget lines held against one forecast",
        (new("budget.csv", BUDGET, "Placements,2024/25,1000000,,,,,Book", "Homes,2024/25,500000,,,,,Book"),),
        [
            "budget.csv, row 3, forecast: must be filled, or the overspend: row 2 has the model's forecast of all "
            "placements in that year already"
        ],
    ),
    (
        "a placement that nobody has, leaving",
        (new("leaving.csv", "placement,weight", "adopton,9"),),
        ["leaving.csv, row 2, placement: must be one of fostering, residential; it is 'adopton'"],
    ),
    (
        "nobody leaves from anywhere",
        (new("leaving.csv", "placement,weight", "fostering,0", "residential,0"),),
        ["leaving.csv, weight: must be above 0 for one placement at least"],
    ),
    (
        "a negative chance of leaving",
        (new("leaving.csv", "placement,weight", "fostering,-1"),),
        ["leaving.csv, row 2, weight: must be >= 0; it is -1"],
    ),
    (
        "moves that lose children",
        (new("moves.csv", "from,to,chance", "fostering,residential,0.2", "fostering,fostering,0.5"),),
        ["moves.csv, row 3, chance: must sum to 1 over the rows from fostering; it is 0.7"],
    ),
    (
        "reasons that are not whole",
        (new("reasons.csv", "reason,share", "home,0.5", "other,0.4"),),
        ["reasons.csv, share: must sum to 1; it is 0.9"],
    ),
    (
        "a price that starts late",
        (row("prices.csv", 2, "fostering,2024-06-01,,620,Ledger"),),
        ["prices.csv, from: must have a price of fostering on 2024-04-01"],
    ),
    (
        "a price that ends early",
        (row("prices.csv", 2, "fostering,2024-04-01,2026-03-30,620,Ledger"),),
        ["prices.csv, from: must have a price of fostering on 2026-03-31"],
    ),
    (
        "prices that overlap",
        (
            row("prices.csv", 2, "fostering,2024-04-01,2025-09-30,620,Ledger"),
            more("prices.csv", "fostering,2025-04-01,,650,Ledger"),
        ),
        ["prices.csv, row 4, from: must be after row 2 ends on 2025-09-30; it is '2025-04-01'"],
    ),
    (
        "a price that ends before it starts",
        (row("prices.csv", 2, "fostering,2024-04-01,2024-03-01,620,Ledger"),),
        ["prices.csv, row 2, to: must not be before from; it is '2024-03-01'"],
    ),
    (
        "a placement without a price",
        (without("prices.csv", 3),),
        ["prices.csv, from: must have a price of residential on 2024-04-01"],
    ),
    (
        "a price without a source",
        (row("prices.csv", 2, "fostering,2024-04-01,,620,"),),
        ["prices.csv, row 2, source: must not be blank"],
    ),
    (
        "an uplift that stops early",
        (new("uplift.csv", "year,rate,source", "2024/25,0.05,Plan"),),
        ["uplift.csv, year: must have the rate for 2025/26"],
    ),
    (
        "a population that is missing",
        (without("population.csv", 3),),
        ["population.csv, mid_year: must have the population of mid-2025, for the rate on 31 March 2026"],
    ),
    (
        "a population of nobody",
        (row("population.csv", 2, "2024,2024,0,Estimate"),),
        ["population.csv, row 2, population: must be > 0; it is 0"],
    ),
    (
        "a population in thousands",
        (row("population.csv", 2, "2024,2024,49.756,Estimate"),),
        [
            "population.csv, row 2, population: must be no fewer than the 487 children looked after; it is 49.756",
        ],
    ),
    (
        "two vintages",
        (more("population.csv", "2024,2018,50100,Projection"),),
        [("population.csv, vintage: mid-2024 has several: the setting population_vintage must be one of 2024, 2018")],
    ),
    (
        "two vintages and a third named",
        (more("population.csv", "2024,2018,50100,Projection"), more("settings.csv", "population_vintage,2023")),
        [
            (
                "population.csv, vintage: mid-2024 has several: the setting population_vintage must be one of 2024, "
                "2018; it is '2023'"
            )
        ],
    ),
    (
        "support for some years",
        (new("support.csv", "year,alternative_week,source", "2024/25,150,Team"),),
        ["support.csv, year: must have a row for 2025/26"],
    ),
    (
        "a value outside its range",
        (new("assumptions.csv", ASSUME, "exit_hazard,0.5,0.3,0.4,a year,Returns"),),
        ["assumptions.csv, row 2, high: must be >= value, 0.5; it is 0.4"],
    ),
    (
        "a range with one end",
        (new("assumptions.csv", ASSUME, "exit_hazard,0.5,0.3,,a year,Returns"),),
        ["assumptions.csv, row 2, high: must be filled, for a range has two ends"],
    ),
    (
        "a factor that is not 1",
        (new("assumptions.csv", ASSUME, "starts_factor,0.9,0.8,1,times,Returns"),),
        [
            (
                "assumptions.csv, row 2, value: starts_factor must be 1: it only gives a range, and scenarios.csv has"
                " the factors of scenarios; it is 0.9"
            )
        ],
    ),
    (
        "a share above 1",
        (new("assumptions.csv", ASSUME, "attribution,1.2,,,share,Returns"),),
        ["assumptions.csv, row 2, value: attribution must be >= 0 and <= 1; it is 1.2"],
    ),
    (
        "half of the legal cost",
        (new("assumptions.csv", ASSUME, "proceedings_cost,12500,,,£,Returns"),),
        ["assumptions.csv, name: must have a row proceedings_share: share and cost of proceedings go together"],
    ),
    (
        "a saving without a year",
        (new("savings.csv", SAVE, SAVED[0]),),
        ["savings.csv, year: must have rows of Fewer for 2025/26: write 0 where nothing is saved"],
    ),
    (
        "a saving of two bases",
        (new("savings.csv", SAVE, SAVED[0], SAVED[1].replace("level", "new_in_year")),),
        ["savings.csv, row 3, basis: must be level, as row 2 says of Fewer; it is 'new_in_year'"],
    ),
    (
        "a saving without a scenario to hold it against",
        (new("savings.csv", SAVE, *SAVED), without("settings.csv", 6)),
        ["settings.csv: must have a row plan_scenario, against which savings.csv is held"],
    ),
    (
        "a saving of no known weight",
        (new("savings.csv", SAVE, *SAVED), new("weights.csv", WEIGH, "high,low,0.5,0.7,1,Treasurer,2024-02-01")),
        [
            (
                "savings.csv, row 2, confidence: confidence and risk must be a row of weights.csv: high and low; it "
                "is 'medium and high'"
            ),
            (
                "savings.csv, row 3, confidence: confidence and risk must be a row of weights.csv: high and low; it "
                "is 'medium and high'"
            ),
        ],
    ),
    (
        "weights that nobody signed",
        (new("savings.csv", SAVE, *SAVED), new("weights.csv", WEIGH, "medium,high,0.2,0.4,0.7,,")),
        ["weights.csv, row 2, approved_by: must not be blank", "weights.csv, row 2, approved_on: must not be blank"],
    ),
    (
        "weights out of order",
        (new("savings.csv", SAVE, *SAVED), new("weights.csv", WEIGH, "medium,high,0.5,0.4,0.3,Treasurer,2024-02-01")),
        [
            "weights.csv, row 2, expected: must be >= low, 0.5; it is 0.4",
            "weights.csv, row 2, high: must be >= expected, 0.4; it is 0.3",
        ],
    ),
    (
        "weights of nothing",
        (new("weights.csv", WEIGH, "medium,high,0.2,0.4,0.7,Treasurer,2024-02-01"),),
        ["weights.csv: must not be there without savings.csv"],
    ),
    (
        "a budget of nothing",
        (new("budget.csv", BUDGET, "Placements,2024/25,,,,,,Book"),),
        ["budget.csv, row 2, budget: must be filled, or the overspend"],
    ),
    (
        "a budget that does not tie",
        (new("budget.csv", BUDGET, "Placements,2024/25,100,120,25,,,Book"),),
        ["budget.csv, row 2, overspend: must be forecast less budget, 20; it is 25"],
    ),
    (
        "a budget outside the years",
        (new("budget.csv", BUDGET, "Placements,2023/24,100,,,,,Book"),),
        [
            (
                "budget.csv, row 2, forecast: must be filled, or the overspend: the model has figures for 2024/25 to "
                "2025/26 only"
            )
        ],
    ),
    (
        "delivery of too few",
        (new("budget.csv", BUDGET, "Placements,2024/25,100,120,,7;2,1,Book"),),
        ["budget.csv, row 2, delivery: must have 2 shares, one for each mitigation, and has 1"],
    ),
    (
        "delivery above 1",
        (new("budget.csv", BUDGET, "Placements,2024/25,100,120,,7;2,1;1.5,Book"),),
        ["budget.csv, row 2, delivery: must be >= 0 and <= 1, every one; number 2 is not; it is 1.5"],
    ),
    (
        "a dated parameter in the register",
        (new("assumptions.csv", ASSUME, "discount_rate,0.035,,,a year,Treasury"),),
        [
            (
                "assumptions.csv, row 2, name: must be in parameters.csv, with the day from which it holds; it is "
                "'discount_rate'"
            )
        ],
    ),
    (
        "an unknown parameter",
        (new("parameters.csv", DATED, RATE, *INDEX, "discount_rte,2025-04-01,,0.03,a year,Treasury"),),
        [
            (
                "parameters.csv, row 5, name: must be one of discount_rate, gdp_deflator, steady_state_change (did "
                "you mean discount_rate?); it is 'discount_rte'"
            )
        ],
    ),
    (
        "a rate as a percentage, an index of nothing and a threshold above 1",
        (
            new(
                "parameters.csv",
                DATED,
                RATE.replace("0.035", "3.5"),
                INDEX[0].replace("100,index", "0,index"),
                INDEX[1],
                "steady_state_change,2024-04-01,,5,share,Team",
            ),
        ),
        [
            "parameters.csv, row 2, value: discount_rate must be > -1 and <= 1 (a fraction: 0.05 is 5 %); it is 3.5",
            "parameters.csv, row 3, value: gdp_deflator must be > 0; it is 0",
            (
                "parameters.csv, row 5, value: steady_state_change must be >= 0 and <= 1 (a fraction: 0.05 is 5 %); it "
                "is 5"
            ),
        ],
    ),
    (
        "a deflator that stops early",
        (new("parameters.csv", DATED, RATE, INDEX[0]),),
        ["parameters.csv, from: must have a gdp_deflator on 2025-04-01; known from 2024-04-01 to 2025-03-31"],
    ),
    (
        "a rate that begins late",
        (new("parameters.csv", DATED, RATE.replace("2024", "2025"), *INDEX),),
        ["parameters.csv, from: must have a discount_rate on 2024-04-01; known from 2025-04-01 on"],
    ),
    (
        "a threshold with a gap",
        (
            new(
                "parameters.csv",
                DATED,
                "steady_state_change,2020-04-01,2024-03-31,0.1,share,Team",
                "steady_state_change,2025-04-01,,0.05,share,Team",
            ),
        ),
        [
            (
                "parameters.csv, from: must have a steady_state_change on 2024-04-01; known from 2020-04-01 to "
                "2024-03-31, from 2025-04-01 on"
            )
        ],
    ),
    (
        "a deflator without a rate",
        (new("parameters.csv", DATED, *INDEX),),
        [
            (
                "parameters.csv, name: must have rows of discount_rate: a present value needs discount_rate and "
                "gdp_deflator"
            )
        ],
    ),
    (
        "values that overlap, though others lie between them",
        (
            new(
                "parameters.csv",
                DATED,
                "steady_state_change,2023-04-01,2026-03-31,0.05,share,Team",
                "steady_state_change,2020-04-01,2021-03-31,0.05,share,Team",
                "steady_state_change,2024-04-01,2025-03-31,0.05,share,Team",
                "steady_state_change,2025-04-01,,0.05,share,Team",
            ),
        ),
        [
            "parameters.csv, row 4, from: must be after row 2 ends on 2026-03-31; it is '2024-04-01'",
            "parameters.csv, row 5, from: must be after row 2 ends on 2026-03-31; it is '2025-04-01'",
        ],
    ),
    (
        "two values from one day",
        (new("parameters.csv", DATED, RATE, *INDEX, RATE.replace("0.035", "0.03")),),
        ["parameters.csv, row 5: must not repeat row 2 (the same name and from)"],
    ),
    (
        "a value that ends before it begins",
        (new("parameters.csv", DATED, "steady_state_change,2024-04-01,2024-03-31,0.05,share,Team"),),
        ["parameters.csv, row 2, to: must not be before from; it is '2024-03-31'"],
    ),
    (
        "values that change inside a year",
        (
            new(
                "parameters.csv",
                DATED,
                RATE,
                "discount_rate,2025-01-01,,0.03,a year,Treasury",
                *INDEX,
                "steady_state_change,2020-01-01,2025-09-30,0.05,share,Team",
            ),
        ),
        [
            (
                "parameters.csv, row 3, from: must be a 1 April, for a financial year has one discount_rate; it is "
                "'2025-01-01'"
            ),
            (
                "parameters.csv, row 6, to: must be a 31 March, for a financial year has one steady_state_change; it "
                "is '2025-09-30'"
            ),
        ],
    ),
    (
        "deflators of calendar years",
        (new("parameters.csv", DATED, RATE, *(row.replace("-04-", "-01-") for row in INDEX)),),
        [
            (
                "parameters.csv, row 4, from: must be a 1 April, for a financial year has one gdp_deflator; it is "
                "'2025-01-01'"
            )
        ],
    ),
    (
        "an index on two bases",
        (new("parameters.csv", DATED, RATE, INDEX[0], INDEX[1].replace("index", "2019/20 = 100")),),
        ["parameters.csv, row 4, unit: must be 'index', as row 3 says of gdp_deflator; it is '2019/20 = 100'"],
    ),
    (
        "cells of parameters that cannot be read",
        (
            new(
                "parameters.csv",
                DATED,
                "discount_rate,01/04/2024,,3.5%,a year,Treasury",
                "gdp_deflator,2024-04-01,,,index,Treasury",
                "gdp_deflator,2025-04-01,31/03/2026,102,,",
            ),
        ),
        [
            f"parameters.csv, row 2, from: {REWRITTEN}; it is '01/04/2024'",
            "parameters.csv, row 2, value: must be a fraction, without a per cent sign: write 0.035; it is '3.5%'",
            "parameters.csv, row 3, value: must not be blank",
            "parameters.csv, row 4, source: must not be blank",
            f"parameters.csv, row 4, to: {REWRITTEN}; it is '31/03/2026'",
            "parameters.csv, row 4, unit: must not be blank",
        ],
    ),
    (
        "a history that does not lead up to the forecast",
        (new("history.csv", "year,starts,ceases,closing,source", "2023/24,180,232,480,Returns"),),
        [
            (
                "history.csv, row 2, closing: must be the children of opening.csv, 487, with whom the forecast "
                "begins; it is 480"
            )
        ],
    ),
    (
        "a history with a gap",
        (
            new(
                "history.csv",
                "year,starts,ceases,closing,source",
                "2021/22,198,219,539,Returns",
                "2023/24,180,232,487,Returns",
            ),
        ),
        [
            (
                "history.csv, row 2, year: must be 2022/23: the years follow one another up to the forecast; it is "
                "'2021/22'"
            )
        ],
    ),
    (
        "a history that does not add up",
        (
            new(
                "history.csv",
                "year,opening,starts,ceases,closing,source",
                "2022/23,566,198,219,539,Returns",
                "2023/24,,180,230,487,Returns",
            ),
        ),
        [
            "history.csv, row 2, opening: must be closing less starts plus ceases, 560; it is 566",
            (
                "history.csv, row 3, closing: must be those at the end of 2022/23, 539, plus its starts less its "
                "ceases; it is 487"
            ),
        ],
    ),
]


@pytest.mark.parametrize(("edits", "expected"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
def test_what_is_said_of(edits, expected, tmp_path):
    write(tmp_path, edited(SMALL, *edits))
    with pytest.raises(InputError) as refused:
        read_project(tmp_path)
    assert [str(p) for p in refused.value.problems] == expected


def test_everything_at_once(tmp_path):
    spoilt = edited(
        FULL,
        row("settings.csv", 2, "title,"),
        row("scenarios.csv", 4, "half,Half the plan,nochange,0.8,1.05,,0.9"),
        row("opening.csv", 2, "fostering,0-9,,,-180"),
        row("starts.csv", 3, "no_change,2025/27,,,,180"),
        more("starts.csv", "plan,2025/26,,,,102"),
        row("survival.csv", 4, ",0-9,3,35%"),
        row("moves.csv", 2, ",fostering,residental,0.002"),
        row("prices.csv", 3, 'residential,2024-04-01,,"5,800",'),
        new("uplift.csv", "year,rates,source", "2025/26,0.04,Plan"),
        row("population.csv", 4, "2026,2018 projections,50000,Projections"),
        row("weights.csv", 2, "medium,high,0.2,0.4,0.7,,"),
        row("budget.csv", 2, "Placements,2024/25,42500000,,,700000;200000,1;2,Book"),
        row("assumptions.csv", 3, "starts_factor,1,1.2,1.15,times,Spread,,"),
        more("parameters.csv", "gdp_deflater,2026-04-01,,104,2024/25 = 100,Deflators"),
        new("forcast.csv", "scenario"),
    )
    write(tmp_path, spoilt)
    with pytest.raises(InputError) as refused:
        read_project(tmp_path)
    assert str(refused.value).splitlines() == [
        "assumptions.csv, row 3, low: must be <= value, 1; it is 1.2",
        "budget.csv, row 2, delivery: must be >= 0 and <= 1, every one; number 2 is not; it is 2",
        "forcast.csv: must be one of the files of a project (did you mean forecast.csv?)",
        "moves.csv, row 2, to: must be one of fostering, residential (did you mean residential?); it is 'residental'",
        "opening.csv, row 2, children: must be >= 0; it is -180",
        "parameters.csv, row 6, name: must be one of discount_rate, gdp_deflator, steady_state_change "
        "(did you mean gdp_deflator?); it is 'gdp_deflater'",
        "population.csv, mid_year: must have the population of mid-2025, for the rate on 31 March 2026",
        "prices.csv, row 3, price_week: must be a plain number, without pound signs, commas or blanks: write 5800; "
        "it is '5,800'",
        "prices.csv, row 3, source: must not be blank",
        "scenarios.csv, row 4, starts_from: must be one of no_change, plan, half (did you mean no_change?); "
        "it is 'nochange'",
        "settings.csv, row 2, value: title must not be blank",
        "starts.csv, row 3, year: must be two years that follow one another, as 2025/26 does; it is '2025/27'",
        "starts.csv, row 6: must not repeat row 5 (the same scenario and year)",
        "survival.csv, row 4, share: must be a fraction, without a per cent sign: write 0.35; it is '35%'",
        "uplift.csv, row 1, rates: must be one of the columns placement, year, rate, source (did you mean rate?)",
        "weights.csv, row 2, approved_by: must not be blank",
        "weights.csv, row 2, approved_on: must not be blank",
    ]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="must be a folder with the input files"):
        read_project(tmp_path / "nowhere")


def test_tables_are_told_by_the_row_they_would_have_in_a_file():
    tables = frames(edited(SMALL, row("starts.csv", 4, "plan,2024/25,,,,-4")))
    tables["starts"].index = [30, 10, 20, 40]
    with pytest.raises(InputError) as refused:
        project_from(tables)
    assert str(refused.value) == "starts.csv, row 4, starts: must be >= 0; it is -4"


def test_blank_rows_keep_the_numbers_of_the_rows_below(tmp_path):
    spoilt = edited(SMALL, row("starts.csv", 4, "plan,2024/25,,,,-4"))
    spoilt["starts.csv"][1:1] = ["", ",,,,,"]
    with pytest.raises(InputError) as refused:
        read_project(write(tmp_path, spoilt))
    assert str(refused.value) == "starts.csv, row 6, starts: must be >= 0; it is -4"


def test_a_table_of_no_known_name():
    with pytest.raises(InputError, match=r"start: must be one of the tables of a project \(did you mean starts\?\)"):
        project_from({**frames(SMALL), "start": frames(SMALL)["starts"]})
