import json
import re
import shutil
import subprocess
import sys

import pytest

from serving.agreement import score_request
from serving.casework.database import open_database, reading
from serving.casework.events import first_broken_event
from serving.casework.reading import explained_households, newest_run, stored_household
from serving.casework.tables import KINDS, Assessment, Event
from serving.limits import MOST_BYTES
from serving.requests import MOST_HOUSEHOLDS
from tests.serving.practice import STREETS
from tests.serving.running import ROOT, command

HEAVY = ("mlflow", "shap", "evidently", "matplotlib", "plotly", "numba", "faker")


def ask(served, path, body=None):
    status, _, content = served.ask(path, body)
    return status, json.loads(content)


@pytest.fixture(scope="module")
def scored(served):
    """A stored household and the request that asks about it."""
    with reading(served.engine) as connection:
        run = newest_run(connection)
        household_id = explained_households(connection, run.run_id, "exit_due")[0]
        found = stored_household(connection, run.run_id, household_id)
    return found, score_request(run, found, "exit_due", set(feature_names(served)))


def feature_names(served):
    features = ask(served, "/health")[1]["features"]
    return [name for names in features.values() for name in names]


def test_it_starts_with_under_five_seconds_of_work(served):
    assert 0 < served.seconds < 5


def test_the_service_imports_nothing_heavy(served):
    environment = {"DIBAO_DATABASE_URL": served.database, "DIBAO_BUNDLES": str(served.folder / "bundles")}
    program = f"import sys, serving.service; print([m for m in {HEAVY!r} if m in sys.modules])"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.stdout.strip() == "[]", ended.stderr


def test_every_stored_answer_is_the_same_over_http(served):
    found = command("check", "--url", served.url, "--database", served.database, "--sample", 20)
    assert found["compared"] >= 50
    assert found["http_equals_batch_max_abs"] < 1e-9
    assert found["reasons_equal"] is True
    assert found["first_broken_event"] is None


def test_an_answer_that_is_not_the_batchs_ends_the_check_with_one(served):
    folder, database = served.folder / "altered", served.folder / "altered" / "casework.db"
    folder.mkdir()
    shutil.copy(served.database.removeprefix("sqlite:///"), database)
    engine = open_database(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(Assessment.__table__.update().values(raw=Assessment.raw + 1e-6))
    engine.dispose()
    options = ("--url", served.url, "--database", f"sqlite:///{database}")
    ended = subprocess.run(
        [sys.executable, "-m", "serving", "check", *options, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode == 1
    assert json.loads(ended.stdout.splitlines()[-1])["http_equals_batch_max_abs"] > 1e-7


def test_health_readiness_and_metrics_answer(served):
    status, health = ask(served, "/health")
    assert (status, health["status"], health["as_of"]) == (200, "ok", "2025-12-31")
    assert set(health["models"]) == {"hidden_income", "exit_due", "unapplied_eligible"}
    for path in ("/livez", "/readyz", "/metrics"):
        assert served.ask(path)[0] == 200


@pytest.fixture(scope="module")
def requests_of_many(served):
    """What would be asked about sixty households, one by one: of some no department answered."""
    with reading(served.engine) as connection:
        run = newest_run(connection)
        ids = explained_households(connection, run.run_id, "exit_due")[:60]
        names = set(feature_names(served))
        homes = [stored_household(connection, run.run_id, household_id) for household_id in ids]
    asked = [score_request(run, home, "exit_due", names) for home in homes]
    for k, one in enumerate(asked):
        kept = list(one["sources"])[: k % 9] if k % 5 == 0 else list(one["sources"])
        one["sources"] = {name: one["sources"][name] for name in kept}
    asked[7]["profile"] = {}
    return asked


def as_one(requests):
    homes = [{name: r[name] for name in ("household_id", "profile", "sources")} for r in requests]
    return {"question": requests[0]["question"], "as_of": requests[0]["as_of"], "households": homes}


def test_several_households_are_answered_as_one_by_one_to_the_last_digit(served, requests_of_many):
    status, together = ask(served, "/scores", as_one(requests_of_many))
    assert status == 200
    assert [a["household_id"] for a in together["answers"]] == [r["household_id"] for r in requests_of_many]
    for request, answer in zip(requests_of_many, together["answers"], strict=True):
        _, alone = ask(served, "/score", request)
        assert alone == {
            **{name: value for name, value in answer.items() if name != "household_id"},
            "question": together["question"],
            "versions": together["versions"],
        }
    told = {answer["status"] for answer in together["answers"]}
    assert told == {"scored", "no_prediction"}
    assert any(answer["reasons"] for answer in together["answers"])


def test_none_and_too_many_households_are_refused(served, requests_of_many):
    whole = as_one(requests_of_many)
    for count in (0, MOST_HOUSEHOLDS + 1):
        homes = (whole["households"] * 2)[:count]
        status, problem = ask(served, "/scores", {**whole, "households": homes})
        assert (status, problem["errors"][0]["field"]) == (422, "body.households")


def test_an_unknown_feature_is_named_with_its_household(served, requests_of_many):
    whole = as_one(requests_of_many[:3])
    whole["households"][2]["profile"] = {"income_of_neighbours_yuan": 1}
    status, problem = ask(served, "/scores", whole)
    assert status == 422
    assert problem["errors"][0]["field"] == "body.households.2.profile.income_of_neighbours_yuan"


def test_what_does_not_say_that_it_is_json_is_not_read(served, scored):
    status, _, content = served.ask("/score", scored[1], {"content-type": "text/plain"})
    assert status == 422
    assert json.loads(content)["errors"] == [{"field": "body", "message": "content type is not json"}]


def test_requests_are_declared(served):
    _, document = ask(served, "/openapi.json")
    for path, form in (("/score", "ScoreRequest"), ("/scores", "ScoresRequest")):
        body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert body == {"$ref": f"#/components/schemas/{form}"}


def test_latency_is_told_by_route_and_status_and_names_no_household(served, scored):
    household_id = scored[0].household["household_id"]
    ask(served, f"/households/{household_id}")
    served.ask(f"/console/households/{household_id}")
    ask(served, "/households/H0123456789abcde")
    ask(served, "/score", {})
    ask(served, f"/nowhere/{household_id}")
    ask(served, "/score", scored[1])
    told = served.ask("/metrics")[2].decode()
    for labels in (
        'method="POST",route="/score",status="200"',
        'method="POST",route="/score",status="422"',
        'method="GET",route="/households/{household_id}",status="200"',
        'method="GET",route="/households/{household_id}",status="404"',
        'method="GET",route="/console/households/{household_id}",status="200"',
        'method="GET",route="/{path:path}",status="404"',
    ):
        counted = re.search(rf"dibao_request_seconds_count{{{re.escape(labels)}}} (\S+)", told)
        assert counted, labels
        assert float(counted[1]) >= 1
    assert re.search(r'dibao_request_seconds_bucket{le="0.005",method="POST",route="/score"', told)
    assert not re.search(r"H[0-9a-f]{15}", told)
    assert "endpoint=" not in told


def test_every_model_was_asked_before_the_service_was_ready(served):
    told = served.ask("/metrics")[2].decode()
    warmed = dict(re.findall(r'dibao_warm_up_seconds{question="(\w+)"} (\S+)', told))
    assert set(warmed) == set(ask(served, "/health")[1]["models"])
    assert all(float(seconds) > 0 for seconds in warmed.values())


def test_a_score_comes_with_band_interval_reasons_and_versions(served, scored):
    status, answer = ask(served, "/score", scored[1])
    assert (status, answer["status"]) == (200, "scored")
    assert 0 < answer["probability"] < 1
    assert set(answer["of_100"]) == {"about", "low", "high"}
    assert answer["versions"]["model"] == "2025-06-30-example"
    assert all({"zh", "en", "department", "known_on", "confidence"} <= set(r) for r in answer["reasons"])


def test_silent_departments_give_no_prediction_and_say_why(served, scored):
    request = {**scored[1], "profile": {}, "sources": {}}
    status, answer = ask(served, "/score", request)
    assert (status, answer["status"], answer["why"]) == (200, "no_prediction", "sources_not_returned")
    assert answer["probability"] is None


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"question": "character"}, 404, None),
        ({"profile": {"income_of_neighbours_yuan": 1}}, 422, "body.profile.income_of_neighbours_yuan"),
        ({"profile": {"income_taxed_yuan_12m": "1"}}, 422, "body.profile.income_taxed_yuan_12m"),
        ({"household_id": "110101199003078035"}, 422, "body.household_id"),
        ({"as_of": "yesterday"}, 422, "body.as_of"),
        ({"sources": {"balances": {"state": "lost"}}}, 422, "body.sources.balances.state"),
        ({"threshold": 0.5}, 422, "body.threshold"),
    ],
)
def test_a_malformed_request_is_a_problem_that_names_the_field(served, scored, change, status, field):
    code, headers, content = served.ask("/score", {**scored[1], **change})
    problem = json.loads(content)
    assert (code, problem["status"]) == (status, status)
    assert headers["content-type"] == "application/problem+json"
    assert field is None or field in [error["field"] for error in problem["errors"]]
    assert "110101199003078035" not in content.decode()


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_a_figure_that_is_no_number_is_refused(served, scored, value):
    body = json.dumps({**scored[1], "profile": {"income_taxed_yuan_12m": 0}}).replace(
        '"income_taxed_yuan_12m": 0', f'"income_taxed_yuan_12m": {value}'
    )
    assert served.ask("/score", body.encode())[0] == 422


def test_broken_json_and_too_large_a_body_are_refused(served):
    assert served.ask("/score", b"{")[0] == 422
    whole = b" " * (MOST_BYTES + 1)
    for body in (whole, 2 * whole, iter([whole]), iter([whole, whole])):
        status, headers, content = served.ask("/score", body)
        assert status == 413
        assert headers["content-type"] == "application/problem+json"
        assert json.loads(content)["status"] == 413


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_tells_the_visit_and_nothing_of_the_draw(served, kind):
    status, page = ask(served, f"/lists/{kind}?street={STREETS[0]}")
    assert status == 200
    assert page["total"] == len(page["items"]) > 0
    assert [item["visit_order"] for item in page["items"]] == list(range(1, page["total"] + 1))
    secret = {"arm", "selection_probability", "arm_probability", "score", "rank", "seed", "band"}
    for item in page["items"]:
        assert not secret & set(item)
        assert item["number"].startswith("****")
        assert not any("contribution" in check for check in item["checks"])
    with reading(served.engine) as connection:
        last = connection.execute(Event.__table__.select().order_by(Event.event_id.desc())).first()
    assert (last.action, last.subject) == ("list_viewed", f"{kind}/{STREETS[0]}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lists/gossip", 404),
        ("/lists/exit_due?page=99", 404),
        ("/lists/exit_due?street=1", 422),
        ("/households/H0123456789abcde", 404),
        ("/households/whatever", 422),
        ("/nowhere", 404),
    ],
)
def test_what_is_not_there_is_a_problem(served, path, status):
    code, headers, _ = served.ask(path)
    assert code == status
    assert headers["content-type"] == "application/problem+json"


def test_a_listed_household_shows_no_score_and_the_look_is_logged(served):
    _, page = ask(served, "/lists/hidden_income")
    household_id = page["items"][0]["household_id"]
    status, found = ask(served, f"/households/{household_id}")
    assert status == 200
    assert "hidden_income" in found["open_lists"]
    for answer in found["assessments"]:
        assert answer["withheld"] is True
        assert answer["probability"] is answer["raw"] is answer["band"] is answer["of_100"] is None
        assert not any("contribution" in reason for reason in answer["reasons"] or [])
    assert found["household"]["number"].startswith("****")
    with reading(served.engine) as connection:
        last = connection.execute(Event.__table__.select().order_by(Event.event_id.desc())).first()
        assert first_broken_event(connection) is None
    assert (last.action, last.subject) == ("household_viewed", household_id)


def test_a_household_on_no_list_shows_band_eligibility_and_profile(served):
    with reading(served.engine) as connection:
        run = newest_run(connection)
        ids = explained_households(connection, run.run_id, "exit_due")
        homes = (stored_household(connection, run.run_id, household_id) for household_id in ids)
        home = next(h for h in homes if not h.open_kinds and h.assessments[0]["status"] == "scored")
    _, found = ask(served, f"/households/{home.household['household_id']}")
    assert found["assessments"][0]["band"]
    assert found["judgement"]["standard_yuan"] == "1210.00"
    assert found["household"]["profile"]


def test_answers_are_not_kept_by_a_browser_and_load_nothing_from_elsewhere(served):
    _, headers, _ = served.ask("/")
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_the_log_of_the_service_names_no_household(served):
    ask(served, "/lists/hidden_income")
    assert "/households/" not in (served.folder / "service.log").read_text()
