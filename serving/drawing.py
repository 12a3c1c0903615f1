"""The four lists of a month: whom each may hold, how many a street can visit, and who is on it.

The choice itself is `models.selection`; here it is asked four times, with one secret key a month.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from features.identity.thresholds import VISIT
from models import underpaid
from models.selection import Candidates, Selected, contact_capacity, select, visit_capacity
from serving.inputs import City, Profiles, flags, objects

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Draw:
    """What fixes the draws of one month: `key` is secret, `check` proves later which key it was."""

    key: str
    check: str
    seed: int


def make_draw(pseudonym_key: str, as_of: date, seed: int) -> Draw:
    """The draws of a month follow from the city's secret, the month and the seed, and from nothing else."""
    key = hashlib.sha256(f"{pseudonym_key}|draw|{as_of}|{seed}".encode()).hexdigest()
    return Draw(key, hashlib.sha256(key.encode()).hexdigest()[:16], seed)


def draw_scored(
    kind: str, city: City, members: Places, raw: npt.NDArray[np.float64], draw: Draw
) -> list[Selected]:
    """A model's list. `raw` (members,) is NaN where no prediction was possible; the lot may fall there."""
    found, profiles = true_findings(city, kind), city.profiles
    candidates = Candidates(
        household_id=profiles.ids[members],
        street_code=objects(profiles.households, "street_code")[members],
        score=np.where(np.isnan(raw), -np.inf, raw),
        finding=np.array([household in found for household in profiles.ids[members]], dtype=bool),
        vulnerable=flags(profiles.households, "vulnerable")[members],
        stratum=strata(profiles)[members],
    )
    everybody = Counter(candidates.street_code.tolist())
    capacity = (
        contact_capacity(everybody) if profiles.universe == "register" else visit_capacity(everybody, kind)
    )
    return select(kind, candidates, _reachable(candidates, capacity), key=draw.key)


def draw_underpaid(city: City, draw: Draw) -> list[Selected]:
    """The rules' list: recipients entitled to more than is paid, by amount and need."""
    profiles = city.profiles
    amount = dict(
        zip(
            city.judgements["household_id"].to_pylist(),
            (float(a or 0) for a in city.judgements["underpaid_yuan"].to_pylist()),
            strict=True,
        )
    )
    yuan = np.array([amount.get(household, 0.0) for household in profiles.ids])
    persons = np.array([p or 1 for p in profiles.households["person_count"].to_pylist()], dtype=np.int64)
    vulnerable = flags(profiles.households, "vulnerable")
    candidates = Candidates(
        household_id=profiles.ids,
        street_code=objects(profiles.households, "street_code"),
        score=underpaid.priority(yuan, persons, vulnerable),
        finding=yuan > 0,
        vulnerable=vulnerable,
        stratum=strata(profiles),
    )
    capacity = visit_capacity(Counter(candidates.street_code.tolist()), underpaid.QUESTION)
    return select(underpaid.QUESTION, candidates, capacity, key=draw.key)


def strata(profiles: Profiles) -> npt.NDArray[np.object_]:
    """Over which the lot is spread in a street: review classes on file, town and country in the register."""
    column = "review_class" if profiles.universe == "on_file" else "urban_rural"
    return np.array([value or "" for value in profiles.households[column].to_pylist()], dtype=object)


def cohort(profiles: Profiles, categories: tuple[str, ...]) -> Places:
    """Rows whom a question concerns: of these categories on file, or in no programme in the register."""
    if profiles.universe == "register":
        return np.flatnonzero(~flags(profiles.households, "in_programme"))
    if not categories:
        return np.arange(len(profiles.ids))
    concerned = [category in categories for category in profiles.households["category"].to_pylist()]
    return np.flatnonzero(concerned)


def true_findings(city: City, question: str) -> set[str]:
    """Households of which a rule finds the question true, on a record that is surely theirs."""
    names = ("household_id", "question", "verdict", "confidence")
    columns = (city.findings[name].to_pylist() for name in names)
    return {
        household
        for household, asked, verdict, match in zip(*columns, strict=True)
        if asked == question and verdict == "true" and match >= VISIT
    }


def _reachable(candidates: Candidates, capacity: dict[str, int]) -> dict[str, int]:
    """No more places than households with a score or a finding: nobody is visited for want of others."""
    known = Counter(candidates.street_code[np.isfinite(candidates.score) | candidates.finding].tolist())
    return {street: min(places, max(1, known[street])) for street, places in capacity.items()}
