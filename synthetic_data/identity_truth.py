"""Whose a row really is, where its number or name does not say so: for measuring the linking only.

truth/identity.parquet has one row for each identity number of a file's row that was damaged or stands under
another person's number: table, file (relative to the landing folder), row_number (as a person counts it in
the file), column, id_no (the true one; empty where the person lives elsewhere), damage: `number` (it cannot
be read), `mistyped` (it has one wrong digit), `mismatch` (it is another person's), `name` (only the name is
written in another way).
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("file", pa.string()),
        ("row_number", pa.int64()),
        ("column", pa.string()),
        ("id_no", pa.string()),
        ("damage", pa.string()),
    ]
)


@dataclass
class IdentityTruth:
    """Collects the rows of one file."""

    parts: list[pa.Table] = field(default_factory=list)

    def add(
        self,
        table: str,
        file: str,
        column: str,
        row_number: np.ndarray,
        written: np.ndarray,
        true: np.ndarray,
        renamed: np.ndarray,
    ) -> None:
        """Of these rows keep those whose number is not the true one, or whose name was rewritten."""
        kept = np.flatnonzero((written != true) | renamed)
        if not len(kept):
            return
        damage = [_damage(*pair) for pair in zip(written[kept].tolist(), true[kept].tolist(), strict=True)]
        self.parts.append(
            pa.table(
                {
                    "table": [table] * len(kept),
                    "file": [file] * len(kept),
                    "row_number": row_number[kept],
                    "column": [column] * len(kept),
                    "id_no": true[kept].tolist(),
                    "damage": damage,
                },
                schema=SCHEMA,
            )
        )

    def table(self) -> pa.Table:
        """All that was kept."""
        return pa.concat_tables([SCHEMA.empty_table(), *self.parts])


def write_identity_truth(parts: list[pa.Table], folder: Path) -> None:
    """Write identity.parquet of all files into the truth's folder."""
    pq.write_table(pa.concat_tables([SCHEMA.empty_table(), *parts]), folder / "identity.parquet")


def _damage(written: str, true: str) -> str:
    if written == true:
        return "name"
    if len(written) != 18 or "E+" in written:
        return "number"
    wrong = sum(one != other for one, other in zip(written, true, strict=False))
    return "mistyped" if len(true) == 18 and wrong == 1 else "mismatch"
