"""How a department's table is declared: once, here; intake, docs, the practice world and profiles read it.

A `Source` is one table of one department: its columns with meaning, domain and Chinese headers,
the lawful plane it may serve, how often it is delivered, and what identifies a row.
"""

from dataclasses import dataclass
from enum import StrEnum


class Plane(StrEnum):
    """What a column may lawfully be used for (see GLOSSARY.md, "plane").

    OWN: civil affairs' own records on applicants and recipients.
    A: needs the family's authorisation; recipients and applicants only, while it is valid.
    B: shared by statute; may serve the discovery of families that never applied.
    X: auxiliary; shown as a hint, never a feature of a model that selects people.
    """

    OWN = "own"
    A = "A"
    B = "B"
    X = "X"


class Cadence(StrEnum):
    """How often a table is delivered; `Source` says when one is late, and when it is not returned."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERMLY = "termly"
    YEARLY = "yearly"

    @property
    def days(self) -> int:
        """Longest usual distance between two deliveries, in days."""
        return {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "termly": 183, "yearly": 366}[self]


class Delivery(StrEnum):
    """FULL: each delivery is the whole register. EVENTS: each adds rows; the same key again corrects."""

    FULL = "full"
    EVENTS = "events"


class Kind(StrEnum):
    """The type of a column: how it is read, checked and stored."""

    ID_NO = "id_no"  # citizen identity number, 18 characters, GB 11643 check character
    # Unified social credit code, 18 characters, or the 15 digits of an old registration number. The check
    # character is not asked for (see `features.identity.credit_code`); `quality` tells how many are wrong.
    USCC = "uscc"
    REGION = "region"  # 12-digit code, province to community
    TEXT = "text"
    CODE = "code"  # one of `domain`
    DATE = "date"
    MONTH = "month"  # stored as the first day of the month
    YUAN = "yuan"  # decimal(18, 2)
    NUMBER = "number"  # double
    INTEGER = "integer"  # int64


#: Code -> the words that departments write for it. The first is the usual one: the practice world writes it.
Domain = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Column:
    """One column of a source.

    `zh` is both the meaning on screen and the department's usual header; `aliases` are other headers
    seen. `domain` holds the allowed codes with their words, which are compared without blanks, brackets and
    punctuation (`features.intake.tidying.comparable_word`). `name_of`: this is the name of the person whose
    identity number stands in that column.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    domain: Domain | None = None
    minimum: float | None = None
    maximum: float | None = None
    plane: Plane | None = None  # only where it differs from the table's
    name_of: str | None = None

    @property
    def person_column(self) -> str | None:
        """Name of the pseudonym stored beside an identity number: `owner_id_no` -> `owner_person_id`."""
        return self.name.replace("id_no", "person_id") if self.kind is Kind.ID_NO else None


@dataclass(frozen=True)
class Source:
    """One table of one department.

    `key` identifies a row across deliveries: for EVENTS a later delivery of the same key replaces the
    earlier rows from its `received_on` on. `event_on` is the column that says when the fact happened.
    `discovery_rows` names a column and the values for which plane B holds, where not all rows share it.
    """

    department: str
    name: str
    zh: str
    en: str
    plane: Plane
    cadence: Cadence
    delivery: Delivery
    key: tuple[str, ...]
    event_on: str
    columns: tuple[Column, ...]
    discovery_rows: tuple[str, tuple[str, ...]] | None = None

    def column(self, name: str) -> Column:
        """The declared column of that name; KeyError names the table where it does not exist."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} declares no column {name!r}")

    def name_column(self, identity: str) -> str | None:
        """The column that holds the name of the person in an identity column; None where there is none."""
        return next((column.name for column in self.columns if column.name_of == identity), None)

    def plane_of(self, name: str) -> Plane:
        """The lawful plane of one column."""
        return self.column(name).plane or self.plane

    @property
    def late_days(self) -> int:
        """Days after the last delivery from which the next is late: its cadence, and a month to arrive in."""
        return self.cadence.days + 31

    @property
    def freshness_days(self) -> int:
        """Days after the last delivery from which a table is not returned: twice its cadence and a month.

        One delivery may be missed and the next be a month late before silence is no answer any more.
        """
        return 2 * self.cadence.days + 31
