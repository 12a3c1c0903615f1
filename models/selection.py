"""From scores to this month's list of a street, with the probability of everyone on it.

The random arm is drawn first, from all households of the street that the list may hold and over their strata
alike, so that it alone is a probability sample of them. What is left of the capacity goes to rule findings
and to the highest scores. Batches and the order of visits are drawn over everyone selected: who visits
cannot tell who was drawn and who was scored.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.lot import Lot, keyed_order

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

VERIFICATION_KINDS = ("hidden_income", "exit_due", "underpaid")
#: Share of a street's verification visits for each list; underpaid is the floor that goes to entitlement.
VISIT_SHARES = {"hidden_income": 0.45, "exit_due": 0.35, "underpaid": 0.20}
#: Recipients verified a year, as a share of all (the plan's target), and contacts a month among the others.
VERIFIED_A_YEAR = 0.65
CONTACTED_A_MONTH = 0.002
LEAST_VISITS = 3
LEAST_HOUSEHOLDS = 100
#: Lists on which a vulnerable household stands only where a rule found something.
BRAKED = ("hidden_income", "exit_due")
WEEKS = 4


@dataclass(frozen=True)
class Candidates:
    """Households of one kind of list, all streets; arrays of equal length (n,).

    score: what orders them (log-odds, or the underpaid priority); finding: a rule found the question true.
    stratum: the review class or category; the random arm gets of each street's strata the same share.
    """

    household_id: npt.NDArray[np.object_]
    street_code: npt.NDArray[np.object_]
    score: Floats
    finding: Flags
    vulnerable: Flags
    stratum: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Selected:
    """One household on a list.

    arm: score, rule or random. selection_probability: of standing on the list through any arm.
    arm_probability: of the random draw alone, for weighted estimates. rank: by score in the street (from 1).
    """

    kind: str
    street_code: str
    household_id: str
    arm: str
    selection_probability: float
    arm_probability: float
    rank: int
    batch: int
    visit_order: int
    score: float


def visit_capacity(recipients: Mapping[str, int], kind: str) -> dict[str, int]:
    """Visits a month and street for one list, from the number of recipients of the street."""
    if kind not in VISIT_SHARES:
        raise UserError(f"没有名单 {kind} / no such list: {kind}; the lists are {', '.join(VISIT_SHARES)}.")
    return {
        street: max(1, round(VISIT_SHARES[kind] * max(LEAST_VISITS, round(VERIFIED_A_YEAR / 12 * count))))
        for street, count in recipients.items()
    }


def contact_capacity(unassisted: Mapping[str, int]) -> dict[str, int]:
    """Outreach contacts a month and street, from the number of households in no programme.

    A code with a handful of households is a far-away hukou, not a street of this city: it gets none.
    """
    return {
        street: max(LEAST_VISITS, round(CONTACTED_A_MONTH * count)) if count >= LEAST_HOUSEHOLDS else 0
        for street, count in unassisted.items()
    }


def select(
    kind: str,
    candidates: Candidates,
    capacity: Mapping[str, int],
    *,
    key: str,
    random_share: float = 0.10,
    rule_share: float = 0.30,
) -> list[Selected]:
    """The list of every street, by street and visit order; the same key replays the same draw.

    key: secret of the city with the list's month, so that nobody can foresee the draw. random_share: of each
    street's capacity, at least one. rule_share: at most this part of the rest goes to rule findings first.
    """
    if not 0 < random_share < 1:
        raise UserError(
            f"随机抽查比例 {random_share} 应在 0 与 1 之间 / the random share must be between 0 and 1."
        )
    selected: list[Selected] = []
    streets, of_street = np.unique(candidates.street_code.astype(str), return_inverse=True)
    by_street = np.argsort(of_street, kind="stable")
    ends = np.cumsum(np.bincount(of_street, minlength=len(streets)))
    for street, members in zip(streets.tolist(), np.split(by_street, ends[:-1]), strict=True):
        places = capacity.get(street, 0)
        selected += _street(kind, street, candidates, members, places, key, random_share, rule_share)
    return selected


def _street(
    kind: str,
    street: str,
    candidates: Candidates,
    members: npt.NDArray[np.int64],
    places: int,
    key: str,
    random_share: float,
    rule_share: float,
) -> list[Selected]:
    tie = keyed_order(candidates.household_id[members], f"{key}|{kind}|tie")
    by_score = members[np.lexsort((tie, -candidates.score[members]))]
    rank = {int(member): place for place, member in enumerate(by_score, start=1)}
    allowed = _allowed(kind, candidates, by_score)
    places = min(places, len(allowed))
    if not places:
        return []
    drawn_count = min(places, max(1, round(random_share * places)))
    queue = _queue(candidates, allowed, round(rule_share * (places - drawn_count)))
    # Drawn from the line itself: a household that only the lot could have brought would tell the arm.
    lot = Lot.among(candidates.stratum[queue], drawn_count)
    by_lot = lot.draw(candidates.household_id[queue], f"{key}|{kind}|random|{street}")
    drawn = {member for member, one in zip(queue, by_lot, strict=True) if one}
    scored = [member for member in queue if member not in drawn][: places - drawn_count]
    chosen = sorted(drawn) + scored
    order = np.argsort(np.argsort(keyed_order(candidates.household_id[chosen], f"{key}|{kind}|visits")))
    position = {member: place for place, member in enumerate(queue)}
    included = lot.inclusion(places, [position[member] for member in chosen])
    size = math.ceil(len(chosen) / WEEKS)
    return sorted(
        (
            Selected(
                kind=kind,
                street_code=street,
                household_id=str(candidates.household_id[member]),
                arm="random" if member in drawn else _arm(kind, candidates, member),
                selection_probability=chance,
                arm_probability=float(lot.probability),
                rank=rank[member],
                batch=int(place) // size + 1,
                visit_order=int(place) + 1,
                score=float(candidates.score[member]),
            )
            for member, place, chance in zip(chosen, order, included, strict=True)
        ),
        key=lambda row: row.visit_order,
    )


def _allowed(kind: str, candidates: Candidates, by_score: npt.NDArray[np.int64]) -> list[int]:
    """Who may be on the list, by score.

    A vulnerable household without a finding stands on no punitive list, not even by lot: it would be the one
    that only the lot can have brought.
    """
    finding, vulnerable = candidates.finding, candidates.vulnerable
    if kind == "underpaid":
        return [int(m) for m in by_score if finding[m]]
    return [int(m) for m in by_score if finding[m] or not (kind in BRAKED and vulnerable[m])]


def _queue(candidates: Candidates, allowed: list[int], rule_places: int) -> list[int]:
    """Who stands where in the line: the first rule findings, then everybody else by score."""
    first = [m for m in allowed if candidates.finding[m]][:rule_places]
    ahead = set(first)
    return first + [m for m in allowed if m not in ahead]


def _arm(kind: str, candidates: Candidates, member: int) -> str:
    return "rule" if candidates.finding[member] or kind == "underpaid" else "score"
