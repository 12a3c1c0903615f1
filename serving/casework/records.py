"""What a batch hands to the casework database: plain rows by table, and the run they belong to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = dict[str, Any]


@dataclass
class BatchRecord:
    """One run with its rows; every row lacks `run_id`, which the database gives. rules: code -> source."""

    as_of: date
    seed: int
    draw_check: str
    inputs_digest: str
    inputs: dict[str, Any]
    models: dict[str, Any]
    dictionary: dict[str, Any]
    kept: dict[str, Any]
    rules: dict[str, str] = field(default_factory=dict)
    households: list[Row] = field(default_factory=list)
    assessments: list[Row] = field(default_factory=list)
    judgements: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)

    def list_sizes(self) -> dict[str, int]:
        """Rows a kind of list."""
        sizes: dict[str, int] = {}
        for item in self.items:
            sizes[item["kind"]] = sizes.get(item["kind"], 0) + 1
        return sizes
