"""Which recipients a street verifies again next month, why, and with what probability.

Three things share a month's visits. Due dates come first: the legal minimum (57号 art. 31), then the A/B/C
cycle of local practice. A small off-cycle draw runs every month: where checks are regular, the time since the
last one and what it would find cannot be told apart without it. What is left goes where a visit is expected
to save most months of wrong payment. A plan orders work and decides nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.lot import Flags, Floats, Lot, Objects, keyed_order
from models.selection import WEEKS

Places = npt.NDArray[np.int64]

#: Share of the recipients drawn off-cycle each month.
OFF_CYCLE_A_MONTH = 0.015
#: ... but at most this part of the visits, where there are too few even for what is due.
OFF_CYCLE_OF_CAPACITY = 0.10
#: Where the visits do not suffice for whom the law asks for, this part of them goes by date and not by
#: probability: nobody is passed over for ever.
BY_DATE = 0.10
#: Share of wrong payments that still run a month later though nobody visits; the rest are told or seen.
STILL_PAID = 0.75
#: Reason of a visit -> its words. All but the last two are floors.
REASONS = {
    "legal_due": ("法定复核到期或逾期", "due or overdue by the legal minimum"),
    "class_due": ("A/B/C 类复核到期或逾期", "due or overdue by its A/B/C class"),
    "expected_months": ("预计可减少的错发月数最多", "most months of wrong payment expected to be saved"),
    "lot": ("随机抽查", "drawn by lot"),
}
FLOORS = ("legal_due", "class_due")
_OPEN = len(FLOORS)


@dataclass(frozen=True)
class Recipients:
    """Recipients of some streets before a month; arrays of equal length (n,).

    stratum: the review class. legal_overdue, class_overdue: months past the due date in the planned month, 0
    where it falls due in it, negative before; NaN: of the legal minimum that nobody knows, so it is due, of
    the class that there is none. exit_probability: current and calibrated, NaN where there is no prediction.
    finding: a rule found that the benefit should end.
    """

    household_id: Objects
    street_code: Objects
    stratum: Objects
    legal_overdue: Floats
    class_overdue: Floats
    exit_probability: Floats
    finding: Flags
    vulnerable: Flags


@dataclass(frozen=True)
class PlannedVisit:
    """One household of a month's plan.

    arm: routine (a floor), score or random. reason: a key of `REASONS`; of the random arm the floor that it
    meets as well. probability: of being planned through any arm; arm_probability: of the lot alone.
    months_saved: months of wrong payment that the visit is expected to save.
    """

    street_code: str
    household_id: str
    arm: str
    reason: str
    probability: float
    arm_probability: float
    months_saved: float
    batch: int
    visit_order: int


@dataclass(frozen=True)
class StreetPlan:
    """A street's month. short: households that a floor asks for and no visit is left for, by reason."""

    street_code: str
    capacity: int
    visits: tuple[PlannedVisit, ...]
    short: dict[str, int]


def plan_month(
    recipients: Recipients,
    capacity: dict[str, int],
    *,
    key: str,
    off_cycle: float = OFF_CYCLE_A_MONTH,
    floors: Sequence[str] = FLOORS,
) -> list[StreetPlan]:
    """The plan of every street, visits in the order in which they are made; the same key replays it.

    capacity: visits of each street, none where it is not named. key: secret of the city with the month.
    floors: those that bind; a class that does not bind leaves its households to the probability. Floors are
    met wherever capacity holds them and the lot; where it does not, `short` says what is missing.
    """
    if not 0 <= off_cycle <= 1:
        raise UserError(
            f"每月随机抽查比例 {off_cycle} 应在 0 与 1 之间 / the off-cycle share must be 0 to 1."
        )
    plans = []
    for street in sorted(set(recipients.street_code)):
        members = np.flatnonzero(recipients.street_code == street)
        places = max(capacity.get(street, 0), 0)
        plans.append(_street(recipients, street, members, places, key, off_cycle, floors))
    return plans


def monthly_need(every_months: Floats) -> float:
    """Visits a month that cycles of these lengths ask for in the long run; (n,) months, all positive."""
    return float((1.0 / every_months).sum())


def months_saved(exit_probability: Floats, months_to_due: Floats) -> Floats:
    """Months of wrong payment a visit now saves: those until the next due date that would still be paid."""
    months = np.maximum(months_to_due, 1.0)
    return np.asarray(exit_probability * STILL_PAID * (1 - STILL_PAID**months) / (1 - STILL_PAID))


@dataclass(frozen=True)
class _Line:
    """A street's recipients in the order in which they are planned, without those who may not be; (n,)."""

    household_id: Objects
    stratum: Objects
    tier: Places
    saved: Floats


def _street(
    recipients: Recipients,
    street: str,
    members: Places,
    places: int,
    key: str,
    off_cycle: float,
    floors: Sequence[str],
) -> StreetPlan:
    line = _line(recipients, members, places, key, floors)
    reserve = Fraction(OFF_CYCLE_OF_CAPACITY).limit_denominator(1000) * places
    wanted = Fraction(off_cycle).limit_denominator(10**6) * len(line.tier)
    lot = Lot.among(line.stratum, min(wanted, reserve))
    drawn = lot.draw(line.household_id, f"{key}|plan|random|{street}")
    rest = np.flatnonzero(~drawn)[: places - int(drawn.sum())]
    chosen = np.sort(np.concatenate([np.flatnonzero(drawn), rest]))
    missed = np.bincount(np.delete(line.tier, chosen), minlength=_OPEN)
    short = {floor: int(missed[number]) for number, floor in enumerate(FLOORS) if missed[number]}
    return StreetPlan(street, places, _visits(street, line, lot, drawn, chosen, places, key), short)


def _line(recipients: Recipients, members: Places, places: int, key: str, floors: Sequence[str]) -> _Line:
    tier, saved = _tiers(recipients, members, floors), _saved(recipients, members, floors)
    tie = keyed_order(recipients.household_id[members], f"{key}|plan|tie")
    order = _in_line(tier, saved, recipients.legal_overdue[members], tie, places)
    braked = recipients.vulnerable[members] & ~recipients.finding[members]
    # As on the lists: whom only the lot could bring is not drawn, its presence would tell.
    order = order[~(braked & (tier == _OPEN))[order]]
    row = members[order]
    return _Line(recipients.household_id[row], recipients.stratum[row], tier[order], saved[order])


def _visits(
    street: str, line: _Line, lot: Lot, drawn: Flags, chosen: Places, places: int, key: str
) -> tuple[PlannedVisit, ...]:
    """The chosen of a line as visits, in the order in which they are made."""
    turns = np.argsort(np.argsort(keyed_order(line.household_id[chosen], f"{key}|plan|visits")))
    size = math.ceil(len(chosen) / WEEKS)
    visits = [
        PlannedVisit(
            street_code=street,
            household_id=str(line.household_id[place]),
            arm="random" if drawn[place] else "routine" if line.tier[place] < _OPEN else "score",
            reason=_reason(int(line.tier[place]), bool(drawn[place])),
            probability=chance,
            arm_probability=float(lot.probability),
            months_saved=float(line.saved[place]),
            batch=turn // size + 1,
            visit_order=turn + 1,
        )
        for place, turn, chance in zip(
            chosen.tolist(), turns.tolist(), lot.inclusion(places, chosen.tolist()), strict=True
        )
    ]
    return tuple(sorted(visits, key=lambda one: one.visit_order))


def _in_line(tier: Places, saved: Floats, overdue: Floats, tie: Floats, places: int) -> Places:
    """Who comes before whom: by floor, within it by months saved; some of whom the law asks for by date."""
    waiting = np.where(np.isnan(overdue), np.inf, overdue)
    by_date = np.lexsort((tie, -waiting, tier))[: math.ceil(BY_DATE * places)]
    first = np.ones(len(tier), dtype=bool)
    first[by_date[tier[by_date] == 0]] = False
    return np.lexsort((tie, -saved, first, tier))


def _reason(tier: int, drawn: bool) -> str:
    if tier < _OPEN:
        return FLOORS[tier]
    return "lot" if drawn else "expected_months"


def _tiers(recipients: Recipients, members: Places, floors: Sequence[str]) -> Places:
    """Place of each household's floor in `FLOORS`; `_OPEN` where none binds. (members,)"""
    legal, cycle = recipients.legal_overdue[members], recipients.class_overdue[members]
    tier = np.full(len(members), _OPEN, dtype=np.int64)
    met = {
        "class_due": cycle >= 0,
        "legal_due": (legal >= 0) | np.isnan(legal),
    }
    for floor, holds in met.items():
        if floor in floors:
            tier[holds] = FLOORS.index(floor)
    return tier


def _saved(recipients: Recipients, members: Places, floors: Sequence[str]) -> Floats:
    """Months expected to be saved, (members,).

    A household whose score may not put it on a list, or that has none, counts with the street's mean: its
    score neither hurries its review nor puts it off.
    """
    said = recipients.exit_probability[members].copy()
    own = ~np.isnan(said) & ~(recipients.vulnerable[members] & ~recipients.finding[members])
    said[~own] = said[own].mean() if own.any() else 0.0
    overdue = {
        "legal_due": np.nan_to_num(recipients.legal_overdue[members], nan=0.0),
        "class_due": recipients.class_overdue[members],
    }
    due_in = np.fmin.reduce([-overdue[floor] for floor in floors], initial=np.inf)
    return months_saved(said, due_in)
