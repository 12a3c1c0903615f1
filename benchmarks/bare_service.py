"""The peer of `benchmarks.service_load`: the least that scores and explains over HTTP.

FastAPI, the bundle's boosters, `pred_contrib`, and the list of contributions as JSON. It checks nothing,
knows no department, tells no reason in words, keeps no log and bounds no queue. `/score` works in the event
loop, `/score_in_thread` in FastAPI's threads: the benchmark compares with whichever is faster.
"""

import gc
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
import uvicorn
from fastapi import Body, FastAPI, Request

from models.bundle import Bundle, Linear, load_bundle


def make_bare(bundle: Bundle) -> FastAPI:
    """Contributions of one household, or of several, in the order of the bundle's features, the base last."""
    app = FastAPI()
    fill = np.array([np.nan if f.unknown is None else f.unknown for f in bundle.features])

    @app.get("/readyz")
    async def ready() -> str:
        return "ready"

    @app.post("/score")
    async def score(request: Request) -> list[float]:
        return contributions(bundle, fill, [(await request.json())["profile"]])[0]

    @app.post("/score_in_thread")
    def score_in_thread(body: Annotated[dict[str, Any], Body()]) -> list[float]:
        return contributions(bundle, fill, [body["profile"]])[0]

    @app.post("/scores")
    async def scores(request: Request) -> list[list[float]]:
        return contributions(bundle, fill, [home["profile"] for home in (await request.json())["households"]])

    return app


def contributions(
    bundle: Bundle, fill: np.ndarray, profiles: list[dict[str, float | None]]
) -> list[list[float]]:
    """What a bare script would do: rows, each booster's `pred_contrib`, their mean."""
    rows = np.array([[profile.get(name) for name in bundle.names] for profile in profiles], dtype=np.float64)
    rows = np.where(np.isnan(rows), fill, rows)
    parts = np.zeros((len(rows), len(bundle.names) + 1))
    parts[:, -1] = bundle.intercept
    for component in bundle.components:
        if component.linear:
            parts[:, :-1] += component.weight * linear(component.linear, rows)
            continue
        told = [b.predict(rows, pred_contrib=True, num_threads=1) for b in component.boosters]
        parts += component.weight * np.mean(told, axis=0)
    return parts.tolist()


def linear(part: Linear, rows: np.ndarray) -> np.ndarray:
    """Coefficient times standardised input."""
    logged = np.where(part.logged, np.sign(rows) * np.log1p(np.abs(rows)), rows)
    standard = (np.clip(logged, part.low, part.high) - part.mean) / part.scale
    return np.where(np.isnan(standard), part.when_unknown, standard * part.coefficient)


def main(bundle: Path, port: int, collect_after: int = 50_000) -> None:
    """Serve one bundle on loopback, with the same server and collector settings as the service."""
    app = make_bare(load_bundle(bundle))
    gc.collect()
    gc.freeze()
    gc.set_threshold(collect_after, 50, 50)
    uvicorn.run(app, port=port, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    typer.run(main)
