"""The posterior where it can be had: the share of true labels among all households that read alike.

A reading is a few fields of the profile, each in a few bands; a cell is one combination. Over many draws of
the world the share of true labels in a cell is the exact probability given that reading, up to its standard
error, whatever the world integrates over. Households in a cell of too few are read without the last field:
that is only coarser.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int64]
Labels = npt.NDArray[np.object_]

#: Households without which a cell is not told apart.
LEAST_HOUSEHOLDS = 40


@dataclass(frozen=True)
class Field:
    """A column and where its bands begin, ascending; below the first and unknown are bands too."""

    name: str
    edges: tuple[float, ...]

    @property
    def bands(self) -> int:
        """Number of bands: unknown, below the first edge, and one from each edge."""
        return len(self.edges) + 2

    def band(self, values: npt.ArrayLike) -> Cells:
        """Band of each value (n,): 0 unknown, 1 below the first edge, …"""
        known = np.asarray(values, dtype=np.float64)
        return np.where(np.isnan(known), 0, 1 + np.digitize(known, self.edges)).astype(np.int64)


#: What a coarse reading of the files says for each question.
READINGS: dict[str, tuple[Field, ...]] = {
    "hidden_income": (
        Field("property_financial_months_standard", (3, 9, 18)),
        Field("employment_able_adults_count", (1, 2)),
        Field("income_recent_ratio_standard_3m", (0.3, 0.8)),
        Field("benefits_months_on_file", (24,)),
        Field("property_vehicle_dearest_yuan", (1, 30_000)),
    ),
    "exit_due": (
        Field("change_new_income_ratio_standard", (0.01, 0.5, 1.1)),
        Field("income_recent_minus_declared_yuan_month", (0, 300, 800)),
        Field("employment_able_adults_count", (1, 2)),
        Field("change_dead_members_count", (1,)),
        Field("housing_other_street_count", (1,)),
    ),
    "unapplied_eligible": (
        Field("composition_old_alone_flag", (1,)),
        Field("health_disabled_count", (1,)),
        Field("health_self_paid_yuan_12m", (1, 5_000)),
        Field("employment_able_adults_count", (1, 2)),
        Field("composition_persons_count", (2, 4)),
        Field("employment_unemployment_months_12m", (1,)),
        Field("benefits_hardship_reports_count_12m", (1,)),
        Field("housing_rural_flag", (1,)),
    ),
}


def cells(fields: Sequence[Field], rows: npt.NDArray[np.floating]) -> Cells:
    """Cells of each row, (n, fields): those of the first field alone, of the first two, … of all.

    The bands are read as the digits of one number, and the number of fields as its last digit.
    """
    found, code = np.empty((len(rows), len(fields)), np.int64), np.zeros(len(rows), np.int64)
    for depth, (field, band) in enumerate(zip(fields, bands(fields, rows).T, strict=True)):
        code = code * field.bands + band
        found[:, depth] = code * len(fields) + depth
    return found


def bands(fields: Sequence[Field], rows: npt.NDArray[np.floating]) -> Cells:
    """Band of each value of `rows`, (n, fields)."""
    return np.stack([field.band(values) for field, values in zip(fields, rows.T, strict=True)], axis=1)


@dataclass(frozen=True)
class Posterior:
    """Cells told apart, ascending, with the share of true labels in each and its standard error.

    The last entry of `share`, `error` and `households` is of all other rows together.
    """

    cells: Cells
    share: Floats
    error: Floats
    households: Cells

    def place(self, cell: Cells) -> Cells:
        """Entry of `share` for each row (n,) of `cell` (n, fields): of its finest cell that is told apart."""
        found = np.full(len(cell), len(self.cells))
        for one in cell.T if len(self.cells) else ():
            near = np.minimum(np.searchsorted(self.cells, one), len(self.cells) - 1)
            found = np.where(self.cells[near] == one, near, found)
        return found

    def said(self, cell: Cells) -> Floats:
        """Probability given the reading of each row (n,)."""
        return self.share[self.place(cell)]


def posterior(cell: Cells, label: Floats, household: Labels, least: int = LEAST_HOUSEHOLDS) -> Posterior:
    """Shares of true labels (1, 0) by cell; a household counts once in an error however often it appears.

    cell: (n, fields) as `cells` makes them; label, household: (n,).
    """
    person = np.unique(household, return_inverse=True)[1].astype(np.int64)
    told = _told_apart(cell, person, least)
    kept = Posterior(told, np.empty(0), np.empty(0), told).place(cell)
    size = len(told) + 1
    rows = np.maximum(np.bincount(kept, minlength=size), 1)
    share = np.bincount(kept, label, minlength=size) / rows
    pair, member = np.unique(np.stack([kept, person]), axis=1, return_inverse=True)
    residual = np.bincount(member.ravel(), label - share[kept]) ** 2
    error = np.sqrt(np.bincount(pair[0], residual, minlength=size)) / rows
    counted = np.bincount(pair[0], minlength=size)
    # A cell in which nothing was found is not known to be empty.
    likely = (share * counted + 0.5) / (counted + 1)
    error = np.maximum(error, np.sqrt(likely * (1 - likely) / np.maximum(counted, 1)))
    if not counted[-1]:
        share[-1], error[-1] = label.mean(), 0.0
    return Posterior(told, share, error, counted)


def _told_apart(cell: Cells, person: Cells, least: int) -> Cells:
    """Cells of enough households, ascending; the households of others are read with one field fewer."""
    left, told = np.ones(len(cell), bool), []
    for one in cell.T[::-1]:
        every, place = np.unique(one[left], return_inverse=True)
        enough = _households(place, person[left], len(every)) >= least
        told.append(every[enough])
        left[left] = ~enough[place]
    return np.sort(np.concatenate(told))


def _households(place: Cells, person: Cells, size: int) -> Cells:
    """Different households in each cell."""
    persons = person.max(initial=0) + 1
    return np.bincount(np.unique(place * persons + person) // persons, minlength=size)
