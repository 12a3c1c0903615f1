"""What other parameters would change, told from the real rules on a city of a few households."""

import csv
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from features import parameters
from features.__main__ import app
from features.engines import memory_warehouse
from features.errors import UserError
from features.household import Universe
from features.identity.pseudonym import household_id
from features.known import load_calendar
from features.parameters import Parameters
from features.parameters.choices import LINKED
from features.parameters.reading import DIRECTORY
from features.profile_files import profile_file
from features.replay.baseline import compare
from features.replay.changes import Change, changes
from features.replay.page import page
from features.replay.proposal import changed_values, next_change, proposed, without_households
from features.replay.report import report
from features.replay.run import Replay
from tests.features.small_city import ARRIVED, AS_OF, Case, tables_of
from tests.features.test_profile_command import deliver

#: Every proposal is judged beside the values in force: the rules are described again for each.
pytestmark = pytest.mark.long

KEY = "practice"
REGION = (DIRECTORY / "region_990102.yaml").read_text(encoding="utf-8")
STANDARD = "      2025-07-01: {value: 1210, reference: 练习甲区民发〔2025〕9号}\n"
DEPOSITS = "    unit: months\n    reference: 《最低生活保障审核确认办法》第十四条；练习甲区民发〔2022〕18号\n"
DEPOSITS += "    values:\n      2023-01-01: 24\n"
SECOND_STREET = "990102002001"


def adult(**columns: Any) -> dict[str, dict[str, Any]]:
    return {"a": {"born_on": "1980-01-01", **columns}}


def declared(yuan: int, **columns: Any) -> dict[str, Any]:
    return {"declared_income_yuan": yuan, "benefit_yuan_month": 100, **columns}


def saved(yuan: int) -> dict[str, list[dict[str, Any]]]:
    row = {"id_no": "a", "institution": "甲银行", "kind": "deposit", "as_of_on": "2025-09-30"}
    return {"balances": [{**row, "balance_yuan": yuan}]}


SCHOOL = {"enrolments": [{"id_no": "b", "stage": "primary", "from": "2025-09-01"}]}
CASES = (
    Case("poor", adult(), household=declared(0, benefit_yuan_month=1210)),
    Case("saver", adult(), saved(20_000), declared(200, benefit_yuan_month=1010)),
    Case("marginal", adult(), household=declared(1900, category="dibao_marginal")),
    Case(
        "at_the_exit",
        {"a": {"born_on": "1980-01-01"}, "b": {"born_on": "2015-01-01"}},
        SCHOOL,
        declared(2300, benefit_yuan_month=120, region_code=SECOND_STREET),
    ),
    Case("silent", adult(), household=declared(0, authorised_until="2025-06-01")),
    Case("rural", adult(), household=declared(0, region_code="990123001001", urban_rural="rural")),
)


#: The cases and the stranger's household.
HOUSEHOLDS = len(CASES) + 1


@pytest.fixture(scope="module")
def now() -> Parameters:
    return parameters.load()


@pytest.fixture(scope="module")
def city(now: Parameters) -> Replay:
    warehouse = memory_warehouse(tables_of(CASES), received_on=ARRIVED)
    return Replay(warehouse, load_calendar(warehouse), now, Universe.ON_FILE, KEY)


def proposal_of(now: Parameters, folder: Path, *replaced: tuple[str, str]) -> Parameters:
    file = folder / "new.yaml"
    file.write_text(changed(*replaced), encoding="utf-8")
    return proposed(now, [file])


def changed(*replaced: tuple[str, str]) -> str:
    """The city's file with some text replaced."""
    text = REGION
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def raised(yuan: int) -> tuple[str, str]:
    return STANDARD, STANDARD.replace("1210", str(yuan))


#: A report, and its rows by the name of the case.
Found = tuple[dict[str, Any], dict[str, dict[str, Any]]]


def compared(city: Replay, before: ibis.Table, after: ibis.Table) -> Found:
    rows = city.keep("changes", changes(before, after))
    listed = {row["household_id"]: row for row in rows.to_pyarrow().to_pylist()}
    named = {case.name: listed[household_id(case.name, KEY)] for case in CASES}
    return report(rows, before, after, city.rules), named


@pytest.fixture(scope="module")
def today(city: Replay, now: Parameters) -> ibis.Table:
    """Answers of today's values on today's households."""
    city.see(AS_OF)
    return city.judge("before", now, AS_OF)


@pytest.fixture(scope="module")
def higher(
    city: Replay, now: Parameters, today: ibis.Table, tmp_path_factory: pytest.TempPathFactory
) -> Found:
    """A standard of 1,300 in the place of 1,210."""
    then = proposal_of(now, tmp_path_factory.mktemp("higher"), raised(1300))
    return compared(city, today, city.judge("after", then, AS_OF))


@pytest.fixture(scope="module")
def stricter(
    city: Replay, now: Parameters, today: ibis.Table, tmp_path_factory: pytest.TempPathFactory
) -> Found:
    """Deposits of twelve standards in the place of 24; a marginal household keeps all that is linked."""
    kept = ("      2023-01-01: [linked_education_aid_yuan]", f"      2023-01-01: [{', '.join(LINKED)}]")
    limit = (DEPOSITS, DEPOSITS.replace("24", "12"))
    then = proposal_of(now, tmp_path_factory.mktemp("stricter"), limit, kept)
    return compared(city, today, city.judge("after", then, AS_OF))


@pytest.fixture(scope="module")
def same(city: Replay, today: ibis.Table) -> Found:
    return compared(city, today, today)


def test_a_higher_standard_raises_amounts_and_lets_in_whom_it_reaches(higher: Found) -> None:
    found, rows = higher
    assert {name: row["change"] for name, row in rows.items()} == {
        "poor": Change.AMOUNT_UP,
        "saver": Change.AMOUNT_UP,
        "marginal": Change.NEWLY_ELIGIBLE,
        "at_the_exit": Change.AMOUNT_UP,
        "silent": Change.UNKNOWN,
        "rural": Change.UNCHANGED,
    }
    assert rows["poor"]["entitled_low_fen"] - rows["poor"]["entitled_low_fen_before"] == 9_000
    month = found["all"]["month"]
    # 90 yuan for each of four members of three households; the marginal one has no monthly amount.
    assert month["certain_change_yuan"] == month["gained_yuan"] == Decimal("360.00")
    assert month["lost_yuan"] == 0
    # The silent household may be due 90 more as well: its unknown answer is in the upper figure.
    assert rows["silent"]["entitled_high_fen"] - rows["silent"]["entitled_high_fen_before"] == 9_000
    assert isinstance(month["certain_after_yuan"], Decimal)


def test_streets_and_categories_sum_to_all(higher: Found) -> None:
    found, _ = higher
    assert [street["street_code"] for street in found["streets"]] == ["990102001", "990102002", "990123001"]
    whole = found["all"]
    assert sum(whole["changes"].values()) == whole["households"] == HOUSEHOLDS
    assert sum(move["households"] for move in found["moves"]) == HOUSEHOLDS
    for parts in (found["streets"], found["categories"]):
        for change in Change:
            assert sum(part["changes"][change] for part in parts) == whole["changes"][change]
        for name, amount in whole["month"].items():
            assert sum(part["month"][name] for part in parts) == amount
    turned = {
        name: sum(street["findings"][name] for street in found["streets"]) for name in ("raised", "gone")
    }
    assert turned == found["all"]["findings"]
    assert turned == {name: sum(rule[name] for rule in found["rules"]) for name in ("raised", "gone")}
    assert turned["raised"]
    assert found["streets"][1]["changes"][Change.AMOUNT_UP] == 1
    assert found["streets"][2]["month"]["at_most_change_yuan"] == 0


def test_a_stricter_limit_ends_eligibility_and_the_linked_benefits_with_it(stricter: Found) -> None:
    found, rows = stricter
    assert rows["saver"]["change"] == Change.NO_LONGER_ELIGIBLE
    exits = found["all"]["exits"]
    assert exits["households"] == 1
    assert exits["benefit_yuan"] == Decimal("1010.00")
    # Insurance 35 for one member, heating 60, power 8: over the property limit nothing is kept.
    assert exits["linked_yuan"] == exits["linked_most_yuan"] == Decimal("103.00")
    assert found["all"]["month"]["lost_yuan"] == Decimal("1010.00")
    turned = {row["rule"]: (row["raised"], row["gone"]) for row in found["rules"]}
    assert turned["deposits_over_limit"] == (1, 0)
    # Who stands at the exit for income would keep everything as a marginal household.
    assert found["all"]["near_exit"]["households"] == 1
    assert found["all"]["near_exit"]["linked_yuan"] == 0


def test_a_household_at_the_exit_is_shown_what_a_little_more_income_would_cost(same: Found) -> None:
    found, rows = same
    near = found["all"]["near_exit"]
    assert [name for name, row in rows.items() if row["near_exit"]] == ["at_the_exit"]
    # Insurance 35 for two, heating 60, power 8; the pupil's aid is kept by a marginal household.
    assert near["linked_yuan"] == Decimal("138.00")
    assert near["benefit_yuan"] == Decimal("120.00")


def test_the_same_values_change_nothing(same: Found) -> None:
    found, rows = same
    assert found["all"]["different"] == 0
    assert not any(row["different"] for row in rows.values())
    assert found["rules"] == []
    assert {name for name, row in rows.items() if row["change"] == Change.UNKNOWN} == {"silent"}


def test_a_standard_dated_next_month_changes_answers_from_that_date_only(
    city: Replay, now: Parameters, today: ibis.Table, higher: Found, stricter: Found, tmp_path: Path
) -> None:
    del higher, stricter  # Computed before the city is seen on another day.
    dated = STANDARD + "      2026-01-01: {value: 1300, reference: 练习甲区民发〔2025〕30号}\n"
    then = proposal_of(now, tmp_path, (STANDARD, dated))
    first_day = AS_OF + timedelta(days=1)
    assert changed_values(now, then, AS_OF) == []
    assert next_change(now, then, AS_OF) == first_day
    found, rows = compared(city, today, city.judge("after", then, AS_OF))
    assert found["all"]["different"] == 0
    assert rows["poor"]["entitled_low_fen"] == 121_000
    # Next month's law on today's households says what it will say on its day.
    _, early = compared(city, today, city.judge("after", then, first_day))
    city.see(first_day)
    before = city.judge("first_day", now, first_day)
    _, rows = compared(city, before, city.judge("after", then, first_day))
    assert rows["poor"]["entitled_low_fen_before"] == 121_000
    assert rows["poor"]["entitled_low_fen"] == early["poor"]["entitled_low_fen"] == 130_000
    assert rows["rural"]["different"] is False


def test_values_that_no_rule_reads_are_told_apart(now: Parameters, tmp_path: Path) -> None:
    unread = ("      2023-01-01: 8.00", "      2023-01-01: 9.00")
    rows = changed_values(now, proposal_of(now, tmp_path, unread, raised(1300)), AS_OF)
    assert [(row["parameter"], row["side"], row["read"]) for row in rows] == [
        ("standard", "urban", True),
        ("standard", "rural", True),
        ("linked_power_yuan", "urban", False),
        ("linked_power_yuan", "rural", False),
    ]


def test_todays_answers_are_held_against_the_judgements_written(today: ibis.Table, tmp_path: Path) -> None:
    read = today.select("household_id", "eligibility", "entitled_low_fen", "entitled_high_fen")
    rows = read.to_pyarrow().to_pylist()
    written = [
        {
            "household_id": row["household_id"],
            "eligibility": row["eligibility"],
            "entitled_low_yuan": Decimal(row["entitled_low_fen"]).scaleb(-2),
            "entitled_high_yuan": Decimal(row["entitled_high_fen"]).scaleb(-2),
        }
        for row in rows
    ]
    file = profile_file(tmp_path, "judgements", "on_file", AS_OF)
    file.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(written), file)
    assert compare(today, tmp_path, "on_file", AS_OF) == {
        "households": HOUSEHOLDS,
        "differ": 0,
        "in_one_only": 0,
    }
    written[0]["eligibility"], written[1]["entitled_high_yuan"] = "moved", Decimal("-1.00")
    pq.write_table(pa.Table.from_pylist(written[:-1]), file)
    assert compare(today, tmp_path, "on_file", AS_OF) == {
        "households": HOUSEHOLDS - 1,
        "differ": 2,
        "in_one_only": 1,
    }


def test_judgements_of_another_date_are_no_baseline(tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(REGION, encoding="utf-8")
    arguments = ["--warehouse", "w", "--from-parameters", str(tmp_path / "new.yaml"), "--as-of", "2025-12-31"]
    arguments += ["--profiles", str(tmp_path)]
    later = CliRunner().invoke(app, ["replay", *arguments, "--law-on", "2026-01-01"])
    assert "leave out --law-on, or --profiles" in str(later.exception)
    none = CliRunner().invoke(app, ["replay", *arguments])
    assert "holds no on_file profiles as of 2025-12-31" in str(none.exception)


def test_a_faulty_or_a_doubled_proposal_is_refused(now, tmp_path: Path) -> None:
    new, again = tmp_path / "new.yaml", tmp_path / "again.yaml"
    new.write_text(changed(("  shops_limit:\n", "  shop_limit:\n")), encoding="utf-8")
    with pytest.raises(UserError, match=r"new\.yaml: parameters\.shop_limit.*did you mean shops_limit"):
        proposed(now, [new])
    for file in (new, again):
        file.write_text(REGION, encoding="utf-8")
    with pytest.raises(UserError, match="two files speak of 990102; give one of them"):
        proposed(now, [new, again])
    with pytest.raises(UserError, match="no such file"):
        proposed(now, [tmp_path / "none.yaml"])


def test_a_new_district_is_compared_with_none_and_told_if_nobody_lives_there(
    now: Parameters, higher: Found, tmp_path: Path
) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(REGION.replace("990102", "990150"), encoding="utf-8")
    rows = changed_values(now, proposed(now, [file]), AS_OF)
    assert {(row["district"], row["before"]) for row in rows} == {("990150", None)}
    assert without_households(rows, higher[0]["streets"]) == ["990150"]


def test_a_national_proposal_stands_in_the_place_of_the_countrys_values(now, tmp_path: Path) -> None:
    text = (DIRECTORY / "national.yaml").read_text(encoding="utf-8")
    file = tmp_path / "proposal.yaml"
    file.write_text(text.replace("2021-07-01: 1.5", "2021-07-01: 1.6"), encoding="utf-8")
    then = proposed(now, [file])
    assert {row["parameter"] for row in changed_values(now, then, AS_OF)} == {"marginal_factor"}
    assert then.districts == now.districts


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], Any]:
    """The command on a warehouse on disk, with every file it can write."""
    folder = tmp_path_factory.mktemp("replay")
    deliver(folder / "warehouse", tables_of(CASES), ARRIVED)
    held = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    limits = "    values:\n      2023-01-01: 6\n  gradual_exit_formula:"
    longer = (limits, limits.replace(": 6", ": 12"))
    (folder / "new.yaml").write_text(changed(raised(1300), longer), encoding="utf-8")
    options = {
        "--warehouse": folder / "warehouse",
        "--from-parameters": folder / "new.yaml",
        "--as-of": AS_OF,
        "--page": folder / "out" / "page.html",
        "--csv": folder / "out" / "streets.csv",
        "--households": folder / "out" / "households.csv",
    }
    arguments = [str(word) for pair in options.items() for word in pair]
    result = CliRunner().invoke(app, ["replay", *arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    after = sorted(path.relative_to(folder) for path in (folder / "warehouse").rglob("*"))
    assert [path for path in held if path.parts[0] == "warehouse"][1:] == after
    return folder, json.loads(result.stdout.splitlines()[-1]), result


def test_the_command_tells_values_streets_and_contradictions(told) -> None:
    _, answer, result = told
    assert answer["universes"]["on_file"]["all"]["month"]["certain_change_yuan"] == "360.00"
    assert [row["parameter"] for row in answer["changed"]] == ["standard"] * 2 + ["gradual_exit_months"] * 2
    (finding,) = answer["contradictions"]
    assert finding["key"] == "gradual_exit_months.values.2023-01-01"
    assert "渐退期" in result.stderr
    unread = [row["parameter"] for row in answer["changed"] if not row["read"]]
    assert ("no rule reads it" in result.stderr) == bool(unread)


def test_its_files_name_streets_and_pseudonyms_only(told) -> None:
    folder, answer, _ = told
    with (folder / "out" / "streets.csv").open(encoding="utf-8-sig") as file:
        streets = list(csv.DictReader(file))
    assert [row["street_code"] for row in streets] == ["990102001", "990102002", "990123001"]
    assert sum(Decimal(row["certain_change_yuan"]) for row in streets) == Decimal("360.00")
    with (folder / "out" / "households.csv").open(encoding="utf-8-sig") as file:
        households = {row["household_id"]: row for row in csv.DictReader(file)}
    expected = ("poor", "saver", "marginal", "at_the_exit", "silent")
    assert set(households) >= {household_id(name, KEY) for name in expected}
    assert household_id("rural", KEY) not in households
    assert answer["universes"]["on_file"]["households_listed"] == len(households)
    assert (folder / "out" / "households.csv").stat().st_mode & 0o077 == 0
    text = (folder / "out" / "page.html").read_text(encoding="utf-8")
    for word in ("<script", "http://", "https://", *(household_id(name, KEY) for name in expected)):
        assert word not in text
    assert "+360.00" in text


def test_of_families_that_authorised_nobody_only_findings_are_told(
    city: Replay, now: Parameters, today: ibis.Table, higher: Found
) -> None:
    rows = changes(today, today)
    found = report(rows, today, today, city.rules, money=False)
    assert found["all"]["month"] is None
    assert found["all"]["findings"] == {"raised": 0, "gone": 0}
    told = {"as_of": str(AS_OF), "law_on": str(AS_OF), "changed": [], "next_change_on": None}
    text = page({**told, "contradictions": [], "universes": {"register": found}}, now)
    assert "只能看主动发现的线索" in text
    assert "元/月" not in text


def test_the_page_says_so_where_nothing_differs(now) -> None:
    told = {
        "as_of": "2025-12-31",
        "law_on": "2025-12-31",
        "changed": [],
        "next_change_on": "2026-01-01",
        "contradictions": [],
        "universes": {},
    }
    text = page(told, now)
    assert "The two are alike on that date" in text
    assert "2026-01-01 起另有不同" in text
