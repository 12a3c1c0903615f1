"""Civil affairs month by month: who applies and is granted, what is declared and paid, reviews, visits, ends."""

from dataclasses import dataclass, field

import numpy as np

from synthetic_data import law, outreach, verification
from synthetic_data.clock import Clock, chance
from synthetic_data.economy import Economy
from synthetic_data.household_truth import Household
from synthetic_data.membership import Membership
from synthetic_data.population import OLD_ALONE, Population
from synthetic_data.reporting import HIDING, Reporting
from synthetic_data.sightings import Sightings

NEVER, DIBAO, MARGINAL, TEKUN, RIGID, ENDED = range(6)
CATEGORIES = ("", "dibao", "dibao_marginal", "tekun", "rigid_expenditure", "none")
TARGETS = {DIBAO: 4000 / 60000, MARGINAL: 700 / 60000, TEKUN: 250 / 60000, RIGID: 80 / 60000}
NO_MONTH = -10_000
STOPPED_BECAUSE = {
    verification.INCOME: "核查发现未申报收入", verification.PROPERTY: "核查发现未申报财产",
    verification.INELIGIBLE: "家庭收入超过标准", verification.DECEASED: "人员死亡",
    verification.LEFT: "成员变动后不符合条件", verification.MOVED: "迁出本地",
}


@dataclass
class Files:
    """The state of civil affairs' files: one entry a household."""

    category: np.ndarray
    granted: np.ndarray  # month numbers
    granted_day: np.ndarray
    ended: np.ndarray
    end_reason: np.ndarray
    stated: np.ndarray  # declared countable income of the household, yuan a month
    stated_deposit: np.ndarray
    persons: np.ndarray  # on file
    benefit: np.ndarray
    review: np.ndarray  # 1 A, 2 B, 3 C
    last_visit: np.ndarray
    authorised_from: np.ndarray
    authorised_until: np.ndarray
    ever_authorised: np.ndarray  # month of the first authorisation, else NO_MONTH
    gradual_until: np.ndarray
    concealed_months: np.ndarray
    changed_months: np.ndarray
    refused: np.ndarray

    @property
    def recipients(self) -> np.ndarray:
        return np.flatnonzero((self.category == DIBAO) | (self.category == MARGINAL))


@dataclass
class Casework:
    """Everything civil affairs recorded, and the exact audit that nobody made."""

    files: Files
    membership: Membership
    snapshots: list[dict[str, np.ndarray]] = field(default_factory=list)
    verifications: list[dict[str, np.ndarray]] = field(default_factory=list)
    contacts: list[dict[str, np.ndarray]] = field(default_factory=list)
    applications: list[dict[str, np.ndarray]] = field(default_factory=list)
    audits: list[dict[str, np.ndarray]] = field(default_factory=list)
    outreach_audits: list[dict[str, np.ndarray]] = field(default_factory=list)


class Office:
    """The civil affairs office at work; `run_casework` drives it through the months."""

    def __init__(
        self, people: Population, truth: Economy, household: Household, reporting: Reporting,
        sightings: Sightings, clock: Clock, seed: int,
    ) -> None:
        self.people, self.truth, self.household, self.reporting = people, truth, household, reporting
        self.sightings, self.clock = sightings, clock
        self.rng = chance(seed, "casework")
        self.scale = people.households / 60_000
        self.files = _empty_files(people.households)
        self.work = Casework(self.files, Membership(truth))
        self.ill = _any(people, (truth.ill_from < 12) & (people.unit >= 0))
        self.disabled = _any(people, people.disability_grade > 0)
        self.wants: np.ndarray = np.zeros(0, int)  # told by outreach, will apply

    def line(self, homes: np.ndarray, month: int) -> np.ndarray:
        """Income line per person of the household's category."""
        factor = np.where(self.files.category[homes] == MARGINAL, law.MARGINAL_FACTOR, 1.0)
        return factor * self.household.standard[homes, month]

    def facts(self, homes: np.ndarray, month: int) -> verification.Facts:
        """What is true of these recipients in that month, beside what their files say."""
        files, household = self.files, self.household
        died, left, count = self.work.membership.marks(homes, month)
        persons = household.persons[homes, month]
        moved = (persons == 0) & ~died
        return verification.Facts(
            persons=persons, countable=household.countable[homes, month], line=self.line(homes, month),
            would_declare=self.reporting.would_declare[homes, month], stated=files.stated[homes],
            stated_persons=count, standard=household.standard[homes, month],
            property_over=household.property_over[homes, month] & (persons > 0),
            all_dead=(persons == 0) & died, moved=moved, member_died=died, member_left=left & ~moved,
            in_gradual_exit=files.gradual_until[homes] >= month,
            months_concealed=files.concealed_months[homes], months_changed=files.changed_months[homes],
            files_error=(homes * 2654435761 + month * 40503) % 1009 < 9,
        )

    def open_file(self, homes: np.ndarray, category: np.ndarray, month: int, day: np.ndarray) -> None:
        """Grant: the file holds what the family declares in that month."""
        files = self.files
        files.category[homes], files.granted[homes], files.granted_day[homes] = category, month, day
        files.ended[homes], files.end_reason[homes] = NO_MONTH, ""
        files.last_visit[homes] = month
        files.gradual_until[homes] = NO_MONTH
        files.concealed_months[homes] = files.changed_months[homes] = 0
        self.authorise(homes, month)
        self.restate(homes, month)
        idle, severe = self.household.able_idle[homes, month] > 0, self.disabled[homes] | self.ill[homes]
        draw = self.rng.random(len(homes))
        files.review[homes] = np.where(severe & ~idle, np.where(draw < 0.8, 1, 2), np.where(idle, 3, 2))

    def authorise(self, homes: np.ndarray, month: int) -> None:
        files = self.files
        files.authorised_from[homes] = month
        files.authorised_until[homes] = month + 24
        first = homes[files.ever_authorised[homes] == NO_MONTH]
        files.ever_authorised[first] = month

    def restate(self, homes: np.ndarray, month: int) -> None:
        """The family says again what it earns; members and benefit follow."""
        files, household = self.files, self.household
        membership = self.work.membership
        membership.register(homes, membership.living(month), month)
        _, _, count = membership.marks(homes, month)
        files.persons[homes] = count
        files.stated[homes] = np.round(self.reporting.would_declare[homes, month])
        told = self.reporting.told_deposit_share[homes] * household.deposits[homes, month]
        files.stated_deposit[homes] = np.round(told, -2)
        self.pay(homes, month)

    def pay(self, homes: np.ndarray, month: int) -> None:
        """Benefit = standard x persons on file - declared income, rounded up to the yuan."""
        files = self.files
        standard = self.household.standard[homes, month]
        amount = law.benefit(standard, files.persons[homes], files.stated[homes])
        tekun = np.ceil(1.3 * standard) * files.persons[homes]
        category = files.category[homes]
        files.benefit[homes] = np.where(category == DIBAO, amount, np.where(category == TEKUN, tekun, 0))

    def end(self, homes: np.ndarray, month: int, reason: np.ndarray | str) -> None:
        files = self.files
        files.category[homes], files.ended[homes], files.end_reason[homes] = ENDED, month, reason
        files.benefit[homes] = 0

    # -- the first day ------------------------------------------------------------------------------

    def open_register(self) -> None:
        """Fill the register at month 0, mostly with families that are eligible, some that conceal."""
        household, files = self.household, self.files
        count = self.people.households
        told = self.reporting.would_declare[:, 0] / np.maximum(household.persons[:, 0], 1)
        clean = (household.persons[:, 0] > 0) & ~household.property_over[:, 0]
        standard = household.standard[:, 0]
        tekun = clean & (self.people.household_kind == OLD_ALONE) & (household.support[:, 0] == 0)
        self._fill(TEKUN, np.flatnonzero(tekun & (told < standard)), np.ones(count))
        free = files.category == NEVER
        weight = self.reporting.take_up * np.where(household.eligible[:, 0], 1.0, 0.22)
        self._fill(DIBAO, np.flatnonzero(clean & free & (told < standard)), weight)
        free = files.category == NEVER
        marginal = clean & free & (told >= standard) & (told < law.MARGINAL_FACTOR * standard)
        self._fill(MARGINAL, np.flatnonzero(marginal), self.reporting.take_up * (1 + 2 * self.disabled))
        free = files.category == NEVER
        rigid = clean & free & self.ill & (told >= law.MARGINAL_FACTOR * standard)
        self._fill(RIGID, np.flatnonzero(rigid), np.ones(count))

    def _fill(self, category: int, pool: np.ndarray, weight: np.ndarray) -> None:
        wanted = min(round(TARGETS[category] * self.people.households), len(pool))
        chances = weight[pool] / weight[pool].sum()
        homes = np.sort(self.rng.choice(pool, wanted, replace=False, p=chances))
        self.open_file(homes, np.full(wanted, category), 0, self.rng.integers(1, 28, wanted))
        self.files.granted[homes] = -self.rng.integers(1, 80, wanted)
        self.files.last_visit[homes] = -self.rng.integers(0, 10, wanted)
        self.files.authorised_until[homes] = self.rng.integers(2, 25, wanted)

    # -- a month ------------------------------------------------------------------------------------

    def count_months(self, homes: np.ndarray, facts: verification.Facts) -> None:
        files = self.files
        hidden, left = verification.concealment(facts), verification.change(facts)
        small = facts.concealed > 0.2 * facts.standard * np.maximum(facts.persons, 1)
        files.concealed_months[homes] = np.where(hidden | small, files.concealed_months[homes] + 1, 0)
        files.changed_months[homes] = np.where(left, files.changed_months[homes] + 1, 0)

    def visits(self, homes: np.ndarray, facts: verification.Facts, truth: verification.Outcome, month: int) -> None:
        """Choose, visit, record, and act on what was recorded."""
        rng, files = self.rng, self.files
        before = max(month - 2, 0)
        line_income = facts.line * np.maximum(files.persons[homes], 1)
        seen = self.sightings.income[homes, before]
        over = np.where(seen > line_income, 1 + 0.3 * (seen / line_income), 0)
        over += 1.5 * (facts.member_died & (rng.random(len(homes)) < 0.6))
        over += (self.household.deposits[homes, before] * self.sightings.deposit_share[homes]
                 > 20 * facts.standard * np.maximum(files.persons[homes], 1))
        recent = month - files.last_visit[homes] < 4
        rule = np.where((over > 0) & ~recent, over + rng.gumbel(0, 0.5, len(homes)) + 3, 0)
        sense = 1.1 * verification.concealment(facts) + 0.5 * verification.change(facts)
        sense = sense + 0.35 * (facts.persons > 2) + 0.9 * self.reporting.impression[homes]
        sense = np.where(recent, 0, 4 + sense + rng.gumbel(0, 0.7, len(homes)))
        due = (month - files.last_visit[homes]) / verification.REVIEW_MONTHS[files.review[homes]]
        due = np.where(due >= 1, due ** 0.5 + 0.8 * (month - files.last_visit[homes] >= 11)
                       + rng.gumbel(0, 0.5, len(homes)) + 5, 0)
        street = self.people.places.street[homes]
        chosen = verification.select(rng, street, rule, sense, due, self.scale)
        picked, count = homes[chosen.row], len(chosen.row)
        worker = street[chosen.row] * verification.WORKERS + rng.integers(0, verification.WORKERS, count)
        outcome = verification.recorded(
            verification.Outcome(truth.finding[chosen.row], truth.income[chosen.row],
                                 truth.months[chosen.row], truth.action[chosen.row]),
            worker, self.reporting.kind[picked] == HIDING, rng,
        )
        selected = self.clock.day(month, rng.integers(1, 9, count))
        visited = selected + rng.integers(3, 21, count)
        self.work.verifications.append({
            "household": picked, "selected": selected, "arm": chosen.arm, "probability": chosen.probability,
            "visited": visited, "recorded": visited + rng.integers(1, 11, count), "worker": worker,
            "finding": outcome.finding, "income": outcome.income, "months": outcome.months,
            "action": outcome.action, "minutes": np.clip(rng.normal(48, 18, count), 8, 180).astype(int),
        })
        self._act(picked, outcome, month)

    def _act(self, homes: np.ndarray, outcome: verification.Outcome, month: int) -> None:
        files = self.files
        reached = ~np.isin(outcome.finding, (verification.REFUSED, verification.UNREACHABLE))
        files.last_visit[homes[reached]] = month
        stop = outcome.action == verification.STOP
        reasons = np.array([STOPPED_BECAUSE.get(code, "不再符合条件") for code in outcome.finding], dtype=object)
        self.end(homes[stop], month, reasons[stop])
        files.gradual_until[homes[outcome.action == verification.GRADUAL]] = month + 3
        adjusted = np.isin(outcome.action, (verification.INCREASE, verification.DECREASE))
        self.restate(homes[adjusted], month)
        found = adjusted & (outcome.finding == verification.INCOME)
        files.stated[homes[found]] = np.round(outcome.income[found])
        self.pay(homes[found], month)

    def follow_up(self, month: int) -> None:
        """Deaths and moves that records or neighbours reveal; ends of gradual exit; renewals; reports."""
        rng, files = self.rng, self.files
        homes = np.flatnonzero((files.category >= DIBAO) & (files.category <= RIGID))
        died, left, _ = self.work.membership.marks(homes, month)
        empty = self.household.persons[homes, month] == 0
        noticed = rng.random(len(homes)) < np.where(died, 0.3, np.where(empty, 0.1, 0.03))
        gone = noticed & empty
        self.end(homes[gone], month, np.where(died[gone], "人员死亡", "迁出本地").astype(object))
        self.restate(homes[noticed & ~empty & (died | left)], month)
        graded = homes[(files.gradual_until[homes] != NO_MONTH) & (files.gradual_until[homes] < month)]
        self.end(graded[files.category[graded] != ENDED], month, "渐退期满")
        expiring = homes[(files.authorised_until[homes] <= month + 1) & (files.category[homes] != ENDED)]
        self.authorise(expiring[rng.random(len(expiring)) < 0.75], month)
        self.reports(month)

    def reports(self, month: int) -> None:
        """Families that tell of a change unasked: under 30 in 100 do."""
        rng, files = self.rng, self.files
        homes = files.recipients
        told = self.reporting.would_declare[homes, month]
        line = self.line(homes, month)
        persons = np.maximum(self.household.persons[homes, month], 1)
        margin = 0.15 * line * persons
        rise, fall = told > files.stated[homes] + margin, told < files.stated[homes] - margin
        hazard = np.where(rise, self.reporting.reports_rise[homes], 0)
        hazard = np.where(fall, self.reporting.reports_fall[homes], hazard)
        tells = (rng.random(len(homes)) < hazard) & (self.household.persons[homes, month] > 0)
        over = tells & (told / persons >= line)
        self.end(homes[over], month, "家庭主动申报收入超过标准")
        self.restate(homes[tells & ~over], month)

    def apply(self, month: int) -> None:
        """Applications: the eligible by readiness, concealing families at times, and those told by outreach."""
        rng, files, household = self.rng, self.files, self.household
        outside = (files.category == NEVER) | ((files.category == ENDED) & (files.ended < month - 9))
        present = household.persons[:, month] > 0
        told = self.reporting.would_declare[:, month] / np.maximum(household.persons[:, month], 1)
        standard = household.standard[:, month]
        over = household.property_over[:, month]
        eligible = household.eligible[:, month]
        hidden = (told < standard) & ~eligible
        between = (told >= standard) & (told < law.MARGINAL_FACTOR * standard)
        stock = np.bincount(files.category, minlength=6)
        room = np.clip(1 + 9 * (1 - stock[DIBAO] / (TARGETS[DIBAO] * self.people.households)), 0.1, 6)
        marginal_room = np.clip(1 + 9 * (1 - stock[MARGINAL] / (TARGETS[MARGINAL] * self.people.households)), 0, 6)
        hazard = np.where(eligible, 0.013 * self.reporting.take_up * room, 0.00012)
        hazard = np.where(hidden, 0.0066 * room * np.where(over, 0.3, 1.0), hazard)
        hazard = np.where(between, 0.0035 * self.reporting.take_up * marginal_room, hazard)
        applies = outside & present & (rng.random(len(hazard)) < hazard)
        applies[self.wants[outside[self.wants] & present[self.wants]]] = True
        homes = np.flatnonzero(applies)
        shown = over[homes] & (rng.random(len(homes)) < 0.8)
        sensed = (self.reporting.kind[homes] == HIDING) & (rng.random(len(homes)) < 0.5)
        sensed |= rng.random(len(homes)) < 0.05
        category = np.where(told[homes] < standard[homes], DIBAO, MARGINAL)
        passes = (told[homes] < law.MARGINAL_FACTOR * standard[homes]) & ~shown & ~sensed
        withdrawn = ~passes & (rng.random(len(homes)) < 0.1)
        applied = self.clock.day(month, rng.integers(1, 5, len(homes)))
        waits = rng.integers(10, 24, len(homes))
        reason = np.where(passes, "符合条件", np.where(shown, "财产超过规定", "家庭收入超过标准"))
        self.work.applications.append({
            "household": homes, "applied": applied, "decided": applied + waits,
            "decision": np.where(passes, 0, np.where(withdrawn, 2, 1)),
            "reason": np.where(withdrawn, "申请人撤回", reason).astype(object),
        })
        day = (applied + waits - self.clock.day(month, 1)).astype(int) + 1
        self.open_file(homes[passes], category[passes], month, day[passes])
        turned = homes[~passes]
        self.authorise(turned, month)
        files.category[turned] = ENDED
        files.ended[turned], files.end_reason[turned] = month, "申请未获批准"
        files.refused[turned] = True
        self.restate(turned, month)
        files.benefit[turned] = 0

    def contact(self, month: int) -> None:
        """Outreach to families without benefit; those who decide to apply do so next month."""
        rng, household = self.rng, self.household
        pool = np.flatnonzero((self.files.category == NEVER) & ~self.on_file())
        eligible = household.eligible[pool, month]
        need = 1.2 * self.disabled[pool] + 1.3 * self.ill[pool] + 0.8 * (self.people.hardship[pool] > 1)
        mind = 1.0 * eligible + 1.1 * self.reporting.impression[pool]
        chosen = outreach.select(rng, self.people.places.street[pool], need, mind, self.scale)
        homes, count = pool[chosen.row], len(chosen.row)
        truth = outreach.exact(eligible[chosen.row], self.reporting.take_up[homes])
        result = outreach.recorded(truth, self.people.migrant[homes], rng)
        selected = self.clock.day(month, rng.integers(1, 9, count))
        self.work.contacts.append({
            "household": homes, "selected": selected, "arm": chosen.arm, "probability": chosen.probability,
            "channel": rng.choice(3, count, p=[0.35, 0.55, 0.1]),
            "contacted": selected + rng.integers(3, 19, count), "result": result,
        })
        self.wants = homes[result == outreach.APPLIED]

    def on_file(self) -> np.ndarray:
        """Hukou households with a member on an active file."""
        membership, files = self.work.membership, self.files
        active = np.flatnonzero((files.category >= DIBAO) & (files.category <= RIGID))
        rows = [row for home in active.tolist() for row in membership.rows.get(home, [])]
        marked = np.zeros(self.people.households, bool)
        marked[self.people.home[np.array(membership.person, dtype=int)[rows]]] = True
        marked[active] = True
        return marked

    def audit_outreach(self, month: int) -> None:
        """The exact state next month of every hukou household without benefit this month."""
        pool = np.flatnonzero(~self.on_file())
        here = self.household.eligible[pool, month + 1]
        self.work.outreach_audits.append({
            "household": pool, "month": np.full(len(pool), month),
            "result": outreach.exact(here, self.reporting.take_up[pool]),
        })

    def snapshot(self, month: int) -> None:
        files = self.files
        homes = np.flatnonzero((files.category != NEVER) & ((files.category != ENDED) | (files.ended > month - 17)))
        columns = ("category", "granted", "granted_day", "ended", "end_reason", "stated", "stated_deposit",
                   "benefit", "review", "authorised_from", "authorised_until", "refused")
        self.work.snapshots.append(
            {"household": homes, "month": np.array(month)} | {c: getattr(files, c)[homes] for c in columns}
        )


def run_casework(office: Office) -> Casework:
    """Live all months; registers and audits are kept for the delivered ones."""
    clock, work = office.clock, office.work
    office.open_register()
    for month in range(1, clock.total):
        homes = office.files.recipients
        facts = office.facts(homes, month)
        office.count_months(homes, facts)
        truth = verification.exact(office.facts(homes, month))
        if month > clock.first:
            work.audits.append({
                "household": homes, "month": np.full(len(homes), month - 1), "finding": truth.finding,
                "income": truth.income, "months": truth.months, "action": truth.action,
                "persons": office.household.persons[homes, month].astype(int),
                "category": office.files.category[homes].copy(),
            })
        if month > clock.last:
            break
        office.visits(homes, facts, truth, month)
        office.follow_up(month)
        office.apply(month)
        office.contact(month)
        if clock.month(month).astype(int) % 12 in (0, 6):  # a new standard is paid from January or July
            office.pay(office.files.recipients, month)
        if month >= clock.first:
            office.snapshot(month)
            office.audit_outreach(month)
    return work


def _empty_files(count: int) -> Files:
    never = np.full(count, NO_MONTH)
    zero = np.zeros(count)
    return Files(
        category=np.zeros(count, int), granted=never.copy(), granted_day=np.ones(count, int),
        ended=never.copy(), end_reason=np.full(count, "", dtype=object), stated=zero.copy(),
        stated_deposit=zero.copy(), persons=np.zeros(count, int), benefit=zero.copy(),
        review=np.full(count, 2), last_visit=never.copy(), authorised_from=never.copy(),
        authorised_until=never.copy(), ever_authorised=never.copy(), gradual_until=never.copy(),
        concealed_months=np.zeros(count, int), changed_months=np.zeros(count, int),
        refused=np.zeros(count, bool),
    )


def _any(people: Population, mark: np.ndarray) -> np.ndarray:
    unit = np.where(people.unit >= 0, people.unit, people.home)
    return np.bincount(unit, weights=mark, minlength=people.households) > 0
