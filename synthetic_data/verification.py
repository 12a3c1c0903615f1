"""What a visit would find, exactly; what workers record of it; and whom staff choose to visit."""

from dataclasses import dataclass

import numpy as np

from synthetic_data import law

FINDINGS = (
    "no_change",
    "income_undeclared",
    "property_undeclared",
    "ineligible",
    "deceased_member",
    "member_left",
    "moved",
    "record_error",
    "refused",
    "unreachable",
)
(NO_CHANGE, INCOME, PROPERTY, INELIGIBLE, DECEASED, LEFT, MOVED, RECORD_ERROR, REFUSED, UNREACHABLE) = range(
    10
)
ACTIONS = ("none", "increase", "decrease", "stop", "gradual_exit", "refer")
NONE, INCREASE, DECREASE, STOP, GRADUAL, REFER = range(6)
ARMS = ("random", "score", "rule", "report", "routine")
RANDOM, SCORE, RULE, REPORT, ROUTINE = range(5)
RANDOM_VISITS = 40  # a month in a district of 60,000 households
VISITS_A_YEAR = 0.88  # of recipients; some are visited twice, so 65 of 100 are verified in a year
EXIT_FACTOR = 1.10  # a change is followed to the end from this share of the line on
CASELOAD = 350  # households on file of one worker
WORKERS = 10  # in a street at the most
REVIEW_MONTHS = np.array([0, 1, 3, 6])  # none, A, B, C


@dataclass
class Facts:
    """What is true of each recipient in a month; arrays of recipients."""

    persons: np.ndarray
    countable: np.ndarray
    line: np.ndarray  # yuan per person
    would_declare: np.ndarray
    stated: np.ndarray
    stated_persons: np.ndarray
    standard: np.ndarray
    property_over: np.ndarray
    all_dead: np.ndarray
    moved: np.ndarray
    member_died: np.ndarray
    member_left: np.ndarray
    in_gradual_exit: np.ndarray
    months_concealed: np.ndarray
    months_changed: np.ndarray
    files_error: np.ndarray

    @property
    def per_capita(self) -> np.ndarray:
        return self.countable / np.maximum(self.persons, 1)

    @property
    def concealed(self) -> np.ndarray:
        """Income the family would not tell when asked."""
        return self.countable - self.would_declare

    @property
    def changed(self) -> np.ndarray:
        """Income it would tell when asked and has not yet told."""
        return self.would_declare - self.stated


@dataclass
class Outcome:
    """Codes into FINDINGS and ACTIONS, yuan a month, months."""

    finding: np.ndarray
    income: np.ndarray
    months: np.ndarray
    action: np.ndarray


def concealment(facts: Facts) -> np.ndarray:
    """Whether concealment, rather than an unreported change, carries the family over its line."""
    over = facts.per_capita >= law.MATERIAL_FACTOR * facts.line
    told = facts.would_declare / np.maximum(facts.persons, 1)
    return (over & ((told < facts.line) | (facts.concealed > facts.changed))) | facts.property_over


def change(facts: Facts) -> np.ndarray:
    """Whether a change that was never told makes the family ineligible."""
    gone = facts.all_dead | facts.moved
    over = facts.per_capita >= EXIT_FACTOR * facts.line
    return gone | (over & ~concealment(facts))


def exact(facts: Facts) -> Outcome:
    """The exact finding of a blind full audit: no miss, no refusal."""
    count = len(facts.persons)
    finding, action = np.zeros(count, int), np.zeros(count, int)
    months = np.zeros(count, int)
    line_income = facts.standard * np.maximum(facts.persons, 1)
    more = facts.standard * facts.persons - facts.would_declare
    paid = facts.standard * facts.stated_persons - facts.stated
    low = (more > 1.1 * paid + 20) & (facts.per_capita < facts.standard)
    action[low] = INCREASE
    finding[facts.files_error] = RECORD_ERROR
    small = (facts.concealed > 0.2 * line_income) & ~low
    finding[small], action[small] = INCOME, DECREASE
    less = (facts.changed > 0.15 * line_income) & ~small
    action[less] = DECREASE
    for mark, code in ((facts.member_left, LEFT), (facts.member_died, DECEASED)):
        finding[mark], action[mark] = code, DECREASE
    hidden, left = concealment(facts), change(facts)
    finding[hidden & ~facts.property_over], action[hidden] = INCOME, STOP
    finding[facts.property_over] = PROPERTY
    plain = left & ~facts.member_left & ~facts.member_died
    finding[plain] = INELIGIBLE
    mild = facts.per_capita < 1.3 * facts.line
    action[left] = np.where(mild, GRADUAL, STOP)[left]
    finding[facts.moved], finding[facts.all_dead] = MOVED, DECEASED
    action[facts.moved | facts.all_dead] = STOP
    lawful = facts.in_gradual_exit & ~facts.all_dead & ~facts.moved
    finding[lawful], action[lawful] = NO_CHANGE, NONE
    months = np.where(hidden | small, np.maximum(facts.months_concealed, 1), 0)
    months = np.where(left, np.maximum(facts.months_changed, 1), months)
    return Outcome(finding, np.round(np.maximum(facts.countable, 0), 2), np.where(lawful, 0, months), action)


def sharpness(worker: np.ndarray, street: np.ndarray) -> np.ndarray:
    """Share of concealment that each worker finds, in streets that are sharper or blunter by `street`."""
    own = 0.64 + 0.22 * ((worker * 37) % 11) / 10
    return np.clip(own + street[worker // WORKERS], 0.3, 0.97)


def recorded(truth: Outcome, sharp: np.ndarray, hiding: np.ndarray, rng: np.random.Generator) -> Outcome:
    """What workers write down: some is missed, little invented, some doors stay closed."""
    count = len(truth.finding)
    draw = rng.random((4, count))
    finding, action, income = truth.finding.copy(), truth.action.copy(), truth.income.copy()
    months = truth.months.copy()
    concealed = (finding == INCOME) | (finding == PROPERTY)
    changed = np.isin(finding, (INELIGIBLE, LEFT, DECEASED, MOVED))
    missed = (concealed & (draw[0] > sharp)) | (changed & (draw[0] > 0.9))
    finding[missed], action[missed], months[missed] = NO_CHANGE, NONE, 0
    income[missed] *= 0.35 + 0.4 * draw[2][missed]
    false = (truth.finding == NO_CHANGE) & (truth.action == NONE) & (draw[1] < 0.012)
    finding[false], action[false], months[false] = INCOME, DECREASE, 4
    income *= np.exp(rng.normal(0, 0.05, count))
    refused = draw[3] < np.where(hiding, 0.035, 0.01)
    absent = (draw[3] > 0.975) | ((truth.finding == MOVED) & (draw[3] > 0.5))
    finding[refused], finding[absent] = REFUSED, UNREACHABLE
    for closed in (refused, absent):
        action[closed], months[closed] = NONE, 0
    income[refused | absent] = np.nan
    return Outcome(finding, np.round(income, 2), months, action)


@dataclass
class Selection:
    """Rows of the selected recipients (indices into the recipients), arm and stored probability."""

    row: np.ndarray
    arm: np.ndarray
    probability: np.ndarray


def select(
    rng: np.random.Generator,
    street: np.ndarray,
    rule_strength: np.ndarray,
    report_strength: np.ndarray,
    overdue: np.ndarray,
    scale: float,
    effort: np.ndarray,
) -> Selection:
    """Random arm proportional by street with its probability; then rules, reports and routine reviews.

    effort: what the visits a recipient of each street are multiplied with.
    """
    count, sizes = len(street), np.bincount(street, minlength=len(effort))
    capacity = np.floor(VISITS_A_YEAR / 12 * sizes * effort + rng.random(len(sizes)))
    row, probability = random_arm(rng, street, max(round(RANDOM_VISITS * scale), 1))
    taken = np.zeros(count, bool)
    taken[row] = True
    rows, arms, chances = [row], [np.full(len(row), RANDOM)], [probability]
    left = np.maximum(capacity - np.bincount(street[row], minlength=len(sizes)), 0)
    for arm, strength, share in (
        (RULE, rule_strength, 0.36),
        (REPORT, report_strength, 0.22),
        (ROUTINE, overdue, 1.0),
    ):
        done = np.bincount(street[taken], minlength=len(sizes))
        wanted = np.floor(share * left + rng.random(len(sizes))) if share < 1 else capacity - done
        order = _strongest(np.where(taken, 0, strength), street, wanted)
        taken[order] = True
        rows.append(order)
        arms.append(np.full(len(order), arm))
        chances.append(np.full(len(order), np.nan))
    return Selection(np.concatenate(rows), np.concatenate(arms), np.concatenate(chances))


def _strongest(strength: np.ndarray, street: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Rows of each street's `wanted` strongest, none without strength."""
    order = np.lexsort((-strength, street))
    sizes = np.bincount(street, minlength=len(wanted))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[(rank < wanted[street[order]]) & (strength[order] > 0)]


def random_arm(rng: np.random.Generator, street: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray]:
    """A draw without replacement, proportional by street; the probability is that of the street's draw."""
    sizes = np.bincount(street)
    exact_share = wanted * sizes / max(sizes.sum(), 1)
    numbers = np.floor(exact_share + rng.random(len(sizes))).astype(int)
    rows, chances = [], []
    for place in np.flatnonzero(sizes):
        members = np.flatnonzero(street == place)
        drawn = rng.choice(members, min(numbers[place], len(members)), replace=False)
        rows.append(drawn)
        chances.append(np.full(len(drawn), min(exact_share[place] / sizes[place], 1.0)))
    return np.concatenate(rows), np.round(np.concatenate(chances), 6)
