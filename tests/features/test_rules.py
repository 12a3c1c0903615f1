"""What rules are allowed to see, how they are declared, and the shape of what they say."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from features import parameters
from features.engines import memory_warehouse
from features.identity.pseudonym import household_id, person_id
from features.known import known
from features.parameters.declared import DECLARED
from features.rules import READS, RULES, STATUSES, describe
from features.rules.core import Question, Universe, rule
from features.rules.facts import needs
from features.rules.facts.assemble import ON_FILE, SHARED
from features.rules.facts.assemble import REGISTER as REGISTER_FACTS
from features.rules.facts.households import UNREAD
from features.rules.facts.rows import latest
from features.rules.judgement import TIE_BREAK, UNCLEAR_SHARE, result_names, rules_of
from features.rules.money import divide_down, divide_up, fen, millionths, share_down, yuan
from features.sources import SOURCES
from features.sources.core import Plane

AS_OF = date(2025, 12, 31)
KEY = "practice"
PROFILE = pa.schema(
    [
        ("household_id", pa.string()),
        ("number", pa.string()),
        ("district_code", pa.string()),
        ("urban_rural", pa.string()),
        ("category", pa.string()),
        ("in_programme", pa.bool_()),
        ("authorised", pa.bool_()),
        ("deaths_confidence", pa.float64()),
    ]
)
REGISTER = {
    "category": "dibao",
    "declared_income_yuan": 0,
    "income_period": "month",
    "benefit_yuan_month": 1150,
}


def test_discovery_reads_shared_records_only() -> None:
    planes = {source: SOURCES[source].plane for source in READS[Universe.REGISTER]}
    assert set(planes.values()) == {Plane.B}
    assert all(SOURCES[one.source].plane is Plane.B for one in rules_of(Universe.REGISTER))


def test_every_rule_rests_on_a_source_it_may_read_and_cites_an_article() -> None:
    for one in RULES:
        assert one.source in (*READS[one.universe], "household_members")
        assert "《" in one.article or "通知" in one.article
        assert one.zh
        assert one.en
        assert one.expression.__doc__
        assert one.weight * UNCLEAR_SHARE > TIE_BREAK


def test_what_is_listed_as_unread_is_declared_and_no_rule_asks_for_it() -> None:
    folder = Path(__file__).parents[2] / "features" / "rules"
    text = "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    for name in UNREAD:
        column = name.removesuffix("_yuan") + "_fen" if DECLARED[name].unit.is_money else name
        assert re.search(rf"law_{column}\b", text) is None, name


def test_codes_are_unique_and_every_question_has_rules() -> None:
    codes = [one.code for one in RULES]
    assert len(set(codes)) == len(codes)
    assert {one.question for one in RULES} == set(Question)


def test_every_rule_and_status_declared_in_a_file_is_listed() -> None:
    folder = Path(__file__).parents[2] / "features" / "rules"
    declared = [line for file in folder.glob("*.py") for line in file.read_text().splitlines()]
    assert sum(line.startswith("@rule(") for line in declared) == len(RULES)
    assert sum(line.startswith("@status(") for line in declared) == len(STATUSES)


def test_every_status_is_told_in_two_languages_and_cites_its_text() -> None:
    codes = [one.code for one in STATUSES]
    assert len(set(codes)) == len(codes)
    for one in STATUSES:
        assert "《" in one.article or "通知" in one.article
        assert all((one.zh, one.en, one.universes, one.expression.__doc__))
        assert all(len(words) == 2 and all(words) for words in (one.amount, one.due) if words)


def test_a_rule_on_an_undeclared_source_is_refused() -> None:
    with pytest.raises(KeyError, match="bank_secrets"):
        rule(question=Question.EXIT_DUE, article="", zh="", en="", source="bank_secrets", weight=1.0)


def test_money_enters_and_leaves_exactly() -> None:
    amounts = [Decimal("0.01"), Decimal("9999999999999.99"), Decimal("1210.00"), Decimal("0.29")]
    kind = pa.decimal128(18, 2)
    table = ibis.memtable(pa.table({"amount": pa.array(amounts, kind)}))
    whole = table.mutate(whole=fen(table.amount))
    rows = ibis.duckdb.connect().to_pyarrow(whole.mutate(back=yuan(whole.whole)))
    assert rows["whole"].to_pylist() == [1, 999999999999999, 121000, 29]
    assert rows["back"].to_pylist() == amounts
    assert rows["back"].type == kind


def test_divisions_round_once_and_to_the_stated_side() -> None:
    table = ibis.memtable({"whole": [0, 1, 1199, 1200, 1201, 9_007_199_254_739_999]})
    answer = table.select(
        down=divide_down(table.whole, 1200),
        up=divide_up(table.whole, 1200),
        share=share_down(table.whole % 1_000_000, millionths(ibis.literal(Decimal("0.6"), "decimal(12,6)"))),
    )
    rows = ibis.duckdb.connect().to_pyarrow(answer)
    values = [0, 1, 1199, 1200, 1201, 9_007_199_254_739_999]
    assert rows["down"].to_pylist() == [value // 1200 for value in values]
    assert rows["up"].to_pylist() == [-(-value // 1200) for value in values]
    assert rows["share"].to_pylist() == [value % 1_000_000 * 6 // 10 for value in values]


def profile_row(number: str, **changed: object) -> dict[str, object]:
    return {
        "household_id": household_id(number, KEY),
        "number": number,
        "district_code": "990102",
        "urban_rural": "urban",
        "category": "dibao",
        "in_programme": True,
        "authorised": True,
        "deaths_confidence": 0.85,
        **changed,
    }


@pytest.fixture(scope="module")
def judged() -> dict[str, pa.Table]:
    """One household with a death and a car, one with only a stall, one clean, one without authorisation."""
    people = {"1": ["a", "b"], "2": ["c"], "3": ["d"], "4": ["e", "f"], "5": ["f", "g"]}
    car = {"plate_masked": "甲A1", "kind": "car", "listed_price_yuan": 80000, "registered_on": "2022-01-01"}
    stall = {"uscc": "E", "kind": "individual_business", "registered_on": "2024-01-01", "status": "active"}
    dead = {"died_on": "2025-09-30", "received_on": "2025-10-20"}
    rows = {
        "household_register": [{"household_no": number, **REGISTER} for number in people],
        "deaths": [
            {"id_no": "a", **dead},
            {"id_no": "d", "died_on": "2025-12-30", "received_on": "2026-01-20"},
        ],
        "vehicles": [{"owner_id_no": "b", **car}, {"owner_id_no": "e", **car}],
        "entities": [{"legal_representative_id_no": "c", **stall}],
    }
    warehouse = memory_warehouse(rows, key=KEY)
    keep = warehouse.connection.create_table
    tables = {name: known(warehouse.table(name), SOURCES[name], AS_OF) for name in READS[Universe.ON_FILE]}
    members = [
        {
            "household_id": household_id(number, KEY),
            "person_id": person_id(who, KEY),
            "born_on": date(1970, 1, 1),
        }
        for number, listed in people.items()
        for who in listed
    ]
    tables["members"] = ibis.memtable(
        pa.Table.from_pylist(members).append_column("joined_on", pa.nulls(len(members), pa.date32()))
    )
    listed = [profile_row(number, authorised=number != "4") for number in people]
    profile = ibis.memtable(pa.Table.from_pylist(listed, PROFILE))
    values = parameters.in_force(parameters.load(), AS_OF)
    judgement = describe(profile, tables, ibis.literal(AS_OF), values, Universe.ON_FILE, keep)
    return {
        "judgements": warehouse.connection.to_pyarrow(judgement.judgements),
        "findings": warehouse.connection.to_pyarrow(judgement.findings),
    }


def found(judged: dict[str, pa.Table], number: str) -> dict[str, dict]:
    rows = judged["findings"].to_pylist()
    return {row["rule"]: row for row in rows if row["household_id"] == household_id(number, KEY)}


def test_judgements_have_the_agreed_columns_and_types(judged) -> None:
    table = judged["judgements"]
    money = [name for name in table.column_names if name.endswith("_yuan")]
    scores = [name for name in table.column_names if name.startswith("rule_score_")]
    assert len(money) == 7 + sum(one.amount is not None for one in STATUSES)
    assert table.column_names == result_names(Universe.ON_FILE)
    assert all(table.schema.field(name).type == pa.decimal128(18, 2) for name in money)
    assert all(table.schema.field(name).type == pa.float64() for name in scores)
    assert {"household_id", "eligibility", "missing_item", "article"} <= set(table.column_names)
    assert len(scores) == len(Question)


def test_a_finding_carries_its_article_department_dates_amount_and_confidence(judged) -> None:
    death = found(judged, "1")["death_not_followed_up"]
    assert death["verdict"] == "true"
    assert death["question"] == "exit_due"
    assert death["department"] == "civil_affairs"
    assert death["event_on"] == date(2025, 9, 30)
    assert death["known_on"] == date(2025, 10, 20)
    assert death["amount_yuan"] == Decimal("1210.00")
    assert "1210.00" in death["zh"]
    assert "1210.00" in death["en"]
    assert death["confidence"] == 0.85
    assert found(judged, "1")["vehicle_over_limit"]["confidence"] == 1.0


def test_what_does_not_settle_it_is_unknown_and_nothing_is_no_finding(judged) -> None:
    assert found(judged, "2")["market_entity_active"]["verdict"] == "unknown"
    assert set(found(judged, "2")) == {"market_entity_active", "paid_less_than_entitled"}
    assert set(found(judged, "3")) == {"paid_less_than_entitled"}


def test_a_death_delivered_after_the_date_is_not_seen(judged) -> None:
    assert "death_not_followed_up" not in found(judged, "3")


def test_without_authorisation_plane_a_is_not_read(judged) -> None:
    assert "vehicle_over_limit" not in found(judged, "4")


def test_scores_order_facts_before_questions_before_nothing(judged) -> None:
    rows = {row["household_id"]: row for row in judged["judgements"].to_pylist()}
    hidden = {number: rows[household_id(number, KEY)]["rule_score_hidden_income"] for number in "123"}
    assert hidden["1"] > hidden["2"] > hidden["3"] == 0
    assert rows[household_id("1", KEY)]["rule_score_exit_due"] > 4
    assert rows[household_id("3", KEY)]["rule_score_exit_due"] == 0


def test_a_member_listed_in_two_households_is_covered_twice_in_both(judged) -> None:
    rows = {row["household_id"]: row for row in judged["judgements"].to_pylist()}
    told = {number: rows[household_id(number, KEY)]["status_covered_twice"] for number in "12345"}
    assert told == {"1": "false", "2": "false", "3": "false", "4": "true", "5": "true"}


def judged_once(
    rows: dict[str, list[dict]], people: dict[str, list[str]], authorised: str, universe: Universe
) -> tuple[dict[str, dict], dict[str, list[dict]]]:
    """Judgements and findings by household number; born 1970, and of the numbers in `authorised` asked."""
    warehouse = memory_warehouse(rows, key=KEY)
    tables = {name: known(warehouse.table(name), SOURCES[name], AS_OF) for name in READS[universe]}
    kinds = pa.schema([("household_id", pa.string()), ("person_id", pa.string())])
    listed = [
        {"household_id": household_id(number, KEY), "person_id": person_id(who, KEY)}
        for number, members in people.items()
        for who in members
    ]
    born = ibis.date(1970, 1, 1)
    members = ibis.memtable(pa.Table.from_pylist(listed, kinds))
    tables["members"] = members.mutate(born_on=born, joined_on=ibis.null("date"))
    on_file = universe is Universe.ON_FILE
    profile = [profile_row(n, authorised=n in authorised, in_programme=on_file) for n in people]
    judgement = describe(
        ibis.memtable(pa.Table.from_pylist(profile, PROFILE)), tables, ibis.literal(AS_OF),
        parameters.in_force(parameters.load(), AS_OF), universe, warehouse.connection.create_table,
    )  # fmt: skip
    named = {household_id(number, KEY): number for number in people}
    found: dict[str, list[dict]] = {number: [] for number in people}
    for row in warehouse.connection.to_pyarrow(judgement.findings).to_pylist():
        found[named[row["household_id"]]].append(row)
    judgements = warehouse.connection.to_pyarrow(judgement.judgements).to_pylist()
    return {named[row["household_id"]]: row for row in judgements}, found


def test_what_one_family_authorised_is_not_told_of_another_that_lists_the_same_person() -> None:
    """`p` is in custody, `q` left school and is insured; both stand on file 1 (authorised) and on file 2."""
    rows = {
        "household_register": [
            {"household_no": n, **REGISTER, "declared_income_yuan": 300, "granted_on": "2024-01-01"}
            for n in "12"
        ],
        "custody": [{"id_no": "p", "from": "2025-06-01"}],
        "enrolments": [{"id_no": "q", "stage": "bachelor", "from": "2021-09-01", "to": "2025-06-30"}],
        "contributions": [
            {"id_no": "q", "employer_name": "某厂", "month": f"2025-{month}-01", "base_yuan": 5000}
            for month in ("09", "10", "11")
        ],
    }
    people = {"1": ["p", "q", "r"], "2": ["p", "q", "s"]}
    judgements, findings = judged_once(rows, people, "1", Universe.ON_FILE)
    plane_a = {"member_in_custody", "graduate_with_wages"}
    assert {row["rule"] for row in findings["1"]} & plane_a == plane_a
    assert {row["rule"] for row in findings["2"]} & plane_a == set()
    # Three persons count at home 2: what is possible there is three standards less what was declared.
    standard = judgements["2"]["standard_yuan"]
    assert judgements["2"]["entitled_high_yuan"] == 3 * standard - 300


def test_a_programme_is_told_with_its_own_day() -> None:
    """An allowance that another programme began later opens no settled finding again."""
    drawn = {"amount_yuan_month": 500}
    rows = {
        "other_benefits": [
            {"id_no": "a", "programme": "orphan", "from": "2022-01-01", "received_on": "2022-02-20", **drawn},
            {"id_no": "b", "programme": "temporary_relief", "from": "2025-09-01",
             "received_on": "2025-09-20", **drawn},
            {"id_no": "c", "programme": "old_age", "from": "2025-11-01",
             "received_on": "2025-11-20", **drawn},
        ]
    }  # fmt: skip
    _, findings = judged_once(rows, {"1": ["a", "b", "c"]}, "", Universe.REGISTER)
    told = {row["rule"]: (str(row["event_on"]), str(row["known_on"])) for row in findings["1"]}
    assert told["orphan"] == ("2022-01-01", "2022-02-20")
    assert told["temporary_relief_running"] == ("2025-09-01", "2025-09-20")


def test_a_status_gives_no_points(judged) -> None:
    """Household 5 has statuses and no rule against it: nothing may put it on a list of risk."""
    rows = {row["household_id"]: row for row in judged["judgements"].to_pylist()}
    row = rows[household_id("5", KEY)]
    assert row["status_covered_twice"] == "true"
    assert row["rule_score_hidden_income"] == row["rule_score_exit_due"] == 0


def test_what_a_family_pays_for_school_is_no_fact_of_discovery() -> None:
    """Fees are auxiliary (plane X): no fact of the register universe reads them."""
    assert needs.school_costs in ON_FILE
    assert needs.school_costs not in SHARED
    assert needs.school_costs not in REGISTER_FACTS


def test_missing_tables_are_named() -> None:
    profile = ibis.memtable(pa.Table.from_pylist([profile_row("1")], PROFILE))
    values = parameters.in_force(parameters.load(), AS_OF)
    with pytest.raises(KeyError, match="members"):
        describe(profile, {}, ibis.literal(AS_OF), values, Universe.REGISTER)


def test_two_values_of_one_day_are_told_alike_whatever_their_order() -> None:
    rows = [{"on": date(2025, 6, 30), "fen": 700}, {"on": date(2025, 9, 30), "fen": 100},
            {"on": date(2025, 9, 30), "fen": 300}]  # fmt: skip
    for order in (rows, rows[::-1]):
        table = ibis.memtable(order)
        found = ibis.duckdb.connect().to_pyarrow(table.aggregate(fen=latest(table.fen, table.on)))
        assert found["fen"].to_pylist() == [300]
