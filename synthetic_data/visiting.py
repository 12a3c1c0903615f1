"""Home visits of a month: who is chosen, what is recorded, what follows."""

import numpy as np

from synthetic_data import verification
from synthetic_data.office import Office
from synthetic_data.reporting import HIDING

STOPPED_BECAUSE = {
    verification.INCOME: "核查发现未申报收入",
    verification.PROPERTY: "核查发现未申报财产",
    verification.INELIGIBLE: "家庭收入超过标准",
    verification.DECEASED: "人员死亡",
    verification.LEFT: "成员变动后不符合条件",
    verification.MOVED: "迁出本地",
}


def count_months(office: Office, homes: np.ndarray, facts: verification.Facts) -> None:
    files = office.files
    hidden, left = verification.concealment(facts), verification.change(facts)
    small = facts.concealed > 0.2 * facts.standard * np.maximum(facts.persons, 1)
    files.concealed_months[homes] = np.where(hidden | small, files.concealed_months[homes] + 1, 0)
    files.changed_months[homes] = np.where(left, files.changed_months[homes] + 1, 0)


def visits(
    office: Office, homes: np.ndarray, facts: verification.Facts, truth: verification.Outcome, month: int
) -> None:
    """Choose, visit, record, and act on what was recorded."""
    rng, files = office.rng, office.files
    before = max(month - 2, 0)
    line_income = facts.line * np.maximum(files.persons[homes], 1)
    seen = office.sightings.income[homes, before]
    over = np.where(seen > line_income, 1 + 0.3 * (seen / line_income), 0)
    over += 1.5 * (facts.member_died & (rng.random(len(homes)) < 0.6))
    over += office.household.deposits[homes, before] * office.sightings.deposit_share[
        homes
    ] > 20 * facts.standard * np.maximum(files.persons[homes], 1)
    recent = month - files.last_visit[homes] < 4
    rule = np.where((over > 0) & ~recent, over + rng.gumbel(0, 0.5, len(homes)) + 3, 0)
    sense = 0.85 * verification.concealment(facts) + 0.5 * verification.change(facts)
    sense = sense + 0.35 * (facts.persons > 2) + 0.9 * office.reporting.impression[homes]
    sense = np.where(recent, 0, 4 + sense + rng.gumbel(0, 0.7, len(homes)))
    due = (month - files.last_visit[homes]) / verification.REVIEW_MONTHS[files.review[homes]]
    due = np.where(
        due >= 1,
        due**0.5 + 0.8 * (month - files.last_visit[homes] >= 11) + rng.gumbel(0, 0.5, len(homes)) + 5,
        0,
    )
    street = office.people.places.street[homes]
    chosen = verification.select(rng, street, rule, sense, due, office.scale, office.streets.capacity)
    picked, count = homes[chosen.row], len(chosen.row)
    worker = street[chosen.row] * verification.WORKERS + rng.integers(0, office.staff[street[chosen.row]])
    outcome = verification.recorded(
        verification.Outcome(
            truth.finding[chosen.row],
            truth.income[chosen.row],
            truth.months[chosen.row],
            truth.action[chosen.row],
        ),
        verification.sharpness(worker, office.streets.sharpness),
        office.reporting.kind[picked] == HIDING,
        rng,
    )
    selected = office.clock.day(month, rng.integers(1, 9, count))
    visited = selected + rng.integers(3, 21, count)
    office.work.verifications.append(
        {
            "household": picked,
            "selected": selected,
            "arm": chosen.arm,
            "probability": chosen.probability,
            "visited": visited,
            "recorded": visited + rng.integers(1, 11, count),
            "worker": worker,
            "finding": outcome.finding,
            "income": outcome.income,
            "months": outcome.months,
            "action": outcome.action,
            "minutes": np.clip(rng.normal(48, 18, count), 8, 180).astype(int),
        }
    )
    _act(office, picked, outcome, month)


def _act(office: Office, homes: np.ndarray, outcome: verification.Outcome, month: int) -> None:
    files = office.files
    reached = ~np.isin(outcome.finding, (verification.REFUSED, verification.UNREACHABLE))
    files.last_visit[homes[reached]] = month
    stop = outcome.action == verification.STOP
    reasons = np.array([STOPPED_BECAUSE.get(code, "不再符合条件") for code in outcome.finding], dtype=object)
    office.end(homes[stop], month, reasons[stop])
    files.gradual_until[homes[outcome.action == verification.GRADUAL]] = month + 3
    adjusted = np.isin(outcome.action, (verification.INCREASE, verification.DECREASE))
    office.restate(homes[adjusted], month)
    found = adjusted & (outcome.finding == verification.INCOME)
    files.stated[homes[found]] = np.round(outcome.income[found])
    office.pay(homes[found], month)
