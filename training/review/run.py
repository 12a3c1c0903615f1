"""Computes a review part by part; what is there already for the same bundle is kept, so it can be resumed."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from features.catalogue import CATALOGUE
from features.engines import open_warehouse
from features.errors import UserError
from models.questions import SPECS
from training.judged import read_census
from training.profiles import ProfileStore
from training.review.case import Case, open_case
from training.review.parts import NAMES, PARTS, Part
from training.whole import write_whole

Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Request:
    """What the command line asks for. parts: names, in any order. again: compute what is there already.

    mark: `mark.parquet` of `benchmarks/mark.py`, whose probabilities stand for the ideal scorer.
    """

    bundles: Path
    warehouse: Path
    profiles: Path
    census: Path | None
    mark: Path | None
    as_of: date | None
    questions: tuple[str, ...]
    parts: tuple[str, ...]
    again: bool
    seed: int
    threads: int


def review_folder(bundles: Path, question: str) -> Path:
    """Where a question's parts lie."""
    return bundles / "review" / question


def run_review(request: Request, tell: Tell) -> dict[str, dict[str, Any]]:
    """Every wanted part of every question, written as it is done; returns all parts there are by question."""
    wanted = [part for part in PARTS if part.name in request.parts]
    store, warehouse = ProfileStore(request.profiles), open_warehouse(request.warehouse)
    found = {}
    for question in request.questions:
        universe = SPECS[question](CATALOGUE).universe
        case = open_case(
            request.bundles,
            question,
            store,
            warehouse,
            read_census(request.census, universe),
            request.as_of,
            mark=read_mark(request.mark, question),
            seed=request.seed,
            threads=request.threads,
        )
        _compute(case, wanted, review_folder(request.bundles, question), request.again, tell)
        found[question] = read_review(request.bundles, question, case.bundle.version)
    return found


def _compute(case: Case, wanted: Sequence[Part], folder: Path, again: bool, tell: Tell) -> None:
    for part in wanted:
        path = folder / f"{part.name}.json"
        if not again and _kept(path, case) is not None:
            tell(part.name, "kept")
            continue
        tell(part.name, "computing")
        began = time.perf_counter()
        result = part.compute(case, lambda step, name=part.name: tell(name, step))  # type: ignore[misc]
        document = _heading(case) | {"seconds": round(time.perf_counter() - began, 1), "result": result}
        write_whole(path, json.dumps(document, ensure_ascii=False, indent=1, default=str))
        tell(part.name, "written")


def _heading(case: Case) -> dict[str, Any]:
    """What a part was computed from: another bundle, judge, date, mark or seed makes it anew."""
    return {
        "bundle": case.bundle.version,
        "judged_by": "recorded" if case.census is None else "census",
        "ideal": "calibrated" if case.mark is None else f"mark {_digest(case.mark)}",
        "as_of": case.as_of.isoformat(),
        "seed": case.seed,
    }


def _digest(mark: pd.DataFrame) -> str:
    """First 12 digits of the SHA-256 of what a mark says, row by row."""
    rows = pd.util.hash_pandas_object(mark, index=False).to_numpy()
    return hashlib.sha256(rows.tobytes()).hexdigest()[:12]


def _kept(path: Path, case: Case) -> Mapping[str, Any] | None:
    document = _read(path)
    return document if document and _heading(case).items() <= document.items() else None


def read_review(bundles: Path, question: str, version: str) -> dict[str, Any]:
    """The parts there are for this version of the bundle, name -> result; none where no review was made."""
    found = {}
    for name in NAMES:
        document = _read(review_folder(bundles, question) / f"{name}.json")
        if document and document["bundle"] == version:
            found[name] = document["result"] | {"seconds": document["seconds"]}
    return found


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise UserError(
            f"{path} 不是完整的 JSON / is no whole JSON file; delete it and run review again."
        ) from None


def read_mark(path: Path | None, question: str) -> pd.DataFrame | None:
    """household_id, as_of and mark of one question; `UserError` where the file is missing or another's."""
    if path is None:
        return None
    if not path.is_file():
        raise UserError(f"没有 {path} / there is no {path}; make it with `make mark`, or leave --mark out.")
    columns = ["household_id", "as_of", "mark", "question"]
    marked = pd.read_parquet(path)
    if not set(columns) <= set(marked.columns):
        raise UserError(
            f"{path} 缺少列 {', '.join(columns)} / lacks these columns; make it with `make mark`."
        )
    marked = marked.loc[marked["question"] == question, columns[:3]]
    return marked.assign(as_of=pd.to_datetime(marked["as_of"])).drop_duplicates(columns[:2])
