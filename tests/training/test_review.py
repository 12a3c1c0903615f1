"""A whole review of a small city, once: parts, page, card, twins that fail the build, comparison."""

import dataclasses
import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from features.errors import UserError
from models.bundle import BundleFeature, write_bundle
from tests.training.review_city import STREETS, review_city
from training import __main__ as command
from training.card import card
from training.compare import compare_bundles
from training.gates import GATES, gates
from training.profiles import ProfileStore
from training.register import impact_assessment, register_entry
from training.review import monotone
from training.review.archetypes import TWINS, archetypes
from training.review.listed import issued
from training.review.monotone import monotone_violations
from training.review.page import page, question_page, write_page
from training.review.parts import NAMES
from training.review.run import Request, read_review, run_review
from training.review.user_figures import by_order, once
from training.review.worth import silent_rows

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return review_city(tmp_path_factory.mktemp("review"))


@pytest.fixture(scope="module")
def case(made):
    return made.case()


def request_of(made, parts=NAMES, again=False):
    return Request(
        made.bundles, made.folder, made.folder, None, None, None, ("hidden_income",), parts, again, 7, 1
    )


@pytest.fixture(scope="module")
def reviewed(made):
    """Every part, by census, written to the bundles' folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.review.run.open_warehouse", lambda folder: made.warehouse)
        patch.setattr("training.review.run.read_census", lambda folder, universe: made.census)
        patch.setattr(monotone, "PROBES", 20_000)
        patch.setattr("training.review.stability.REFITS", 2)
        told: list[tuple[str, str]] = []
        run_review(request_of(made), lambda part, step: told.append((part, step)))
        again: list[tuple[str, str]] = []
        run_review(request_of(made), lambda part, step: again.append((part, step)))
    return read_review(made.bundles, "hidden_income", made.trained.bundle.version), told, again


def test_every_part_is_written_and_kept(reviewed):
    found, told, again = reviewed
    assert set(found) == set(NAMES)
    assert [part for part, step in told if step == "written"] == list(NAMES)
    assert again == [(name, "kept") for name in NAMES]


def test_a_review_of_another_bundle_is_not_this_ones(made, reviewed):
    assert read_review(made.bundles, "hidden_income", "2025-01-31-another") == {}


def test_the_model_beats_the_lot_and_staff_stand_beside_it(case, reviewed):
    found = reviewed[0]["equal_visits"]
    lines = found["at_staff_visits"]
    assert lines["model"]["precision"]["value"] > lines["random"]["precision"]["value"]
    assert lines["people"]["visits"] == lines["model"]["visits"] == case.people["visited"].sum()
    # Staff visit one in twenty, and where something is wrong one in four.
    assert lines["people"]["precision"]["value"] > 2 * lines["random"]["precision"]["value"]


def test_the_selected_alone_say_too_much_of_everybody(reviewed):
    naive = reviewed[0]["equal_visits"]["naive"]
    assert naive["share_positive"]["naive"] > 1.5 * naive["share_positive"]["true"]
    assert naive["precision_at_5"]["apart"] > 0.05


def test_the_unvisited_top_of_a_list_is_pending_and_never_a_negative(reviewed):
    for line in reviewed[0]["equal_visits"]["three_states"].values():
        assert line["low"] <= line["high"]
        assert line["confirmed"] + line["pending"] <= line["places"] + 0.1


def test_the_department_that_the_truth_lives_in_is_worth_most(reviewed):
    lines = {line["department"]: line for line in reviewed[0]["worth"]["departments"]}
    lost = {name: line["average_precision_lost"]["value"] for name, line in lines.items()}
    # The truth lives in deposits and wages; land, schools and housing only add noise.
    assert lost["taxation"] > max(lost[name] for name in ("agriculture", "education", "housing"))
    assert all(line["features"] > 0 for line in lines.values())


def test_no_departments_silence_raises_anybody(case, reviewed):
    worth = reviewed[0]["worth"]
    assert all(line["silence"]["raised"] == 0 for line in worth["departments"])
    assert worth["gates"]["no_score_rises"] is True
    silent = silent_rows(case, "financial")
    assert np.isnan(silent[:, case.bundle.names.index("property_deposits_yuan")]).all()


def test_no_twin_is_thought_worse_of(case):
    """Fails the build: nothing but a group's marks changed, and the risk rose."""
    found = archetypes(case)
    told = {line["group"]: line for line in found["lines"]}
    assert set(told) == {twin.group for twin in TWINS}
    assert sum(line["verdict"] == "held" for line in found["lines"]) >= 5
    assert found["holds"] is True, [line for line in found["lines"] if line["verdict"] == "exceeded"]
    for group in ("disabled", "ill", "migrant", "rural"):
        assert told[group]["share_risen"] == 0.0


def test_a_champion_that_looks_at_a_mark_is_caught(case, monkeypatch):
    raw = case.scored
    place = case.bundle.names.index("composition_working_age_count")
    # Whoever has fewer adults of working age is thought worse of: an old person alone, a single parent.
    unfair = lambda rows: raw(rows) - 0.5 * np.nan_to_num(rows[:, place])  # noqa: E731
    monkeypatch.setattr(type(case), "scored", lambda self, rows: unfair(rows))
    found = archetypes(case)
    assert found["holds"] is False
    exceeded = {line["group"] for line in found["lines"] if line["verdict"] == "exceeded"}
    assert "old_alone" in exceeded


def test_probes_find_nothing_in_the_champion(case):
    found = monotone_violations(case.bundle, case.judged.cohort.rows, probes=30_000)
    assert found["probes"] == 30_000
    assert found["silence_probes"] > 0
    assert found["violations"] == found["silence_violations"] == 0


def test_probes_find_a_feature_that_was_declared_the_other_way(case):
    """The strongest raising feature declared as lowering: its growth must be reported, by name."""
    wanted = "property_financial_yuan"

    def turned(feature: BundleFeature) -> BundleFeature:
        return dataclasses.replace(feature, raises=-1) if feature.name == wanted else feature

    bundle = dataclasses.replace(case.bundle, features=tuple(map(turned, case.bundle.features)))
    found = monotone_violations(bundle, case.judged.cohort.rows, probes=30_000)
    assert found["violations"] > 0
    assert found["features"] == [wanted]
    assert found["largest"] > 0


def test_nobody_is_visited_twice_where_identification_is_told(case):
    for pick in (by_order(case, case.raw), lambda fresh: issued(case, among=fresh)[fresh]):
        got = once(case, pick)
        assert got.sum() == sum(case.judged.capacity.values())
        visited = case.judged.cohort.household[got > 0]
        assert len(set(visited)) == len(visited)


def test_small_worlds_say_insufficient_evidence_and_how_much_is_needed(reviewed):
    agreement = reviewed[0]["user_figures"]["identification"]["lines"]["model"]["agreement"]
    assert agreement["enough"] is False
    assert agreement["n"] < agreement["needed"]
    assert set(reviewed[0]["burdens"]["gates"].values()) <= {None, True, False}
    lines = reviewed[0]["burdens"]["tables"]["list"]
    assert any(line["verdict"] == "insufficient" for line in lines)


def test_recorded_visits_judge_where_there_is_no_census(made):
    case = made.case(census=False)
    assert case.judged.source == "recorded"
    assert 0 < case.known.sum() < len(case.known)
    drawn = (case.judged.cohort.facts["arm"] == "random").to_numpy()
    assert set(np.unique(case.judged.trust[~drawn])) == {0.0}


def test_bundle_and_evaluation_of_two_runs_are_refused(made, tmp_path):
    write_bundle(dataclasses.replace(made.trained.bundle, version="another"), tmp_path / "hidden_income")
    (tmp_path / "evaluation.json").write_text((made.bundles / "evaluation.json").read_text())
    with pytest.raises(UserError, match="are of two runs"):
        dataclasses.replace(made, bundles=tmp_path).case()


def test_the_page_stands_alone_and_tells_every_part(made, reviewed):
    path = write_page(made.bundles, ("hidden_income",))
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|https?://(?!www\.w3\.org|purl\.org)|<link|@import", text)
    assert text.count("<svg") >= 3
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for words in (
        "证据不足",
        "insufficient evidence",
        "孪生家庭",
        "学习曲线",
        "独居老人",
        "工作人员自选",
        "签字",
    ):
        assert words in text
    assert (made.bundles / "review" / "hidden_income" / "figures" / "lift.svg").is_file()


def test_a_page_without_a_review_says_what_is_missing(made, tmp_path):
    write_bundle(made.trained.bundle, tmp_path / "hidden_income")
    (tmp_path / "evaluation.json").write_text((made.bundles / "evaluation.json").read_text())
    text = page([question_page(tmp_path, "hidden_income")])
    assert "尚未计算" in text
    assert "python -m training review" in text


def test_the_card_holds_what_the_review_found_and_says_what_is_missing(made, reviewed):
    bundle, evaluation = made.trained.bundle, made.trained.evaluation
    zh, en = card(bundle, evaluation, reviewed[0])
    assert "尚未评审" not in zh
    for heading in ("公平性", "孪生家庭", "漂移参照", "分组指标", "不得用于"):
        assert f"## {heading}" in zh
    for heading in ("Drift reference", "Features, sources and planes", "Fairness of list"):
        assert f"## {heading}" in en
    assert "20,000 probes, 0 violations" in en
    partial = {name: found for name, found in reviewed[0].items() if name != "burdens"}
    assert card(bundle, evaluation, partial)[0].count("尚未评审") == 1


def test_register_entry_and_assessment_leave_to_the_office_what_only_it_can_say(made, reviewed):
    bundle, evaluation = made.trained.bundle, made.trained.evaluation
    entry = register_entry(bundle, evaluation, reviewed[0])
    assert bundle.version in entry
    assert "由负责部门填写" in entry
    text = impact_assessment(bundle, evaluation, reviewed[0])
    for words in ("第五十五、五十六条", "须经授权", "银行" if "银行" in text else "金融机构", "不得仅凭分数"):
        assert words in text


def test_gates_read_evaluation_and_review_alike(made, reviewed):
    held = gates(made.trained.evaluation, reviewed[0])
    assert set(held) == {gate.code for gate in GATES}
    assert held["monotone"] is True
    assert held["silence"] is True
    assert held["twins"] is True
    without = gates(made.trained.evaluation)
    assert without["monotone"] is without["fair"] is without["twins"] is None


def test_the_same_bundle_changes_no_list_and_another_tells_who_enters(made, tmp_path):
    store, as_of = ProfileStore(made.folder), made.trained.bundle.trained_as_of
    same = compare_bundles(made.bundles / "hidden_income", made.bundles / "hidden_income", store, as_of)
    assert (same.summary["enter"], same.summary["leave"], same.summary["jaccard"]) == (0, 0, 1.0)
    bundle = made.trained.bundle
    components = tuple(dataclasses.replace(c, weight=-c.weight) for c in bundle.components)
    turned = write_bundle(
        dataclasses.replace(bundle, components=components, version="turned"), tmp_path / "t"
    )
    found = compare_bundles(made.bundles / "hidden_income", turned, store, as_of)
    assert found.summary["enter"] == found.summary["leave"] > 0
    table = found.households
    assert set(table["street_code"]) <= set(STREETS)
    assert (table["change"] == "enters").sum() == found.summary["enter"]
    stays = table[table["change"] == "stays"]
    assert (stays["champion_listed"] & stays["challenger_listed"]).all()


def test_bundles_of_two_questions_are_not_compared(made, tmp_path):
    other = write_bundle(dataclasses.replace(made.trained.bundle, question="exit_due"), tmp_path / "o")
    store, as_of = ProfileStore(made.folder), made.trained.bundle.trained_as_of
    with pytest.raises(UserError, match="different questions"):
        compare_bundles(made.bundles / "hidden_income", other, store, as_of)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--part", "poverty"), "no part poverty"),
        ((), "holds no bundle"),
        (("--question", "exit_due"), "no bundle"),
    ],
)
def test_a_mistake_names_the_remedy(tmp_path, made, more, words):
    folder = str(tmp_path) if "--part" not in more else str(made.bundles)
    given = ["review", "--bundles", folder, "--warehouse", folder, "--profiles", folder, *more]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.review.run.open_warehouse", lambda folder: made.warehouse)
        done = CliRunner().invoke(command.app, given)
    assert isinstance(done.exception, UserError)
    assert words in str(done.exception)


def test_parts_are_plain_json(reviewed):
    assert json.loads(json.dumps(reviewed[0])) == reviewed[0]
