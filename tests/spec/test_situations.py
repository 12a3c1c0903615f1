"""Every situation that policy staff wrote, by its sentence; and what their files promise."""

from datetime import date
from pathlib import Path

import ibis
import pytest
from ibis.expr.operations import Literal
from typer import Typer
from typer.testing import CliRunner

from features import parameters
from features.engines import memory_warehouse
from features.errors import UserError
from features.rules import READS, RULES, STATUSES, describe
from features.rules.command import situations as command
from features.rules.core import Universe
from features.rules.situations import Situation, differences, load_situations, run_situations

PROFILE = {
    "household_id": "string",
    "number": "string",
    "district_code": "string",
    "urban_rural": "string",
    "category": "string",
    "in_programme": "boolean",
    "authorised": "boolean",
}
MEMBERS = {"household_id": "string", "person_id": "string", "born_on": "date", "joined_on": "date"}
#: Without authorisation income and property are never certain: a family that never applied shows signs only.
NEVER_CERTAIN = {("tekun", Universe.REGISTER)}
FOLDER = Path(__file__).parent / "situations"
LISTED = [situation for file in sorted(FOLDER.glob("*.yaml")) for situation in load_situations(file)]


@pytest.fixture(scope="module")
def answers() -> dict[str, dict]:
    judged = run_situations(LISTED, parameters.load())
    return {situation.name: answer for situation, answer in zip(LISTED, judged, strict=True)}


@pytest.mark.parametrize("situation", LISTED, ids=lambda situation: situation.name)
def test_situation(situation: Situation, answers: dict[str, dict]) -> None:
    assert differences(situation, answers[situation.name]) == []


def test_names_are_sentences_and_unique() -> None:
    names = [situation.name for situation in LISTED]
    assert len(set(names)) == len(names) >= 150
    assert all(len(name.split()) >= 4 for name in names)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_file_alone_is_the_same_city(file: Path) -> None:
    """A department's latest month is that of all situations run together, so each file must reach it."""
    whole = latest_months(LISTED)
    own = latest_months(load_situations(file))
    assert own == {place: whole[place] for place in own}


def latest_months(situations: list[Situation]) -> dict[tuple, str]:
    """Of each date, universe and monthly source the last month that any record reaches."""
    found: dict[tuple, str] = {}
    for one in situations:
        for source, records in one.records.items():
            for record in records:
                if last := record.get("to_month"):
                    place = (one.as_of, one.universe, source)
                    found[place] = max(str(last), found.get(place, ""))
    return found


@pytest.fixture(scope="module")
def facts() -> dict[Universe, ibis.Table]:
    """The table rules and statuses look at, in each universe, with nobody in it."""
    return {universe: described(universe) for universe in Universe}


def described(universe: Universe) -> ibis.Table:
    warehouse, kept = memory_warehouse({}), {}
    tables = {name: warehouse.table(name) for name in READS[universe]}
    tables["members"] = ibis.table(MEMBERS, name="members")
    profile = ibis.table(PROFILE, name="profile")

    def keep(name: str, table: ibis.Table) -> ibis.Table:
        kept[name] = ibis.table(table.schema(), name=name)
        return kept[name]

    values = ibis.table(parameters.schema(), name="values")
    describe(profile, tables, ibis.literal(date(2025, 12, 31)), values, universe, keep)
    return kept["law_answers"]


def seen(kind: str, code: str, universe: Universe) -> set[str]:
    """The words situations of a universe expect of a rule or status."""
    expected = [one.expect.get(kind, {}) for one in LISTED if one.universe is universe]
    return {str(told[code]).lower() for told in expected if code in told}


DECLARED = [("rules", rule, rule.universe) for rule in RULES]
DECLARED += [("statuses", status, universe) for status in STATUSES for universe in status.universes]


@pytest.mark.parametrize(("kind", "one", "universe"), DECLARED, ids=lambda told: getattr(told, "code", told))
def test_every_article_is_seen_met_not_met_and_open(kind, one, universe, facts) -> None:
    """What is a question and never a finding is seen asked, not asked, and unanswered."""
    words = seen(kind, one.code, universe)
    never = isinstance(one.expression(facts[universe]).met.op(), Literal)
    met, still_open = ({"unknown"}, {"unanswered"}) if never else ({"true"}, {"unknown", "unanswered"})
    if (one.code, universe) in NEVER_CERTAIN:
        met = {"unknown"}
    for wanted, meaning in ((met, "met"), ({"false"}, "not met"), (still_open, "open")):
        assert words & wanted, f"{one.article}: no situation of {universe} where {one.code} is {meaning}"


@pytest.mark.long
def test_command_ends_with_the_count_and_exit_code_one_where_something_differs(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "- name: A couple without income is paid far too much\n  as_of: 2025-12-31\n  region: 990102\n"
        "  household: {declared_income_yuan: 0, income_period: month}\n"
        "  members: [{who: a, born_on: 1970-02-01}]\n  expect: {entitled_low_yuan: 9999}\n"
    )
    app = Typer()
    app.command()(command)
    result = CliRunner().invoke(app, [str(file), "--json"])
    assert result.exit_code == 1
    assert result.stdout.strip().splitlines()[-1] == '{"situations": 1, "failed": 1}'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("- as_of: 2025-12-31\n", "name"),
        ("- name: No members at all\n  as_of: 2025-12-31\n  region: 1\n  expect: {}\n", "members"),
        ("- {name: x, as_of: 2025-12-31, region: 1, members: [], expect: {}, colour: red}\n", "colour"),
        ("- {name: x, as_of: 2025-12-31, region: 1, members: [], expect: {}, silent: [bank]}\n", "bank"),
        ("a: [b\n", "cannot be read"),
        ("{}\n", "list"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_mend(text: str, named: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(UserError) as refused:
        load_situations(file)
    assert "mine.yaml" in str(refused.value)
    assert named in str(refused.value)


PLAIN = """
- name: A person alone without any income
  as_of: 2025-12-31
  region: 990102
  household: {declared_income_yuan: 0, income_period: month}
  members: [{who: a, born_on: 1970-02-01}]
  records: {balances: [{who: a, institution: 甲, kind: deposit, balance_yuan: 1, as_of_on: 2025-09-30}]}
  silent: [pensions]
  parameters: {dwellings_limit: 1}
  expect: {entitled_low_yuan: 1210, rules: {income_fell: true}, statuses: {dibao: true}}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("household:", "houshold:", "houshold: 不认识的键，是否为 household"),
        ("declared_income_yuan:", "declared_income:", "did you mean declared_income_yuan?"),
        ("income_period: month", "income_period: mounth", "did you mean month?"),
        ("born_on:", "born:", "members.born: 不认识的键，是否为 born_on"),
        ("born_on: 1970-02-01", "born_on: 1970.2.1", "members.born_on: 应为日期"),
        ("who: a, born_on", "born_on", "members.who: 缺少"),
        ("balances:", "balance:", "did you mean balances?"),
        ("balance_yuan: 1,", "balance_yuan: one,", "records.balances.balance_yuan: 应为数字"),
        ("balance_yuan:", "balance:", "did you mean balance_yuan?"),
        ("as_of_on: 2025-09-30", "as_of_on: 2025-09-31", "must be a date"),
        ("who: a, institution", "from_month: 2025-01, institution", "records.balances.from_month"),
        ("silent: [pensions]", "silent: [pension]", "did you mean pensions?"),
        ("silent: [pensions]", "silent: pensions", "silent: 应为列表"),
        ("dwellings_limit:", "dwelling_limit:", "did you mean dwellings_limit?"),
        ("entitled_low_yuan:", "entitled_yuan:", "did you mean entitled_"),
        ("income_fell:", "income_fall:", "expect.rules.income_fall: 不认识的键，是否为 income_fell"),
        ("income_fell: true", "income_fell: maybe", "expect.rules.income_fell: maybe"),
        ("{dibao: true}", "{dibo: true}", "did you mean dibao?"),
        ("as_of: 2025-12-31", "as_of: today", "as_of: 应为日期"),
        ("as_of: 2025-12-31", "as_of: 2025-12-31\n  urban_rural: city", "urban_rural: city"),
        ("as_of: 2025-12-31", "as_of: 2025-12-31\n  authorised: 7", "authorised: 应为 true 或 false"),
    ],
)
def test_a_wrong_key_or_word_is_named_with_the_right_one(right, wrong, told, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(PLAIN)
    assert len(load_situations(file)) == 1
    file.write_text(PLAIN.replace(right, wrong, 1))
    with pytest.raises(UserError) as refused:
        load_situations(file)
    assert "mine.yaml: A person alone without any income: " in str(refused.value)
    assert told in str(refused.value)


def test_every_situation_that_cannot_be_used_is_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text((PLAIN + PLAIN.replace("alone", "by oneself")).replace("region:", "regoin:"))
    with pytest.raises(UserError) as refused:
        load_situations(file)
    assert str(refused.value).count("did you mean region?") == 2
