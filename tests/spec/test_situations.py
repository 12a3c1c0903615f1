"""Every situation that policy staff wrote, by its sentence; and what their files promise."""

from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from features import parameters
from features.errors import UserError
from features.rules import RULES
from features.rules.command import situations as command
from features.rules.situations import Situation, differences, load_situations, run_situations

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
    assert len(set(names)) == len(names) >= 30
    assert all(len(name.split()) >= 4 for name in names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_seen_at_work_and_at_rest(rule) -> None:
    verdicts = {
        str(situation.expect["rules"][rule.code]).lower()
        for situation in LISTED
        if rule.code in situation.expect.get("rules", {})
    }
    assert verdicts & {"true", "unknown"}, "no situation where the rule finds something"
    assert verdicts & {"false", "unanswered"}, "no situation where it finds nothing"


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
