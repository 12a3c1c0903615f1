"""The civil affairs office: its files, what it knows of a family, and the acts that change a file."""

import numpy as np

from synthetic_data import law, verification
from synthetic_data.clock import Clock, chance
from synthetic_data.economy import Economy
from synthetic_data.files import DIBAO, ENDED, MARGINAL, NO_MONTH, RIGID, TEKUN, Casework, empty_files
from synthetic_data.household_truth import Household
from synthetic_data.knobs import STREETS, Knobs
from synthetic_data.membership import Membership
from synthetic_data.population import Population
from synthetic_data.reporting import Reporting
from synthetic_data.sightings import Sightings
from synthetic_data.streets import Streets


class Office:
    """The civil affairs office at work; `casework.run_casework` drives it."""

    def __init__(
        self,
        people: Population,
        truth: Economy,
        household: Household,
        reporting: Reporting,
        sightings: Sightings,
        streets: Streets,
        clock: Clock,
        seed: int,
        knobs: Knobs,
    ) -> None:
        self.people, self.truth, self.household, self.reporting = people, truth, household, reporting
        self.sightings, self.streets, self.clock = sightings, streets, clock
        self.rng = chance(seed, "casework")
        self.quiet_from = clock.first + knobs.quiet_from - 1 if knobs.quiet_from else clock.total
        self.called_share = knobs.called_share
        self.scale = people.households / 60_000
        self.files = empty_files(people.households)
        self.work = Casework(self.files, Membership(truth))
        self.ill = _any(people, (truth.ill_from < 12) & (people.unit >= 0))
        self.disabled = _any(people, people.disability_grade > 0)
        self.wants: np.ndarray = np.zeros(0, int)  # told by outreach, will apply
        self.information = reporting.take_up.information.copy()  # as outreach has lifted it so far
        self.waiting: list[dict[str, np.ndarray]] = []  # applications not decided yet
        self.staff = np.ones(STREETS, int)  # workers of each street

    def employ(self) -> None:
        """One worker for so many files, where most files are without; one a street at the least."""
        active = (self.files.category >= DIBAO) & (self.files.category <= RIGID)
        due = np.bincount(self.people.places.street[active], minlength=STREETS) / verification.CASELOAD
        left = max(round(due.sum()) - int(np.floor(due).sum()), 0)
        more = np.zeros(STREETS, int)
        more[np.argsort(-(due % 1), kind="stable")[:left]] = 1
        self.staff = np.clip(np.floor(due).astype(int) + more, 1, verification.WORKERS)

    @property
    def undecided(self) -> np.ndarray:
        """Households whose application waits."""
        return np.concatenate([np.zeros(0, int), *(part["household"] for part in self.waiting)])

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
            persons=persons,
            countable=household.countable[homes, month],
            line=self.line(homes, month),
            would_declare=self.reporting.would_declare[homes, month],
            stated=files.stated[homes],
            stated_persons=count,
            standard=household.standard[homes, month],
            property_over=household.property_over[homes, month] & (persons > 0),
            all_dead=(persons == 0) & died,
            moved=moved,
            member_died=died,
            member_left=left & ~moved,
            in_gradual_exit=files.gradual_until[homes] >= month,
            months_concealed=files.concealed_months[homes],
            months_changed=files.changed_months[homes],
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

    def declare(self, homes: np.ndarray, month: int, reason: str) -> None:
        """The family says what it earns now: the file is stated anew, or ends for that reason."""
        persons = self.household.persons[homes, month]
        told = self.reporting.would_declare[homes, month] / np.maximum(persons, 1)
        over = (persons > 0) & (told >= self.line(homes, month))
        self.end(homes[over], month, reason)
        self.restate(homes[~over & (persons > 0)], month)

    def end(self, homes: np.ndarray, month: int, reason: np.ndarray | str) -> None:
        files = self.files
        files.category[homes], files.ended[homes], files.end_reason[homes] = ENDED, month, reason
        files.benefit[homes] = 0

    def on_file(self) -> np.ndarray:
        """Hukou households with a member on an active file."""
        membership, files = self.work.membership, self.files
        active = np.flatnonzero((files.category >= DIBAO) & (files.category <= RIGID))
        rows = [row for home in active.tolist() for row in membership.rows.get(home, [])]
        marked = np.zeros(self.people.households, bool)
        marked[self.people.home[np.array(membership.person, dtype=int)[rows]]] = True
        marked[active] = True
        return marked


def _any(people: Population, mark: np.ndarray) -> np.ndarray:
    unit = np.where(people.unit >= 0, people.unit, people.home)
    return np.bincount(unit, weights=mark, minlength=people.households) > 0
