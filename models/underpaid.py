"""underpaid (应增未增): a rule finding ordered by amount and need; no model decides it."""

import numpy as np
import numpy.typing as npt

QUESTION = "underpaid"
ZH = "应增未增"
EN = "underpaid"

#: A vulnerable household's amount counts this many times when the list is ordered.
NEED_WEIGHT = 1.5


def priority(
    underpaid_yuan: npt.NDArray[np.float64],
    person_count: npt.NDArray[np.int64],
    vulnerable: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """Order of the list: yuan a person and month that are missing, more for the vulnerable; (n,) arrays.

    The amount itself stays exact in the rule finding; this is only an order. Nothing missing gives 0.
    """
    per_person = np.nan_to_num(underpaid_yuan) / np.maximum(person_count, 1)
    return per_person * np.where(vulnerable, NEED_WEIGHT, 1.0)
