"""Trains and judges every question, writes bundles, evaluation and cards, and records them in MLflow."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from features.catalogue import CATALOGUE
from features.engines import open_warehouse
from features.errors import UserError
from models.bundle import write_bundle
from models.questions import CHALLENGERS, SPECS
from models.spec import ModelSpec
from training import registry
from training.judged import read_census
from training.papers import write_papers
from training.profiles import ProfileStore
from training.provenance import code_version, data_hashes, data_version
from training.question import Trained, train
from training.unfinished import Unfinished
from training.whole import write_whole

#: Steps a question tells of, for the progress bar.
STEPS = ("cohort", "stage one", "tuning", "candidates", "champion", "evaluation", "written")


@dataclass(frozen=True)
class Request:
    """What the command line asks for. mlflow: a tracking URI, or None to record nothing."""

    warehouse: Path
    profiles: Path
    out: Path
    as_of: date
    census: Path | None
    mlflow: str | None
    test_months: int
    seed: int
    threads: int
    questions: tuple[str, ...]
    challengers: bool = False


#: What evaluation.json tells of a challenger beside the default.
TOLD_OF_CHALLENGERS = (
    "champion",
    "features",
    "auc",
    "average_precision",
    "precision_at_capacity",
    "false_positives_near_line",
    "ece",
)


def run(request: Request, tell: Callable[[str, str], None]) -> dict[str, Any]:
    """Train every question; returns what evaluation.json holds of it. `tell` hears question and step."""
    warehouse, store = open_warehouse(request.warehouse), ProfileStore(request.profiles)
    census = {question: read_census(request.census, universe) for question, universe in _universes(request)}
    if request.mlflow is not None:
        registry.check_address(request.mlflow)
    with _prepared_registry(request) as ready:
        specs = [SPECS[question](CATALOGUE) for question in request.questions]
        hashes = data_hashes(store, warehouse, specs, request.as_of)
        version = data_version(hashes)
        trained: dict[str, Trained] = {}
        beside: dict[str, dict[str, Any]] = {question: {} for question in request.questions}

        known = request.census is not None
        unfinished = Unfinished(
            request.out, version, request.as_of, request.test_months, request.seed, request.threads, known
        )

        def trained_on(spec: ModelSpec, name: str) -> Trained:
            kept = unfinished.kept(name)
            if kept is not None:
                return kept
            made = train(
                spec,
                store,
                warehouse,
                census[spec.question],
                request.as_of,
                test_months=request.test_months,
                seed=request.seed,
                threads=request.threads,
                data_version=version,
                tell=lambda step: tell(spec.question, step),
            )
            return unfinished.keep(name, made)

        try:
            for question in request.questions:
                trained[question] = trained_on(SPECS[question](CATALOGUE), question)
                if request.challengers and question in CHALLENGERS:
                    for name, spec in CHALLENGERS[question](CATALOGUE).items():
                        found = trained_on(spec, f"{question}-{name}").evaluation
                        beside[question][name] = {key: found[key] for key in TOLD_OF_CHALLENGERS}
        except UserError:
            unfinished.clear()  # more of the same data will not help
            raise
        if ready is not None:
            ready.result()
        # Written only now: a question that cannot be trained must not leave models of two dates side by side.
        evaluation: dict[str, Any] = {}
        for question, made in trained.items():
            told = replace(made, evaluation=made.evaluation | {"challengers": beside[question]})
            evaluation[question] = told.evaluation | _written(request, told, hashes)
            tell(question, "written")
        unfinished.clear()
    return _write_evaluation(request, evaluation)


def _universes(request: Request) -> Sequence[tuple[str, str]]:
    return [(question, SPECS[question](CATALOGUE).universe) for question in request.questions]


class _prepared_registry:
    """Creates the MLflow database in a process of its own while the models train: it takes seconds."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def __enter__(self) -> Future[str] | None:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        if self._request.mlflow is None:
            return None
        return self._pool.submit(registry.prepare, self._request.mlflow, _artifacts(self._request))

    def __exit__(self, *problem: object) -> None:
        self._pool.shutdown(wait=True)


def _artifacts(request: Request) -> Path:
    return request.out / "mlflow"


def _written(request: Request, trained: Trained, hashes: dict[str, str]) -> dict[str, Any]:
    """Write bundle and card, and record the run where MLflow is asked for."""
    bundle = trained.bundle
    folder = write_bundle(bundle, request.out / bundle.question)
    papers = write_papers(request.out, bundle, trained.evaluation)
    if request.mlflow is None:
        return {"version": bundle.version}
    parameters = {"seed": request.seed, "test_months": request.test_months, "as_of": str(request.as_of)}
    recorded = registry.record(
        request.mlflow,
        _artifacts(request),
        bundle,
        folder,
        trained.evaluation,
        parameters | {"code_version": code_version()},
        papers=papers,
        data_hashes=hashes,
    )
    return {"version": bundle.version, "mlflow": recorded}


def _write_evaluation(request: Request, evaluation: dict[str, Any]) -> dict[str, Any]:
    path = request.out / "evaluation.json"
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    whole = {
        question: {**earlier, **evaluation}[question]
        for question in SPECS
        if question in earlier | evaluation
    }
    write_whole(path, json.dumps(whole, ensure_ascii=False, indent=1, default=str))
    return evaluation
