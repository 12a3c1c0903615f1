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
