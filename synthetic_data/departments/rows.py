"""What a department's file generator returns."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Rows:
    """Columns by declared name (numpy arrays of one length) and the day each row is delivered.

    Dates are datetime64[D] and months datetime64[M], NaT where empty; yuan are floats, NaN where
    empty; texts are object arrays, None or '' where empty; codes are the declared codes. A register
    may hold texts that never change as Arrow arrays, which saves making them anew each month.
    """

    columns: dict[str, np.ndarray]
    received: np.ndarray

    def where(self, kept: np.ndarray) -> "Rows":
        """The rows of the mask."""
        return Rows({name: values[kept] for name, values in self.columns.items()}, self.received[kept])


def join(*parts: Rows) -> Rows:
    """One after the other."""
    names = parts[0].columns
    return Rows(
        {name: np.concatenate([part.columns[name] for part in parts]) for name in names},
        np.concatenate([part.received for part in parts]),
    )


def texts(values: list[str] | tuple[str, ...], index: np.ndarray) -> np.ndarray:
    """Texts by index, as an object array."""
    return np.array(values, dtype=object)[index]
