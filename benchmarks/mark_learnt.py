"""What a mark is made of: learners each shown something else, and the posterior; kept as text and tables."""

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.flexible import Flexible, fit_flexible, load, save
from benchmarks.posterior import READINGS, Field, Posterior, bands, cells, posterior
from benchmarks.results import write_json
from benchmarks.stages import console
from benchmarks.true_labels import Labelled, Rows, read_labelled
from features.errors import UserError
from models.spec import ModelSpec
from training.profiles import ProfileStore
from training.splits import household_folds

#: What the unlawful fields would add is a side question: three times the columns are worth fewer labels.
EVERYTHING_LABELS = 300_000
#: What a learner is shown.
SHOWN = {
    "mark": "the fields that the product's model may see",
    "everything": "everything in the profile",
    "half": "the same fields, on half of the households",
    "coarse": "the coarse reading alone",
}


@dataclass(frozen=True)
class Learnt:
    """about: labels, households and prevalence of the city, as mark.json tells them. learners: by `SHOWN`."""

    about: dict[str, Any]
    reading: tuple[Field, ...]
    learners: dict[str, Flexible]
    posterior: Posterior

    def rows(self, shown: str, read: Labelled) -> Rows:
        """What one learner reads of these households; `UserError` where the profiles lack a column."""
        names = self.learners[shown].names
        absent = sorted(set(names) - set(read.names))
        if absent:
            raise UserError(
                f"画像缺少 {len(absent)} 列 / the profiles lack {len(absent)} columns that the mark was"
                f" fitted on ({', '.join(absent[:3])} …); fit it again, without --reuse."
            )
        rows = read.columns(names)
        return bands(self.reading, rows).astype(np.float32) if shown == "coarse" else rows

    def cells(self, read: Labelled) -> npt.NDArray[np.int64]:
        """Cells of each household's coarse reading (n, fields)."""
        return cells(self.reading, read.columns([field.name for field in self.reading]))


def learn(
    store: ProfileStore,
    spec: ModelSpec,
    census: pd.DataFrame,
    months: Sequence[date],
    *,
    labels: int,
    seed: int,
    threads: int,
    level: Sequence[date] | None = None,
    reading: tuple[Field, ...] | None = None,
) -> Learnt:
    """Fit every learner of `SHOWN` and the posterior on at most about `labels` labels of these months.

    level: the months whose level is meant, those that are judged in the other world; default: all. A standard
    that rises in between makes fewer families material: an order outlives that, a level does not.
    """
    started = time.perf_counter()
    reading = READINGS[spec.question] if reading is None else reading
    read = at_most(labels, read_labelled(store, spec, months, census), seed)
    late = read.where(_of(level or months, read))
    fields = tuple(field.name for field in reading)
    cell = cells(reading, late.columns(fields))
    about = {
        "labels": len(read.label),
        "households": len(np.unique(read.household)),
        "positives": int(read.label.sum()),
        "prevalence": round(float(read.label.mean()), 5),
        "prevalence_relative_error": level_error(late),
        "months": [str(month) for month in months],
        "level_months": [str(month) for month in level or months],
    }
    half = read.where(household_folds(read.household, 2, seed + 1) == 0)
    coarse = read.shown(fields, bands(reading, read.columns(fields)))
    shown = {
        "mark": (read, spec.names),
        "everything": (at_most(EVERYTHING_LABELS, read, seed + 2), read.names),
        "half": (half, spec.names),
        "coarse": (coarse, fields),
    }
    learners = {
        name: _fitted(name, rows, names, _of(level or months, rows), seed, threads)
        for name, (rows, names) in shown.items()
    }
    about["seconds"] = round(time.perf_counter() - started, 1)
    return Learnt(about, reading, learners, posterior(cell, late.label, late.household))


def _of(months: Sequence[date], read: Labelled) -> npt.NDArray[np.bool_]:
    """(n,) whether a row is of one of these months."""
    return read.facts["as_of"].isin(pd.to_datetime(list(months))).to_numpy(dtype=bool)


def level_error(read: Labelled) -> float:
    """Standard error of the prevalence over the prevalence: the city is itself one draw of the world."""
    whole = posterior(np.zeros((len(read.label), 1), np.int64), read.label, read.household, least=1)
    return round(float(whole.error[0] / whole.share[0]), 5)


def at_most(labels: int, read: Labelled, seed: int) -> Labelled:
    """Whole households, drawn until there are about so many labels."""
    if len(read.label) <= labels:
        return read
    ids, place = np.unique(read.household, return_inverse=True)
    drawn = np.random.default_rng(seed).random(len(ids)) < labels / len(read.label)
    return read.where(drawn[place])


def _fitted(
    shown: str,
    read: Labelled,
    names: tuple[str, ...],
    level: npt.NDArray[np.bool_],
    seed: int,
    threads: int,
) -> Flexible:
    console.print(f"{shown}: {SHOWN[shown]}; {len(read.label):,} labels, {len(names)} columns")
    rows = read.rows if names == read.names else read.columns(names)
    return fit_flexible(
        names, rows, read.label, read.household, seed=seed, threads=threads, level=level, tell=console.print
    )


def write_learnt(folder: Path, learnt: Learnt, about: dict[str, Any]) -> None:
    """The boosters as text, the posterior as a table, and what they rest on; whole or not at all."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for shown, learner in learnt.learners.items():
        save(learner, part, shown)
    found = learnt.posterior
    cell = pd.Series(found.cells, dtype="Int64").reindex(range(len(found.share)))
    told = {"cell": cell, "share": found.share, "error": found.error, "households": found.households}
    pd.DataFrame(told).to_parquet(part / "posterior.parquet", index=False)
    reading = [[field.name, *field.edges] for field in learnt.reading]
    write_json(part / "about.json", about | {"reading": reading})
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def read_learnt(folder: Path) -> Learnt:
    """What `write_learnt` wrote; `UserError` where nothing was."""
    if not (folder / "about.json").is_file():
        raise UserError(f"{folder} 中没有标杆 / holds no fitted mark; run `make mark` without --reuse first.")
    about = json.loads((folder / "about.json").read_text())
    table = pd.read_parquet(folder / "posterior.parquet")
    found = Posterior(
        table["cell"].dropna().to_numpy(np.int64),
        table["share"].to_numpy(),
        table["error"].to_numpy(),
        table["households"].to_numpy(),
    )
    reading = tuple(Field(name, tuple(edges)) for name, *edges in about["reading"])
    return Learnt(about, reading, {shown: load(folder, shown) for shown in SHOWN}, found)
