"""The state of civil affairs' files, and all that was recorded over the months."""

from dataclasses import dataclass, field

import numpy as np

from synthetic_data.membership import Membership

NEVER, DIBAO, MARGINAL, TEKUN, RIGID, ENDED = range(6)
CATEGORIES = ("", "dibao", "dibao_marginal", "tekun", "rigid_expenditure", "none")
TARGETS = {DIBAO: 3800 / 60000, MARGINAL: 1800 / 60000, TEKUN: 250 / 60000, RIGID: 80 / 60000}
NO_MONTH = -10_000


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


def empty_files(count: int) -> Files:
    """Nobody is on file."""
    never = np.full(count, NO_MONTH)
    zero = np.zeros(count)
    return Files(
        category=np.zeros(count, int),
        granted=never.copy(),
        granted_day=np.ones(count, int),
        ended=never.copy(),
        end_reason=np.full(count, "", dtype=object),
        stated=zero.copy(),
        stated_deposit=zero.copy(),
        persons=np.zeros(count, int),
        benefit=zero.copy(),
        review=np.full(count, 2),
        last_visit=never.copy(),
        authorised_from=never.copy(),
        authorised_until=never.copy(),
        ever_authorised=never.copy(),
        gradual_until=never.copy(),
        concealed_months=np.zeros(count, int),
        changed_months=np.zeros(count, int),
        refused=np.zeros(count, bool),
    )
