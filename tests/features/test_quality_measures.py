"""What each measure of quality counts, and what it does not."""

from datetime import date
from typing import Any

import pytest

from features import parameters
from features.engines import memory_warehouse
from features.quality.counts import LEAST, Share
from features.quality.measures import MEASURES
from features.quality.report import run_report
from features.sources import DEPARTMENTS, SOURCES
from tests.features.quality_city import ARRIVED, AS_OF, ASIDE, FILES, MONTHS, report_of_city, tables

#: Measure -> faults, units, households touched (None: not said). 14 households, 19 memberships.
EXPECTED: dict[str, tuple[int, int, int | None]] = {
    "stale_contacts": (6, 14, 6),  # B, C, D, E, F and G
    "contact_missing": (1, 14, 1),
    "contact_invalid": (1, 13, 1),
    "contact_shared": (3, 13, 3),
    "contact_unreachable": (1, 2, 1),  # G; of K the last visit counts
    "address_differs": (2, 14, 2),  # K, and I, whose head lives in H; A is spelled otherwise
    "repeated_keys": (1, 82, 0),
    "person_in_two_households": (4, 19, 4),  # TWICE, and the head of H and I
    "household_twice": (2, 14, 2),
    "dead_still_listed": (1, 19, 1),
    "paid_after_death": (3, 11, 1),  # two pensions, and a benefit that ends today
    "custody_and_benefit": (1, 19, 1),
    "member_lives_elsewhere": (1, 18, 1),
    "vehicle_still_listed": (1, 3, 1),
    "wages_far_apart": (1, 2, 1),
    "unknown_numbers": (2, 43, 1),  # UNREGISTERED and NOBODY
    "names_disagree": (1, 16, 1),  # each person once a table and month
    "number_disagrees": (1, 17, 1),
    "dangling_references": (1, 17, 0),  # Z; 14 households by their members, G and K by their visits
    "wrong_credit_codes": (1, 2, 0),  # an old number of 15 digits has no check character
    "overlap_unemployment": (1, 2, 1),
    "overlap_unseen": (1, 1, 1),
    "declared_period": (3, 5, 3),  # L, M and N
    "year_in_a_month": (1, 1, 0),
    "late_rows": (1, 3, 0),
    "rejected_rows": (4, 40, None),
    "rejected_numbers": (3, 40, None),
}


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return report_of_city()


def of(report: dict[str, Any], code: str) -> dict[str, Any]:
    return next(measure for measure in report["measures"] if measure["code"] == code)


@pytest.mark.parametrize("code", EXPECTED)
def test_the_measure_counts_what_was_planted_and_not_its_look_alike(report, code: str) -> None:
    found = of(report, code)
    assert (found["hits"], found["of"], found["households"]) == EXPECTED[code]


def test_every_measure_is_tried_here() -> None:
    others = {"silent_tables", "late_tables", "missing_months", "unseen_people"}
    assert set(MEASURES) == set(EXPECTED) | others


def test_tables_that_never_came_leave_every_household_without_an_answer(report) -> None:
    found, delivered = of(report, "silent_tables"), set(tables())
    assert (found["hits"], found["of"]) == (len(SOURCES) - len(delivered), len(SOURCES))
    assert found["households"] == report["households"] == 14
    silent = {row["table"] for row in report["tables"] if row["state"] == "never"}
    assert silent == set(SOURCES) - delivered


def test_a_month_that_did_not_come_is_missed_and_the_latest_two_are_not_yet(report) -> None:
    by_department = {row["department"]: row for row in of(report, "missing_months")["by_department"]}
    # October of pensions, contributions and unemployment benefit: the last has no October.
    assert (by_department["human_resources"]["hits"], by_department["human_resources"]["of"]) == (1, 3)
    assert (by_department["taxation"]["hits"], by_department["taxation"]["of"]) == (0, 1)


def test_a_member_whom_the_register_should_know_is_missed(report) -> None:
    by_department = {row["department"]: row for row in of(report, "unseen_people")["by_department"]}
    assert (by_department["public_security"]["hits"], by_department["public_security"]["of"]) == (1, 19)
    assert "education" not in by_department, "what never came is told by silent_tables"


def test_a_few_are_no_percentage(report) -> None:
    found = of(report, "stale_contacts")
    assert not found["enough"]
    assert found["share"] is found["low"] is found["high"] is None
    assert Share(LEAST, 2 * LEAST).told()["share"] == 0.5


@pytest.mark.parametrize(("hits", "units"), [(0, 30), (1, 30), (15, 30), (30, 30), (3, 10_000)])
def test_the_interval_holds_the_share_and_stays_a_share(hits: int, units: int) -> None:
    low, high = Share(hits, units).interval or (None, None)
    assert 0 <= low <= hits / units <= high <= 1
    assert high > low


def test_the_interval_is_wilsons() -> None:
    low, high = Share(10, 100).interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)  # Wilson 1927, z = 1.96


def test_streets_and_months_sum_to_the_whole(report) -> None:
    for code in ("stale_contacts", "dead_still_listed", "names_disagree"):
        found = of(report, code)
        for name in ("hits", "of", "households"):
            assert sum(row[name] for row in found["by_street"]) == found[name]
        assert found["by_month"][-1]["month"] == "2025-12"
        assert found["by_month"][-1]["hits"] == found["hits"]
    late = of(report, "late_rows")
    assert sum(row["of"] for row in late["by_month"]) == late["of"]


def test_what_touches_most_households_is_mended_first(report) -> None:
    ranked = [(fault["households"] or 0, fault["hits"]) for fault in report["mend_first"]]
    assert ranked == sorted(ranked, reverse=True)
    assert ranked[0][0] == 14
    assert not {"contact_missing", "overlap_unemployment"} & {f["measure"] for f in report["mend_first"]}


@pytest.mark.long
def test_only_what_was_known_on_the_date_is_seen() -> None:
    warehouse = memory_warehouse(tables())
    before = run_report(warehouse, parameters.load(), date(2025, 12, 27), MONTHS, FILES, ASIDE)
    assert ARRIVED == "2025-12-28"
    assert before["households"] == 0
    assert of(before, "stale_contacts")["of"] == 0
    assert of(before, "late_rows")["of"] == 3
    assert of(before, "vehicle_still_listed")["of"] == 3


@pytest.mark.long
def test_of_one_department_only_what_is_its_to_mend_is_told() -> None:
    warehouse = memory_warehouse(tables())
    own = run_report(warehouse, parameters.load(), AS_OF, MONTHS, FILES, ASIDE, department="public_security")
    found = {row["department"] for measure in own["measures"] for row in measure["by_department"]}
    assert found == {"public_security"}
    assert {row["department"] for row in own["tables"]} == {"public_security"}
    assert of(own, "vehicle_still_listed")["hits"] == 1
    assert of(own, "stale_contacts")["of"] == 0


@pytest.mark.long
def test_without_an_authorisation_nothing_of_plane_a_is_said_of_a_household() -> None:
    rows = tables()
    for home in rows["household_register"]:
        home["authorised_until"] = "2025-06-01"
    found = run_report(memory_warehouse(rows), parameters.load(), AS_OF, 1, FILES, ASIDE)
    for code in ("custody_and_benefit", "wages_far_apart"):
        assert of(found, code)["of"] == 0
    for code in ("vehicle_still_listed", "year_in_a_month"):
        assert of(found, code)["hits"] == 1
        assert of(found, code)["by_street"] == []
        assert of(found, code)["households"] == 0
    assert of(found, "dead_still_listed")["households"] == 1


@pytest.mark.long
def test_an_empty_warehouse_says_that_nothing_came() -> None:
    empty = run_report(memory_warehouse({}), parameters.load(), AS_OF, 2)
    assert empty["households"] == 0
    assert of(empty, "silent_tables")["hits"] == len(SOURCES)
    others = [m for m in empty["measures"] if m["code"] != "silent_tables"]
    assert all(measure["of"] == 0 and measure["share"] is None for measure in others)
    assert {fault["measure"] for fault in empty["mend_first"]} == {"silent_tables"}


def test_no_value_of_a_person_is_in_the_report(report) -> None:
    told = str(report)
    for name, rows in tables().items():
        for column in SOURCES[name].columns:
            if column.name in ("id_no", "head_id_no", "owner_id_no", "name", "address", "phone"):
                values = {str(row[column.name]) for row in rows if row.get(column.name)}
                assert not [value for value in values if value in told and value != "某处"]


def test_every_measure_says_what_it_is_whose_task_and_what_to_do() -> None:
    for code, measure in MEASURES.items():
        words = (measure.name, measure.means, measure.fault, measure.among, measure.mender, measure.why)
        for pair in (*words, measure.remedy):
            assert pair.zh, code
            assert pair.en, code
            assert pair.en.isascii() or "“" in pair.en, code
        assert set(measure.reads) <= {*SOURCES, "*"}, code
    assert set(DEPARTMENTS) >= {source.department for source in SOURCES.values()}
