"""What became of a file that arrived."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue: a file that arrived and what became of it.

    status: taken, refused, repeated (the same content had come before; `path` is null), or released (rows
    of an earlier file's quarantine that came back corrected: `received_on` is the day of the release). A run
    also answers `known` for files that an earlier run took, and records nothing for them.
    """

    delivery_id: str
    department: str
    table: str
    received_on: date | None
    file: str
    status: str
    rows_in: int = 0
    rows_taken: int = 0
    rows_quarantined: int = 0
    reason: str | None = None
    assumptions: tuple[str, ...] = ()
    path: str | None = None
