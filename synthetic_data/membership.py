"""Who is written on each household's file, with the months of joining and leaving."""

from dataclasses import dataclass, field

import numpy as np

from synthetic_data.economy import Economy

OPEN = 10_000


@dataclass
class Membership:
    """Rows of household_members; `of` finds a household's open rows."""

    truth: Economy
    household: list[int] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    rows: dict[int, list[int]] = field(default_factory=dict)

    def living(self, month: int) -> "Living":
        """Who lives in which unit in that month."""
        unit = self.truth.unit[:, month]
        order = np.argsort(unit, kind="stable")
        return Living(order, unit[order])

    def register(self, homes: np.ndarray, living: "Living", month: int) -> None:
        """Write the file of each household anew: absent ones leave, those who live there join."""
        for home in homes.tolist():
            present = set(living.of(home))
            open_rows = self.rows.setdefault(home, [])
            known = set()
            for row in list(open_rows):
                person = self.person[row]
                if person in present:
                    known.add(person)
                else:
                    self.left[row] = month
                    self.reason[row] = "死亡" if self.truth.died[person] <= month else "迁出或分户"
                    open_rows.remove(row)
            for person in sorted(present - known):
                open_rows.append(len(self.person))
                self.household.append(home)
                self.person.append(person)
                self.joined.append(month)
                self.left.append(OPEN)
                self.reason.append("")

    def marks(self, homes: np.ndarray, month: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each household: someone on file died; someone left; how many are on file."""
        died = np.zeros(len(homes), bool)
        left = np.zeros(len(homes), bool)
        count = np.zeros(len(homes), int)
        rows = [self.rows.get(home, []) for home in homes.tolist()]
        count[:] = [len(r) for r in rows]
        flat = np.array([row for r in rows for row in r], dtype=int)
        if len(flat):
            place = np.repeat(np.arange(len(homes)), count)
            person = np.array(self.person)[flat]
            dead = self.truth.died[person] <= month
            away = (self.truth.unit[person, month] != homes[place]) & ~dead
            np.logical_or.at(died, place, dead)
            np.logical_or.at(left, place, away)
        return died, left, count


@dataclass(frozen=True)
class Living:
    """Persons sorted by living unit."""

    person: np.ndarray
    unit: np.ndarray

    def of(self, home: int) -> list[int]:
        low, high = np.searchsorted(self.unit, [home, home + 1])
        return self.person[low:high].tolist()
