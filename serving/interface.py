"""The interface for other systems: /score, /scores, /households/{id}, /lists/{kind}, /health; all of it JSON.

Nobody signs in yet: the service listens on loopback only, and every look at a household is logged.
Neither arm nor rank nor probability of a list item is told to anybody before the visit.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from features.identity.masking import masked
from serving.answering import answer_score, answer_scores, encoded, versions
from serving.bodies import JsonBody
from serving.casework.actions import record_view
from serving.casework.columns import yuan
from serving.casework.database import reading
from serving.casework.reading import StoredHousehold, StoredRun, list_page, newest_run, stored_household
from serving.casework.records import Row
from serving.casework.tables import KINDS
from serving.context import LOCAL, Context
from serving.inputs import sources_of
from serving.messages import both
from serving.problems import Problem
from serving.requests import HOUSEHOLD_ID, STREET, ScoreRequest, ScoresRequest

PAGE_SIZE = 50

MONEY = "_fen"


def make_interface(context: Context) -> APIRouter:
    """The routes, on an open context."""
    router = APIRouter()
    scores = APIRouter(route_class=JsonBody)

    @scores.post("/score", response_model=dict[str, Any])
    async def score(request: ScoreRequest) -> Response:
        """Probability, band and reasons of one household, or why no prediction is possible."""
        # In the event loop: to another thread and back takes as long as everything around the model.
        return _json(encoded(answer_score(context, request)))

    @scores.post("/scores", response_model=dict[str, Any])
    async def several(request: ScoresRequest) -> Response:
        """The same for several households in one pass, in the order they were sent."""
        return _json(await run_in_threadpool(lambda: encoded(answer_scores(context, request))))

    router.include_router(scores)

    @router.get("/households/{household_id}")
    def household(household_id: Annotated[str, Path(pattern=HOUSEHOLD_ID)]) -> dict[str, Any]:
        """What the latest batch knows of one household; the look is logged."""
        run, found = find_household(context, household_id, by="interface")
        return {"run": _heading(run), **told_household(found)}

    @router.get("/lists/{kind}")
    def one_list(
        kind: str,
        street: Annotated[str | None, Query(pattern=STREET)] = None,
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> dict[str, Any]:
        """A page of a list in the order of visits, of one street or of all; the look is logged."""
        check_kind(kind)
        with reading(context.engine) as connection:
            run = required(newest_run(connection))
            offset = (page - 1) * PAGE_SIZE
            total, items = list_page(connection, run.run_id, kind, street, offset=offset, limit=PAGE_SIZE)
        pages = max(1, -(-total // PAGE_SIZE))
        if page > pages:
            raise Problem(404, f"The list has {pages} pages.")
        record_view(
            context.engine, by=LOCAL, action="list_viewed", subject=f"{kind}/{street or '*'}",
            detail={"through": "interface", "run": run.run_id, "page": page},
        )  # fmt: skip
        told = [told_item(item) for item in items]
        heading = {"run": _heading(run), "kind": kind, "street": street, "note": both("decides_nothing")}
        return {**heading, "total": total, "page": page, "pages": pages, "items": told}

    @router.get("/health")
    def health() -> dict[str, Any]:
        """Whether database and models answer, in which versions, and what the models read."""
        with reading(context.engine) as connection:
            run = newest_run(connection)
        return {
            "status": "ok",
            "as_of": run.as_of.isoformat() if run else None,
            "models": {name: versions(bundle) for name, bundle in context.bundles.items()},
            "features": {name: list(bundle.names) for name, bundle in context.bundles.items()},
            "tables": {name: sources_of(bundle) for name, bundle in context.bundles.items()},
        }

    return router


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


def check_kind(kind: str) -> None:
    """`Problem` 404 for a list that does not exist."""
    if kind not in KINDS:
        raise Problem(404, f"There is no such list; the lists are {', '.join(KINDS)}.")


def find_household(context: Context, household_id: str, *, by: str) -> tuple[StoredRun, StoredHousehold]:
    """One household of the newest run, after the look was logged; `Problem` 404 where it is unknown."""
    with reading(context.engine) as connection:
        run = required(newest_run(connection))
        found = stored_household(connection, run.run_id, household_id)
    if found is None:
        raise Problem(404, both("not_found_household")["en"])
    record_view(
        context.engine,
        by=LOCAL,
        action="household_viewed",
        subject=household_id,
        detail={"through": by, "run": run.run_id},
    )
    return run, found


def told_item(item: Row) -> Row:
    """A list item as whoever visits may read it, its household number masked."""
    return {**item, "number": masked(item["number"])}


def told_household(found: StoredHousehold) -> Row:
    """A household without its score while it stands on an open list; the number masked."""
    household = {name: value for name, value in found.household.items() if name != "run_id"}
    return {
        "household": {**household, "number": masked(household["number"])},
        "open_lists": list(found.open_kinds),
        "assessments": [told_assessment(a, bool(found.open_kinds)) for a in found.assessments],
        "judgement": _in_yuan(found.judgement) if found.judgement else None,
        "findings": [_in_yuan(finding) for finding in found.findings],
    }


def told_assessment(assessment: Row, withheld: bool) -> Row:
    """An assessment; `withheld` takes away everything that would tell how high the score is."""
    names = ("question", "status", "why", "raw", "probability", "band", "of_100", "reasons", "speaks_for")
    told = {name: assessment[name] for name in names}
    if withheld:
        told |= dict.fromkeys(("raw", "probability", "band", "of_100"))
        told |= {name: _without_contribution(told[name]) for name in ("reasons", "speaks_for")}
    return {**told, "withheld": withheld}


def _without_contribution(reasons: list[Row] | None) -> list[Row] | None:
    if reasons is None:
        return None
    return [{name: value for name, value in r.items() if name != "contribution"} for r in reasons]


def _in_yuan(row: Row) -> Row:
    """A stored row with money as yuan in text, so that no reader makes a float of it."""
    told: Row = {}
    for name, value in row.items():
        if name.endswith(MONEY):
            told[name.removesuffix(MONEY) + "_yuan"] = None if value is None else str(yuan(value))
        elif name not in ("run_id", "finding_id", "household_id"):
            told[name] = value
    return told


def _heading(run: StoredRun) -> Row:
    return {"as_of": run.as_of.isoformat(), "models": run.models}


def required(run: StoredRun | None) -> StoredRun:
    """The run; `Problem` 404 where there is none yet."""
    if run is None:
        raise Problem(404, "There is no batch yet; run `python -m serving batch`.")
    return run
