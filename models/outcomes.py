"""From what a visit found to a label: in this one place, for training, evaluation and monitoring alike.

Concealment and unreported change are kept apart: a household whose member died is exit_due, not
hidden_income. A benefit ended for concealment is verified as not due, yet not for a change: to exit_due it is
a competing event, no label (Prentice et al., "The analysis of failure times in the presence of competing
risks", Biometrics 34, 1978). A refusal or an absence is no label (NaN) either, never a negative; nor is a
finding whose months or amount, where they decide, were left blank.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: The table that holds each universe's outcomes, and the column that names the household.
RECORDS = {"on_file": ("verifications", "household_no"), "register": ("outreach", "household_key")}
#: No conclusion was reached.
NO_LABEL = ("refused", "unreachable")
CONCEALED = ("income_undeclared", "property_undeclared")
UNREPORTED = ("ineligible", "deceased_member", "member_left", "moved")
ENDED = ("stop", "gradual_exit")
ELIGIBLE = ("eligible_applied", "eligible_declined")

#: Verified per-capita income must be this many times the line to be material.
MATERIAL_SHARE = 1.10
#: ... for at least this many months.
MATERIAL_MONTHS = 3
#: The line of dibao_marginal over the dibao standard (57号 art. 8).
MARGINAL_SHARE = 1.5


def line_yuan(category: Sequence[str], standard_yuan: npt.ArrayLike) -> Floats:
    """The income line a person and month of each household's category, yuan; (n,)."""
    share = np.where(np.asarray(category, dtype=object) == "dibao_marginal", MARGINAL_SHARE, 1.0)
    return np.asarray(standard_yuan, dtype=np.float64) * share


def hidden_income(
    finding: Sequence[str],
    months_affected: npt.ArrayLike,
    verified_income_yuan_month: npt.ArrayLike,
    persons: npt.ArrayLike,
    line: npt.ArrayLike,
) -> Floats:
    """1 material undeclared income or property, 0 not, NaN no conclusion; (n,).

    Material: for at least `MATERIAL_MONTHS`, and property, or income a person of at least
    `MATERIAL_SHARE` times the line. Amounts in yuan a month; `line` a person, `verified…` a household.
    """
    found = np.asarray(finding, dtype=object)
    months, income, lines = (
        np.asarray(one, dtype=np.float64) for one in (months_affected, verified_income_yuan_month, line)
    )
    per_person = income / np.maximum(np.nan_to_num(np.asarray(persons, dtype=np.float64), nan=1.0), 1.0)
    above = np.where(found == "property_undeclared", 1.0, _at_least(per_person, MATERIAL_SHARE * lines))
    material = _both(_at_least(months, MATERIAL_MONTHS), above)
    label = np.where(np.isin(found, CONCEALED), material, 0.0)
    return np.where(np.isin(found, NO_LABEL), np.nan, label)


def exit_due(
    finding: Sequence[str],
    action: Sequence[str | None],
    months_affected: npt.ArrayLike,
    months_back: npt.ArrayLike,
) -> Floats:
    """1 ineligible by an unreported change and the benefit was ended, 0 still due, NaN neither; (n,).

    NaN: no conclusion, or ended for concealment. Of the month `months_back` before the visit: a finding
    reaches back `months_affected` months, and before them the benefit was still due.
    """
    found = np.asarray(finding, dtype=object)
    back = np.asarray(months_back, dtype=np.float64)
    # A finding speaks of its own month, however far back it reaches.
    reached = np.where(back <= 0, 1.0, _at_least(np.asarray(months_affected, dtype=np.float64), back))
    ended = np.isin(np.asarray(action, dtype=object), ENDED)
    label = np.where(ended & np.isin(found, UNREPORTED), reached, 0.0)
    label = np.where(ended & np.isin(found, CONCEALED) & (reached != 0), np.nan, label)
    return np.where(np.isin(found, NO_LABEL), np.nan, label)


def unapplied_eligible(result: Sequence[str]) -> Floats:
    """1 eligible whether it then applied or not, 0 not eligible, NaN not reached; (n,)."""
    found = np.asarray(result, dtype=object)
    return np.where(found == "unreachable", np.nan, np.isin(found, ELIGIBLE).astype(np.float64))


def _at_least(values: npt.ArrayLike, bar: npt.ArrayLike) -> Floats:
    """1 where it is, 0 where not, NaN where the value is unknown; (n,)."""
    known = np.asarray(values, dtype=np.float64)
    return np.where(np.isnan(known), np.nan, (known >= np.asarray(bar)).astype(np.float64))


def _both(one: Floats, other: Floats) -> Floats:
    """1 where both are, 0 where one is known not to be, else NaN (Kleene's logic); (n,)."""
    return np.where((one == 0) | (other == 0), 0.0, one * other)
