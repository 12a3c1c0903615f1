"""A computation of any size, for tests of its page: the rows the judge would keep, written by hand."""

from datetime import date
from typing import Any

from features import parameters
from features.parameters.workdays import load_workdays
from features.rules.clocks import read_clocks
from features.rules.trace.lines import COUNTED, NOT_COUNTED, Trace, trace_of

AS_OF = date(2025, 12, 31)
URBAN = "990102"
SOURCES = {"pension": "pensions", "pension_left_out": "pensions", "land": "land_subsidies"}
DATED = ("deposit", "self_paid", "earned", "car", "home", "entity")
HOME: dict[str, Any] = {
    "household_id": "H0", "number": "99010200100123", "district_code": URBAN, "urban_rural": "urban",
    "category": "dibao", "authorised": True, "eligibility": "unknown",
    "article": "《最低生活保障审核确认办法》第四条", "missing_item": "withholding", "entitled_low_fen": 0,
    "entitled_high_fen": 480_500, "benefit_fen": 480_500, "interest_year_fen": 30_050,
    "gross_year_fen": 4_030_050, "deduction_year_fen": 120_000, "income_recorded_year_fen": 3_910_050,
    "declared_doubtful": False, "declared_low_year_fen": 3_600_000, "wages_fallen_year_fen": 100_000,
    "income_low_year_fen": 3_910_050, "income_high_year_fen": 9_910_050, "wage_bound_year_fen": 4_800_000,
    "pension_bound_year_fen": 1_200_000, "line_fen": 1_452_000, "line_year_fen": 7_260_000,
    "law_standard_fen": 121_000, "per_head_low_fen": 65_167, "per_head_high_fen": 165_167,
    "over_line": False, "under_line": False, "deposit_fen": 2_000_000, "deposit_limit_all_fen": 14_520_000,
    "assumed_year_fen": 0,
    "cars": 1, "cars_over": 0, "cars_unpriced": 1, "dwellings": 1, "shops": 0, "companies": 1,
    "company_over": True, "business_year_fen": 0, "basis_high_fen": 3_349_950, "rounded_high_fen": 279_200,
    "supplement_severe_fen": 60_500, "supplement_ill_fen": 60_500, "supplement_minors_fen": 60_500,
    "supplement_supplement_old_fen": 19_800, "withholding_state": "not_returned",
    **{f"law_income_kinds_counted_{kind}": True for kind in ("wages", "business", "property", "transfer")},
    **{f"passed_{code}": False for code in ("deposits", "cars", "dwellings", "shops", "companies")},
    **{f"{name}_on": date(2025, 9, 30) for name in DATED},
    **{f"{name}_known_on": date(2025, 12, 10) for name in (*DATED, "register")},
    "granted_on": date(2023, 6, 15),
}  # fmt: skip


def example_trace(
    members: int = 3,
    kinds: int = 2,
    gone: int = 0,
    clocks: bool = False,
    backwards: bool = False,
    **home: Any,
) -> Trace:
    """So many people, each with so many kinds of income; the last `gone` of them do not count."""
    row = {**HOME, "persons": members - gone, **home}
    people = [
        {
            "person_id": f"P{place:03d}",
            "born_on": date(1950 + 5 * place, 2, 1),
            "relation": "子女",
            "why": "custody" if place >= members - gone else None,
            "gone_on": date(2025, 3, 1) if place >= members - gone else None,
            "gone_known_on": date(2025, 4, 1) if place >= members - gone else None,
        }
        for place in range(members)
    ]
    incomes = [
        {
            "person_id": person["person_id"],
            "code": code,
            "source": None if code == "employment_cost" else SOURCES.get(code, "withholding"),
            "amount_fen": -120_000 if code in ("employment_cost", "pension_left_out") else 1_234_567,
            "first_on": date(2025, 9, 1),
            "last_on": date(2025, 11, 1),
            "known_on": date(2025, 12, 10),
        }
        for person in people
        for code in (*COUNTED, *NOT_COUNTED)[:kinds]
    ]
    values = parameters.load()
    application = {"applied_on": date(2025, 11, 3), "decided_on": None, "decision": "pending"}
    running = read_clocks(application, URBAN, "urban", values, load_workdays(), AS_OF) if clocks else ()
    if backwards:
        people, incomes = people[::-1], incomes[::-1]
    if backwards:
        people, incomes = people[::-1], incomes[::-1]
    return trace_of(row, people, incomes, values, AS_OF, running)
