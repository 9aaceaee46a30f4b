"""Projects for tests of the workbook: small, complete, and each with something that the others have not."""

COVER = "key,label,value\n" + "".join(
    f"{key},{key},{value}\n"
    for key, value in {
        "title": "=Eastport: children in care",
        "purpose": "A project that tests build.",
        "as_at": "2024-03-08",
        "version": "1.0",
        "status": "DRAFT",
        "owner": "Owner",
        "author": "Author",
        "reviewer": "Reviewer",
        "approver": "Approver",
    }.items()
)

#: Three placements, one rate of leaving, starts by placement and as totals, stated ceases, uplift by placement.
THREE = {
    "settings": "key,value\ntitle,Eastport\nfirst_year,2023/24\nyears,3\nbaseline,as_now\nplan_scenario,plan\n"
    "population_vintage,2024\n",
    "placements": "code,label\nfostering,Fostering\nresidential,=Children's homes\nsupported,Supported living\n",
    "scenarios": "scenario,label,starts_from,starts_factor,exit_factor,price_factor,attribution\n"
    "as_now,As now,,,,,\n"
    "plan,=The plan,,,,0.98,0.9\n"
    "half,Half the plan,plan,1.2,1.1,,\n"
    "half_again,A little of it,half,0.9,0.8,1.03,\n"
    "nobody,Nobody starts,,0,,,\n",
    "opening": "placement,years_in_care,children\nfostering,,210\nresidential,1.5,35\nresidential,,20\nsupported,,41\n",
    "starts": "scenario,year,placement,starts\n"
    + "".join(
        f"{code},{year},{place},{starts}\n"
        for code, factor in (("as_now", 1.0), ("nobody", 1.0))
        for year in ("2023/24", "2024/25", "2025/26")
        for place, starts in (("fostering", 90 * factor), ("residential", 12 * factor), ("supported", 30 * factor))
    )
    + "plan,2023/24,,120\nplan,2024/25,,101.5\nplan,2025/26,,80\n",
    "entry_mix": "placement,share\nfostering,0.7\nresidential,0.1\nsupported,0.2\n",
    "ceases": "scenario,year,ceases\nplan,2023/24,150\nplan,2025/26,70.5\nas_now,2024/25,140\n",
    "prices": "placement,from,to,price_week,source\nfostering,2022-10-01,,650,=Ledger\n"
    "residential,2023-04-01,,5400.5,Ledger\nsupported,2023-04-01,,900,Ledger\n",
    "uplift": "placement,year,rate,source\n"
    + "".join(
        f"{place},{year},{rate},Plan\n"
        for place, rate in (("fostering", 0.04), ("residential", 0.065), ("supported", 0))
        for year in ("2023/24", "2024/25", "2025/26")
    ),
    "population": "mid_year,vintage,population,source\n2022,2022,51000,Estimate\n2023,2023,50800,Estimate\n"
    "2023,2024,50700,Estimate\n2024,2024,50600,Projection\n2025,2024,50500,Projection\n",
    "assumptions": "name,value,low,high,unit,source,owner,date\n"
    "exit_hazard,0.42,0.3,0.5,a year,Returns,Team,2024-03-01\n"
    "starts_factor,1,0.9,1.1,times,=Judgement,Team,2024-03-01\nexit_factor,1,0.9,1.1,times,Judgement,Team,2024-03-01\n"
    "attribution,0.8,0.5,1,share,Judgement,Team,2024-03-01\n",
    "history": "year,opening,starts,ceases,closing,source\n"
    "2021/22,,140,130,318,Returns\n2022/23,318,120,132,306,Returns\n",
}

#: Totals alone: how readily children leave is worked back from the first year, and there are no past years.
TOTALS = {
    "settings": "key,value\ntitle,Eastport\nfirst_year,2024/25\nyears,2\nbaseline,now\n",
    "scenarios": "scenario,label,starts_from,starts_factor\nnow,As now,,\nfewer,Fewer,now,0.8\n",
    "opening": "children\n487\n",
    "starts": "scenario,year,starts\nnow,2024/25,140\nnow,2025/26,138\n",
    "ceases": "scenario,year,ceases\nnow,2024/25,215\n",
    "prices": "from,price_week,source\n2024-04-01,854.25,Ledger\n",
    "population": "mid_year,vintage,population,source\n2024,2024,50000,Estimate\n2025,2024,50000,Estimate\n",
}

#: What a workbook takes more simply: curves, ages, moves, starts by month, a price that changes within a year.
CURVES = TOTALS | {
    "settings": "key,value\ntitle,Eastport\nfirst_year,2024/25\nyears,2\nbaseline,now\nages,0;10;18\n",
    "placements": "code,label\nfostering,Fostering\nresidential,Children's homes\n",
    "opening": "placement,age,children\n"
    "fostering,0-9,180\nfostering,10-17,120\nresidential,0-9,10\nresidential,10-17,60\n",
    "entry_mix": "placement,age,share\n"
    "fostering,0-9,0.5\nfostering,10-17,0.3\nresidential,0-9,0.05\nresidential,10-17,0.15\n",
    "starts": "scenario,year,month,starts\nnow,2024/25,,140\n"
    + "".join(f"now,,{2025 + (m > 11)}-{(m % 12) + 1:02d},{8 + m % 3}\n" for m in range(3, 15)),
    "survival": "placement,age,years,share\nfostering,0-9,0.5,0.75\nfostering,0-9,1,0.6\nfostering,0-9,3,0.35\n"
    "fostering,10-17,0.5,0.7\nfostering,10-17,2,0.4\nresidential,0-9,1,0.5\nresidential,10-17,0.5,0.8\n"
    "residential,10-17,8,0\n",
    "moves": "from,to,chance\nfostering,residential,0.004\nresidential,fostering,0.01\n",
    "assumptions": "name,value,low,high,unit,source,owner,date\n"
    "tail_hazard,0.25,0.2,0.3,a year,Returns,Team,2024-03-01\n",
    "prices": "placement,from,to,price_week,source\nfostering,2024-04-01,2024-10-31,600,Ledger\n"
    "fostering,2024-11-01,,640,Ledger\nresidential,2024-04-01,,5400,Ledger\n",
}


def write_project(folder, model, **book):
    """Write a project's folders `model` and `book`; the cover is there unless another is given."""
    for name, tables in (("model", model), ("book", {"cover": COVER} | book)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for table, text in tables.items():
            (folder / name / f"{table}.csv").write_text(text, "utf-8")
    return folder
