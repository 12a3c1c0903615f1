"""Challenger beside champion: who enters and who leaves the lists of one month, at each street's capacity."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.catalogue import CATALOGUE
from features.errors import UserError
from models.bundle import Bundle, load_bundle
from models.groups import MARKS, memberships, told
from models.questions import SPECS
from models.scoring import score
from models.selection import Candidates, contact_capacity, select, visit_capacity
from training.profiles import ProfileStore

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Compared:
    """households: one line each that stands on either list, with rank in both (by score in its street) and
    `change`: enters, leaves or stays. summary: counts, in all and by group.
    """

    households: pd.DataFrame
    summary: dict[str, Any]


def compare_bundles(
    champion: Path, challenger: Path, store: ProfileStore, as_of: date, *, threads: int = 1
) -> Compared:
    """Both bundles' lists of one month, drawn with the same key so that the random arm changes nothing.

    `UserError` where the bundles answer different questions or cannot be read.
    """
    first, second = load_bundle(champion), load_bundle(challenger)
    if first.question != second.question:
        raise UserError(
            f"两个模型包回答的问题不同 / the bundles answer different questions: {first.question} and"
            f" {second.question}; compare two of one question."
        )
    spec = SPECS[first.question](CATALOGUE)
    names = tuple(dict.fromkeys((*first.names, *second.names, *MARKS)))
    households = store.read(spec, as_of, features=names)
    found = store.findings(spec, as_of)
    lines = households[["household_id", "street_code", "vulnerable"]].copy()
    for side, bundle in (("champion", first), ("challenger", second)):
        listed, rank = _list(bundle, households, found, as_of, threads)
        lines[f"{side}_listed"], lines[f"{side}_rank"] = listed, rank
    kept = lines[lines["champion_listed"] | lines["challenger_listed"]].copy()
    kept["change"] = np.where(
        kept["champion_listed"] & kept["challenger_listed"],
        "stays",
        np.where(kept["challenger_listed"], "enters", "leaves"),
    )
    members = memberships({name: households[name].to_numpy() for name in MARKS})
    summary = _summary(first, second, as_of, lines, members)
    return Compared(kept.sort_values(["street_code", "challenger_rank"], ignore_index=True), summary)


def _list(
    bundle: Bundle, households: pd.DataFrame, found: set[str], as_of: date, threads: int
) -> tuple[Flags, npt.NDArray[np.int64]]:
    """(n,) on the list as issued; (n,) rank by score in the street, from 1."""
    rows = households[list(bundle.names)].to_numpy(dtype=np.float64)
    raw = score(bundle, rows, num_threads=threads, contributions=False).raw
    ids = households["household_id"].to_numpy(dtype=object)
    street = households["street_code"].astype(str).to_numpy(dtype=object)
    counts = {str(one): int(n) for one, n in zip(*np.unique(street, return_counts=True), strict=True)}
    register = bundle.universe == "register"
    capacity = contact_capacity(counts) if register else visit_capacity(counts, bundle.question)
    candidates = Candidates(
        household_id=ids,
        street_code=street,
        score=raw,
        finding=np.isin(ids, list(found)),
        vulnerable=households["vulnerable"].to_numpy(dtype=bool),
        stratum=households["category"].fillna("").to_numpy(dtype=object),
    )
    chosen = {
        row.household_id for row in select(bundle.question, candidates, capacity, key=f"compare {as_of}")
    }
    rank = pd.Series(-raw).groupby(street).rank(method="first").astype("int64")
    return np.isin(ids, list(chosen)), np.asarray(rank, dtype=np.int64)


def _summary(
    first: Bundle, second: Bundle, as_of: date, lines: pd.DataFrame, members: dict[str, Flags]
) -> dict[str, Any]:
    before, after = lines["champion_listed"].to_numpy(), lines["challenger_listed"].to_numpy()
    union = int((before | after).sum())
    return {
        "question": first.question,
        "as_of": as_of.isoformat(),
        "champion": first.version,
        "challenger": second.version,
        "households": len(lines),
        **_counts(before, after),
        "jaccard": round(int((before & after).sum()) / union, 4) if union else None,
        "groups": [
            {"group": code, "zh": told(code)[0], "en": told(code)[1], **_counts(before & one, after & one)}
            for code, one in {"vulnerable": lines["vulnerable"].to_numpy(dtype=bool), **members}.items()
        ],
    }


def _counts(before: Flags, after: Flags) -> dict[str, int]:
    return {
        "listed_before": int(before.sum()),
        "listed_after": int(after.sum()),
        "enter": int((after & ~before).sum()),
        "leave": int((before & ~after).sum()),
    }
