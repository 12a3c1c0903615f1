"""Medical insurance settlements of everybody (shared by statute)."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, texts
from synthetic_data.world import World

KINDS = ("inpatient", "chronic", "outpatient")
SERIOUS = ("恶性肿瘤", "终末期肾病", "脑卒中后遗症", "重症精神病", "心脏手术")
COMMON = ("高血压", "糖尿病", "慢阻肺", "关节炎", "普通门诊")


def rows(world: World) -> Rows:
    """Six months of history come first; then each month's on the 6th of the next."""
    return join(*(_month(world, month) for month in range(world.clock.first - 6, world.clock.last + 1)))


def _month(world: World, month: int) -> Rows:
    people, truth = world.people, world.truth
    rng = world.chance(f"settlements_{month}")
    alive = truth.died > month
    chronic = people.chronic & alive
    often = np.where(chronic, 0.42, 0.05 + 0.03 * (people.frailty > 0.8)) * alive
    visits = np.flatnonzero(rng.random(people.persons) < often)
    kind = np.where(chronic[visits] & (rng.random(len(visits)) < 0.75), 1, 2)
    total = np.exp(rng.normal(np.where(kind == 1, 5.6, 5.1), 0.7))
    common = _rows(
        world, visits, kind, total, total * rng.uniform(0.15, 0.6, len(visits)), COMMON, month, rng
    )
    spends = np.flatnonzero(truth.self_paid[:, month] > 0)
    # A little of what the ill pay goes past the insurance and is never settled.
    paid = truth.self_paid[spends, month] * np.where(rng.random(len(spends)) < 0.12, 0.0, 0.9)
    spends, paid = spends[paid > 0], paid[paid > 0].astype(float)
    serious = _rows(
        world,
        spends,
        np.where(paid > 1200, 0, 1),
        paid / rng.uniform(0.25, 0.5, len(paid)),
        paid,
        SERIOUS,
        month,
        rng,
    )
    falls = np.flatnonzero(alive & (rng.random(people.persons) < 0.004 + 0.004 * people.chronic))
    bill = np.exp(rng.normal(8.9, 0.6, len(falls)))
    acute = _rows(
        world,
        falls,
        np.zeros(len(falls), int),
        bill,
        bill * rng.uniform(0.2, 0.45, len(falls)),
        ("肺炎", "骨折", "阑尾炎"),
        month,
        rng,
    )
    return join(common, serious, acute)


def _rows(
    world: World,
    person: np.ndarray,
    kind: np.ndarray,
    total: np.ndarray,
    self_paid: np.ndarray,
    classes: tuple[str, ...],
    month: int,
    rng: np.random.Generator,
) -> Rows:
    count, clock = len(person), world.clock
    return Rows(
        {
            **about(world.people, person),
            "settled_on": clock.day(month, rng.integers(1, 28, count)),
            "kind": texts(KINDS, kind),
            "total_yuan": np.round(total, 2),
            "self_paid_yuan": np.round(self_paid, 2),
            "illness_class": texts(classes, person % len(classes)),
        },
        np.full(count, clock.day(max(month + 1, clock.first), 6)),
    )
