"""What a score request may say; the forms themselves are asked of a real service in `tests/functional`."""

import asyncio
from datetime import date

import httpx
import pytest

from serving.agreement import score_request
from serving.answering import answer_score, answer_scores
from serving.app import make_app
from serving.casework.reading import StoredHousehold, StoredRun
from serving.context import Context
from serving.interface import make_interface
from serving.problems import Problem
from serving.requests import ScoreRequest, ScoresRequest
from serving.settings import Settings
from tests.models.example_bundle import example_bundle

HOME = {"household_id": "H" + "0" * 15, "profile": {"income_taxed_yuan_12m": 1.0}}
HEADING = {"question": "hidden_income", "as_of": date(2025, 12, 31)}
KNOWN = {"withholding": {"state": "found", "known_on": date(2025, 12, 31), "confidence": 1.0}}


@pytest.fixture(scope="module")
def context():
    """Models of two questions, which read each other's tables and some of their own; no database."""
    questions = ("hidden_income", "unapplied_eligible")
    return Context(None, {question: example_bundle(question) for question in questions})


def ask(context, **changes):
    return answer_score(
        context, ScoreRequest.model_validate({**HEADING, **HOME, "sources": KNOWN, **changes})
    )


def refused(context, **changes):
    with pytest.raises(Problem) as problem:
        ask(context, **changes)
    assert problem.value.status_code == 422
    return problem.value


def test_a_misspelt_table_is_named_and_does_not_pass_for_a_silent_one(context):
    problem = refused(context, sources={"witholding": {"state": "found"}})
    assert problem.errors == [{"field": "body.sources.witholding", "message": "unknown table"}]
    assert "/health" in problem.detail


def test_what_became_known_after_its_date_is_named(context):
    late = {"withholding": {"state": "found", "known_on": date(2026, 1, 1)}}
    problem = refused(context, sources=late)
    assert problem.errors == [{"field": "body.sources.withholding.known_on", "message": "later than as_of"}]
    assert ask(context, sources=late, as_of=date(2026, 1, 1))["status"]


def test_all_faults_are_told_at_once_each_with_its_household(context):
    homes = [
        {**HOME, "sources": KNOWN},
        {**HOME, "profile": {"income_of_neighbours_yuan": 1}, "sources": {"vehicle": {"state": "found"}}},
    ]
    with pytest.raises(Problem) as problem:
        answer_scores(context, ScoresRequest.model_validate({**HEADING, "households": homes}))
    assert [error["field"] for error in problem.value.errors] == [
        "body.households.1.profile.income_of_neighbours_yuan", "body.households.1.sources.vehicle",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["110101199003078035", "张三", "Zhang San"])
@pytest.mark.parametrize(("part", "value"), [("profile", 1.0), ("sources", {"state": "found"})])
def test_a_name_that_may_be_a_persons_is_not_repeated(context, name, part, value):
    problem = refused(context, **{part: {name: value}})
    assert problem.errors[0]["field"] == f"body.{part}.?"
    assert name not in problem.detail


def test_a_number_sent_as_a_name_is_not_repeated_where_its_form_is_wrong(context):
    transport = httpx.ASGITransport(make_app(context, Settings()))
    body = {**HEADING, **HOME, "as_of": "2025-12-31", "sources": {"110101199003078035": {"state": "lost"}}}

    async def answered():
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/score", json=body)

    answer = asyncio.run(answered())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.sources.?.state"
    assert "110101199003078035" not in answer.text


def test_a_table_that_only_another_question_reads_is_no_mistake(context):
    other = {table for f in context.bundles["unapplied_eligible"].features for table in f.sources}
    own = {table for f in context.bundles["hidden_income"].features for table in f.sources}
    assert other - own
    assert ask(context, sources={name: {"state": "nothing_found"} for name in other})["status"]


def test_health_lists_the_tables_that_each_model_reads(context, engine):
    router = make_interface(Context(engine, context.bundles))
    health = next(route.endpoint for route in router.routes if getattr(route, "path", None) == "/health")
    told = health()["tables"]
    assert set(told) == set(context.bundles)
    for question, bundle in context.bundles.items():
        assert set(told[question]) == {name for f in bundle.features for name in f.sources}
    # A whole profile's answers may be sent: of a declared table that no model reads nothing is made.
    assert {"usage", *told["hidden_income"]} <= context.tables


def test_a_stored_household_is_asked_about_without_its_auxiliary_tables():
    answers = {name: {"state": "nothing_found"} for name in ("balances", "usage", "vehicles")}
    found = StoredHousehold({**HOME, "sources": answers}, [], None, [], ())
    run = StoredRun(1, date(2025, 12, 31), {}, {}, {})
    assert set(score_request(run, found, "exit_due")["sources"]) == {"balances", "vehicles"}
    assert set(score_request(run, found, "exit_due", None, {"balances"})["sources"]) == {"balances"}
