"""A month's plan as files: sheets for whoever visits, the log of its draw for the office, the event of both.

Each date has a folder of its own: the next month's plan leaves the record of this one as it is.
"""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from serving.casework.actions import record_view
from serving.month_plan import MonthPlan
from serving.plan_sheet import write_plan

SHEETS, LOG = "plan.xlsx", "draw.parquet"


def export_plan(engine: Engine, made: MonthPlan, folder: Path, *, by: str) -> list[Path]:
    """Write the plan below `folder`, and into the log that somebody did: the sheets hold full numbers."""
    sheets, log = write_files(made, folder)
    detail = {
        "visits": len(made.rows),
        "streets": len(made.plans),
        "seed": made.draw.seed,
        "draw_check": made.draw.check,
        "draw_digest": hashlib.sha256(log.read_bytes()).hexdigest(),
    }
    record_view(engine, by=by, action="plan_exported", subject=made.as_of.isoformat(), detail=detail)
    return [sheets, log]


def write_files(made: MonthPlan, folder: Path) -> tuple[Path, Path]:
    """Sheets and log of the draw in the date's folder, in place of an earlier plan of the same date.

    Each is written whole or not at all, the log first: no sheet goes out whose draw is not recorded.
    """
    here = folder / made.as_of.isoformat()
    here.mkdir(parents=True, exist_ok=True)
    _write_log(made, here / LOG)
    write_plan(here / SHEETS, made.rows, made.as_of, made.districts)
    return here / SHEETS, here / LOG


def _write_log(made: MonthPlan, path: Path) -> None:
    """Arms and probabilities of the draw, for later estimates: kept by the office, never printed."""
    head = {"as_of": made.as_of.isoformat(), "draw_check": made.draw.check, "seed": str(made.draw.seed)}
    part = path.with_suffix(".partial")
    part.touch()
    part.chmod(0o600)  # before anything is in it
    pq.write_table(pa.Table.from_pylist(made.rows).replace_schema_metadata(head), part)
    part.replace(path)
