"""A small city in which every measure of quality has a fault planted, and its innocent look-alike."""

from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from features import parameters
from features.engines import memory_warehouse
from features.quality.ground import Arrived, Rejected
from features.quality.report import run_report
from tests.features.landing_folder import id_no

AS_OF = date(2025, 12, 31)
MONTHS = 3
ARRIVED = "2025-12-28"
URBAN, BY_YEAR = "990102001001", "990102003001"
HOUSEHOLDS = "ABCDEFGHIKLMNO"
#: A credit code whose check character is right.
CODE = "91350100M000100Y43"
#: Whom a household's head is: one each, but of H and I the same.
HEADS = {home: number for number, home in enumerate(HOUSEHOLDS, start=1)} | {"I": HOUSEHOLDS.index("H") + 1}
#: Further members: in two households, dead, registered elsewhere, unknown to the register.
TWICE, DEAD, ELSEWHERE, UNREGISTERED = 21, 22, 23, 24
#: On no file: dead before, an owner, pensioner, and a number that nobody has.
PENSIONER, NOBODY = 31, 99


def person(number: int) -> str:
    """A man's valid identity number, belonging to nobody."""
    return id_no(2 * number + 1)


def address(home: str) -> str:
    """Where a household's file says that it lives."""
    return f"和平街道春晓社区建设路1号{HOUSEHOLDS.index(home) + 1}幢101室"


def _household(home: str) -> dict[str, Any]:
    own: dict[str, dict[str, Any]] = {
        "B": {"phone": None},
        "C": {"phone": "12345"},
        **{home: {"phone": "139 0000 0000"} for home in "DEF"},
        "K": {"declared_income_yuan": 500},
        "L": {"declared_income_yuan": 12_000},
        "M": {"declared_income_yuan": 300, "region_code": BY_YEAR},
        "N": {"declared_income_yuan": 300, "income_period": None},
        "O": {"declared_income_yuan": 3_600, "income_period": "year", "region_code": BY_YEAR},
    }
    return {
        "household_no": home,
        "head_id_no": person(HEADS[home]),
        "category": "dibao",
        "urban_rural": "urban",
        "region_code": URBAN,
        "address": address(home),
        "phone": f"138{HOUSEHOLDS.index(home):08d}",
        "granted_on": "2023-06-15",
        "declared_income_yuan": 0,
        "income_period": "month",
        "authorised_on": "2023-06-01",
        "authorised_until": "2026-06-01",
        **own.get(home, {}),
    }


def _resident(number: int, **own: Any) -> dict[str, Any]:
    homes = [home for home, head in HEADS.items() if head == number]
    return {
        "id_no": person(number),
        "name": f"练习{number}",
        "sex": "male",
        "born_on": "1970-01-02",
        "hukou_household_no": str(number),
        "residence_region_code": BY_YEAR if homes and homes[0] in "MO" else URBAN,
        "residence_address": address(homes[0]) if homes else "别处",
        **own,
    }


def _member(home: str, number: int, **own: Any) -> dict[str, Any]:
    return {
        "household_no": home,
        "id_no": person(number),
        "name": f"练习{number}",
        "joined_on": "2023-06-15",
        **own,
    }


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table, with the day each arrived."""
    number = HEADS.__getitem__
    married = {"id_no_a": person(number("A")), "id_no_b": person(number("B")), "married_on": "2001-05-01"}
    rows: dict[str, list[dict[str, Any]]] = {
        "household_register": [_household(home) for home in HOUSEHOLDS],
        "household_members": [
            *[_member(home, number(home)) for home in HOUSEHOLDS if home not in "DE"],
            _member("D", number("D"), name="王五"),  # another's name
            _member("E", number("E"), name="练习 5"),  # a blank is no other name
            _member("A", TWICE),
            _member("B", TWICE),
            _member("A", DEAD),
            _member("C", ELSEWHERE),
            _member("O", UNREGISTERED),
        ],
        "residents": [
            _resident(number("A"), residence_address="练习市和平街道 春晓社区建设路１号１栋101"),
            _resident(number("K"), residence_address="和平街道春晓社区建设路9号9幢909室"),
            *[_resident(number(home)) for home in HOUSEHOLDS if home not in "AIK"],
            _resident(TWICE),
            _resident(DEAD, died_or_cancelled_on="2025-09-01"),
            _resident(ELSEWHERE, residence_region_code="990102002001", born_on="1970-02-01"),
            _resident(PENSIONER),
        ],
        "verifications": [
            _visit("G", "2025-10-08", "no_change"),
            _visit("G", "2025-11-10", "unreachable"),
            _visit("K", "2025-10-08", "unreachable"),
            _visit("K", "2025-11-10", "no_change"),
            _visit("Z", "2025-11-10", "no_change"),  # of no household on file
        ],
        "deaths": [
            {"id_no": person(60), "died_on": "2025-01-01", "received_on": "2025-10-05"},  # first delivery
            {"id_no": person(61), "died_on": "2025-07-01", "received_on": "2025-12-05"},  # late
            {"id_no": person(62), "died_on": "2025-11-20", "received_on": "2025-12-05"},
        ],
        "marriages": [
            {**married, "received_on": "2025-10-05"},
            # An old marriage, and news of last month.
            {**married, "divorced_on": "2025-11-20", "received_on": "2025-12-05"},
        ],
        # Paid through the day itself.
        "other_benefits": [
            {
                "id_no": person(DEAD),
                "programme": "family_planning_award",
                "from": "2025-01-01",
                "to": str(AS_OF),
                "received_on": "2025-12-25",
            }
        ],
        "pensions": [
            *[_pension(DEAD, month, 200) for month in ("2025-09-01", "2025-10-01", "2025-11-01")],
            *[_pension(PENSIONER, f"2025-{month:02d}-01", 150) for month in (8, 9, 11)],
            _pension(PENSIONER, "2025-10-01", 1_800),
        ],
        "unemployment_benefits": [
            _dole(number("K"), "2025-09-01"),
            _dole(number("K"), "2025-11-01"),
            _dole(NOBODY, "2025-11-01"),
        ],
        "vehicles": [
            _vehicle(number("A"), registered_on="2020-01-01"),  # sold to B's head, and still listed
            _vehicle(number("B"), registered_on="2025-01-01"),
            _vehicle(number("C"), plate_masked="练B**2", registered_on="2020-01-01"),
        ],
        # Held through the day itself, which is the sentence's last.
        "custody": [
            {
                "id_no": person(number("F")),
                "from": "2025-08-01",
                "to": str(AS_OF),
                "received_on": "2025-12-25",
            }
        ],
        "withholding": [
            _wages(number("G"), "2025-10-01", 10_000, f"{CODE[:17]}4"),
            _wages(number("G"), "2025-09-01", 5_000),
        ],
        "contributions": [
            _base(number("G"), "2025-10-01", 4_800),
            _base(number("G"), "2025-09-01", 4_800),
            _base(number("G"), "2025-08-01", 4_250),  # the local floor tells no wage
        ],
        "grid_reports": [
            {
                "reported_on": "2025-12-02",
                "grid_code": "1",
                "kind": "hardship",
                "address": "某处",
                "received_on": "2025-12-03",
            }
        ]
        * 2,
    }
    for name in ("household_register", "household_members", "residents"):
        rows[name] = [{**row, "received_on": ARRIVED} for row in rows[name]]
    return rows


def _visit(home: str, selected_on: str, finding: str) -> dict[str, Any]:
    return {
        "household_no": home,
        "selected_on": selected_on,
        "visited_on": selected_on,
        "arm": "routine",
        "finding": finding,
        "received_on": "2025-12-05",
    }


def _pension(number: int, month: str, amount: int) -> dict[str, Any]:
    row = {"id_no": person(number), "kind": "resident", "month": month, "amount_yuan": amount}
    return {**row, "received_on": "2025-12-10"}


def _dole(number: int, month: str) -> dict[str, Any]:
    return {"id_no": person(number), "month": month, "amount_yuan": 2_000, "received_on": "2025-12-10"}


def _vehicle(number: int, **own: Any) -> dict[str, Any]:
    row = {"owner_id_no": person(number), "plate_masked": "练A**1", "kind": "car", "model": "朗逸"}
    return {**row, "listed_price_yuan": 90_000, "received_on": "2025-12-25", **own}


def _wages(number: int, month: str, yuan: int, payer: str = CODE) -> dict[str, Any]:
    row = {"id_no": person(number), "payer_uscc": payer, "kind": "wages", "month": month}
    return {**row, "income_yuan": yuan, "received_on": "2025-12-26"}


def _base(number: int, month: str, yuan: int) -> dict[str, Any]:
    row = {"id_no": person(number), "employer_uscc": "990102197001020", "month": month, "base_yuan": yuan}
    return {**row, "received_on": "2025-12-10"}


#: Files of the catalogue and rows set aside: 40 rows of taxation, four set aside, three for the number.
FILES = [
    Arrived("withholding", date(2025, 12, 26), 40, 36),
    Arrived("withholding", date(2025, 8, 26), 40, 40),
]
ASIDE = [
    Rejected("withholding", date(2025, 12, 26), "id_no", 3),
    Rejected("withholding", date(2025, 12, 26), "income_yuan", 1),
    Rejected("withholding", date(2025, 8, 26), "id_no", 9),  # before the months that are counted
]


@cache
def _report() -> dict[str, Any]:
    return run_report(memory_warehouse(tables()), parameters.load(), AS_OF, MONTHS, FILES, ASIDE)


def report_of_city() -> dict[str, Any]:
    """The report of this city; describing every measure takes seconds, so it is made once a process."""
    return deepcopy(_report())
