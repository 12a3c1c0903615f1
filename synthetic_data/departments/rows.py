"""What a department's file generator returns."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.pools import Pools
from synthetic_data.population import Population

#: A column that no department writes: the number of the person a row is really about ('' a stranger's).
SUBJECT = "_subject"


@dataclass
class Rows:
    """Columns by declared name (numpy arrays of one length) and the day each row is delivered.

    Dates are datetime64[D] and months datetime64[M], NaT where empty; yuan are floats, NaN where
    empty; texts are object arrays, None or '' where empty; codes are the declared codes. A register
    may hold texts that never change as Arrow arrays, which saves making them anew each month. Where some rows
    stand under another person's number, the column `SUBJECT` says whose they are.
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


def about(
    people: Population, person: np.ndarray, identity: str = "id_no", name: str = "name"
) -> dict[str, np.ndarray]:
    """Number and name of these persons, as a department writes them."""
    return {identity: people.id_no[person].astype(object), name: people.name[person]}


def under_another_number(
    people: Population, person: np.ndarray, subject: np.ndarray, identity: str = "id_no", name: str = "name"
) -> dict[str, np.ndarray]:
    """The same for rows really about `subject`: the number is the person's, the name the subject's."""
    return {
        identity: people.id_no[person].astype(object),
        name: people.name[subject],
        SUBJECT: people.id_no[subject].astype(object),
    }


def strangers(
    pools: Pools, found: dict[str, np.ndarray], person: np.ndarray, whose: np.ndarray
) -> dict[str, np.ndarray]:
    """`about(person)`, where the rows of the mask are those of somebody who lives elsewhere.

    The stranger's name hangs on the person, so that it is the same in every delivery.
    """
    identity, name = found
    size = len(pools.surname)
    surname, given = (person * 31 + 7) % size, (person * 17 + 5) % size
    other = pools.surname[surname] + np.where(
        person % 2 == 0, pools.given_female[given], pools.given_male[given]
    )
    return {
        identity: found[identity],
        name: np.where(whose, other, found[name]),
        SUBJECT: np.where(whose, "", found[identity]),
    }


def texts(values: list[str] | tuple[str, ...], index: np.ndarray) -> np.ndarray:
    """Texts by index, as an object array."""
    return np.array(values, dtype=object)[index]
