"""Lists from the casework database to paper, for the newest batch or that of a date."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from features.errors import UserError
from serving.casework.actions import record_view
from serving.casework.database import reading
from serving.casework.reading import list_page, newest_run
from serving.casework.tables import KINDS
from serving.sheets import write_workbooks


def export_lists(engine: Engine, folder: Path, as_of: date | None, *, by: str) -> list[Path]:
    """Write one workbook a kind; `UserError` where there is no batch of that date."""
    with reading(engine) as connection:
        run = newest_run(connection, as_of)
        if run is None:
            of_date = f"{as_of} 的" if as_of else ""
            raise UserError(
                f"案件库没有{of_date}批次 / the database holds no batch{f' as of {as_of}' if as_of else ''};"
                " run `python -m serving batch`."
            )
        lists = {kind: list_page(connection, run.run_id, kind, None)[1] for kind in KINDS}
    written = write_workbooks(folder, lists, run.as_of, run.dictionary["districts"])
    detail = {kind: len(rows) for kind, rows in lists.items()}
    record_view(engine, by=by, action="lists_exported", subject=str(run.run_id), detail=detail)
    return written
