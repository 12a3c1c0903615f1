"""Ways of choosing whom to visit on a quiet city, each with the same visits in every street and month."""

from collections.abc import Sequence

import numpy as np

from benchmarks import overlay
from benchmarks.overlay import Flags, Floats, Run
from benchmarks.quiet_learning import Hazard
from benchmarks.recipients import Recipient
from models.planning import FLOORS, Recipients, plan_month

KEY = "practice"


class Panel:
    """A quiet city's recipients, month by month, and the visits that each street can make."""

    def __init__(self, months: Sequence[Recipient], rate: float) -> None:
        self.months, self.rate = months, rate
        self.households = 1 + max(int(month.truth.home.max()) for month in months)
        self.places = [self._capacity(month) for month in months]

    def _capacity(self, month: Recipient) -> dict[str, int]:
        streets, counts = np.unique(month.street.astype(str), return_counts=True)
        return {s: max(1, round(self.rate * int(n))) for s, n in zip(streets, counts, strict=True)}

    def run(self, policy: overlay.Policy) -> Run:
        """The months under this policy."""
        return overlay.simulate([month.truth for month in self.months], self.households, policy)

    def cycles(self, number: int, active: Flags, since: Floats) -> Flags:
        """Fixed cycles: whoever's date came first by class or law is first; then the next dates."""
        month = self.months[number]
        return self._by(number, active, since - np.fmin(month.class_months, month.legal_months))

    def stretched(self, number: int, active: Flags, since: Floats) -> Flags:
        """Fixed cycles, all made longer alike until the visits suffice."""
        month = self.months[number]
        return self._by(number, active, since / np.fmin(month.class_months, month.legal_months))

    def uniform(self, number: int, active: Flags, since: Floats) -> Flags:
        """Everybody at the same interval: whoever waited longest is first."""
        return self._by(number, active, since)

    def nobody(self, number: int, active: Flags, since: Floats) -> Flags:
        """No visit at all: the world as it is."""
        return np.zeros(len(active), dtype=bool)

    def _by(self, number: int, active: Flags, order: Floats) -> Flags:
        month = self.months[number]
        wait = np.where(np.isnan(order), np.inf, order)
        return overlay.first_of_street(month.street, active, wait + 1e-6 * month.tie, self.places[number])


class Planner:
    """`models.planning` month by month, with the probabilities of a `Hazard`."""

    def __init__(self, panel: Panel, hazard: Hazard, floors: Sequence[str] = FLOORS) -> None:
        self.panel, self.hazard, self.floors = panel, hazard, floors
        self.short: dict[str, int] = {}
        self.arms: dict[str, int] = {}

    def __call__(self, number: int, active: Flags, since: Floats) -> Flags:
        month, places = self.panel.months[number], self.panel.places[number]
        here = np.flatnonzero(active)
        said = self.hazard.probability(number, month, here)
        recipients = Recipients(
            household_id=month.household_id[here],
            street_code=month.street[here],
            stratum=month.review_class[here],
            legal_overdue=(since - month.legal_months)[here],
            class_overdue=(since - month.class_months)[here],
            exit_probability=said,
            finding=month.finding[here],
            vulnerable=month.vulnerable[here],
        )
        visited, row = (
            np.zeros(len(active), dtype=bool),
            dict(zip(recipients.household_id, here, strict=True)),
        )
        chance = np.full(len(active), np.nan)
        for plan in plan_month(recipients, places, key=f"{KEY}|{number}", floors=self.floors):
            for visit in plan.visits:
                visited[row[visit.household_id]] = True
                self.arms[visit.arm] = self.arms.get(visit.arm, 0) + 1
                if visit.arm == "random":
                    chance[row[visit.household_id]] = visit.arm_probability
            for floor, count in plan.short.items():
                self.short[floor] = self.short.get(floor, 0) + count
        self.hazard.visited(number, month, np.flatnonzero(visited), chance[visited])
        return visited
