"""How families come on file: the register of the first day, and applications."""

import numpy as np

from synthetic_data import law
from synthetic_data.files import DIBAO, ENDED, MARGINAL, NEVER, RIGID, TARGETS, TEKUN
from synthetic_data.office import Office
from synthetic_data.population import OLD_ALONE
from synthetic_data.reporting import HIDING

GRANTED, REFUSED, WITHDRAWN = range(3)
DECIDED_AFTER = (24, 47)  # days after the application: 25 working days in the mean


def open_register(office: Office) -> None:
    """Fill the register at month 0, mostly with families that are eligible, some that conceal."""
    household, files = office.household, office.files
    count = office.people.households
    told = office.reporting.would_declare[:, 0] / np.maximum(household.persons[:, 0], 1)
    clean = (household.persons[:, 0] > 0) & ~household.property_over[:, 0] & ~office.reporting.unaware
    standard = household.standard[:, 0]
    tekun = clean & (office.people.household_kind == OLD_ALONE) & (household.support[:, 0] == 0)
    readiness = office.reporting.take_up.readiness(office.information)
    _fill(office, TEKUN, np.flatnonzero(tekun & (told < standard)), np.ones(count))
    free = files.category == NEVER
    weight = readiness * np.where(household.eligible[:, 0], 1.0, 0.22)
    _fill(office, DIBAO, np.flatnonzero(clean & free & (told < standard)), weight)
    free = files.category == NEVER
    marginal = clean & free & (told >= standard) & (told < law.MARGINAL_FACTOR * standard)
    _fill(office, MARGINAL, np.flatnonzero(marginal), readiness * (1 + 2 * office.disabled))
    free = files.category == NEVER
    rigid = clean & free & office.ill & (told >= law.MARGINAL_FACTOR * standard)
    _fill(office, RIGID, np.flatnonzero(rigid), np.ones(count))
    office.employ()


def _fill(office: Office, category: int, pool: np.ndarray, weight: np.ndarray) -> None:
    if not len(pool):  # a few hundred families may hold none of a rare kind
        return
    wanted = min(round(TARGETS[category] * office.people.households), len(pool))
    chances = weight[pool] / weight[pool].sum()
    homes = np.sort(office.rng.choice(pool, wanted, replace=False, p=chances))
    office.open_file(homes, np.full(wanted, category), 0, office.rng.integers(1, 28, wanted))
    office.files.granted[homes] = -office.rng.integers(1, 80, wanted)
    office.files.last_visit[homes] = -office.rng.integers(0, 10, wanted)
    office.files.authorised_until[homes] = office.rng.integers(2, 25, wanted)


def apply(office: Office, month: int) -> None:
    """The eligible apply by readiness, concealing families at times, those told by outreach now."""
    rng, files, household = office.rng, office.files, office.household
    _decide(office, month)
    outside = (files.category == NEVER) | ((files.category == ENDED) & (files.ended < month - 9))
    outside[office.undecided] = False
    readiness = office.reporting.take_up.readiness(office.information)
    present = household.persons[:, month] > 0
    told = office.reporting.would_declare[:, month] / np.maximum(household.persons[:, month], 1)
    standard = household.standard[:, month]
    over = household.property_over[:, month]
    eligible = household.eligible[:, month]
    hidden = (told < standard) & ~eligible
    between = (told >= standard) & (told < law.MARGINAL_FACTOR * standard)
    stock = np.bincount(files.category, minlength=6)
    room = np.clip(1 + 9 * (1 - stock[DIBAO] / (TARGETS[DIBAO] * office.people.households)), 0.1, 6)
    marginal_room = np.clip(
        1 + 9 * (1 - stock[MARGINAL] / (TARGETS[MARGINAL] * office.people.households)), 0, 6
    )
    hazard = np.where(eligible, 0.018 * readiness * room, 0.00012)
    hazard = np.where(hidden, 0.026 * room * np.where(over, 0.3, 1.0), hazard)
    hazard = np.where(between, 0.006 * readiness * marginal_room, hazard)
    applies = outside & present & ~office.reporting.unaware & (rng.random(len(hazard)) < hazard)
    applies[office.wants[outside[office.wants] & present[office.wants]]] = True
    homes = np.flatnonzero(applies)
    shown = over[homes] & (rng.random(len(homes)) < 0.8)
    sensed = (office.reporting.kind[homes] == HIDING) & (rng.random(len(homes)) < 0.5)
    sensed |= rng.random(len(homes)) < 0.05
    category = np.where(told[homes] < standard[homes], DIBAO, MARGINAL)
    passes = (told[homes] < law.MARGINAL_FACTOR * standard[homes]) & ~shown & ~sensed
    withdrawn = ~passes & (rng.random(len(homes)) < 0.1)
    applied = office.clock.day(month, rng.integers(1, 29, len(homes)))
    decided = applied + rng.integers(*DECIDED_AFTER, len(homes))
    reason = np.where(passes, "符合条件", np.where(shown, "财产超过规定", "家庭收入超过标准"))
    office.waiting.append(
        {
            "household": homes,
            "applied": applied,
            "decided": decided,
            "decision": np.where(passes, GRANTED, np.where(withdrawn, WITHDRAWN, REFUSED)),
            "reason": np.where(withdrawn, "申请人撤回", reason).astype(object),
            "category": category,
        }
    )


def _decide(office: Office, month: int) -> None:
    """What falls due this month is decided; a family that has died or left by then has withdrawn."""
    if not office.waiting:
        return
    waiting = {name: np.concatenate([part[name] for part in office.waiting]) for name in office.waiting[0]}
    due = office.clock.number(waiting["decided"]) <= month
    office.waiting = [{name: values[~due] for name, values in waiting.items()}]
    now = {name: values[due] for name, values in waiting.items()}
    homes = now["household"]
    gone = office.household.persons[homes, month] == 0
    now["decision"] = np.where(gone, WITHDRAWN, now["decision"])
    now["reason"] = np.where(gone, "申请人撤回", now["reason"])
    office.work.applications.append(now)
    granted = now["decision"] == GRANTED
    day = (now["decided"] - office.clock.day(month, 1)).astype(int) + 1
    office.open_file(homes[granted], now["category"][granted], month, day[granted])
    _turn_down(office, homes[~granted], month)


def _turn_down(office: Office, homes: np.ndarray, month: int) -> None:
    files = office.files
    office.authorise(homes, month)
    files.category[homes] = ENDED
    files.ended[homes], files.end_reason[homes] = month, "申请未获批准"
    files.refused[homes] = True
    office.restate(homes, month)
    files.benefit[homes] = 0
