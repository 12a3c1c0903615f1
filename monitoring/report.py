"""Evidently's reports, as a job: HTML to download, JSON to keep. The only file that imports Evidently.

Its own drift limits hardly ever fire and it leaves missing values out, so the alerts come from
`monitoring.drift`; here it draws. Each column costs it 0.1 s whatever the sample, so a sample is enough.
One empty column would kill a report, and a failing metric all others: both are taken out first and listed.
"""

import json
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

# Before the import below: its telemetry reads these when it is loaded.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("ITERATIVE_DO_NOT_TRACK", "1")

with warnings.catch_warnings():
    # Evidently's own imports are deprecated ones; nothing here can mend that.
    warnings.simplefilter("ignore")
    from evidently import BinaryClassification, DataDefinition, Dataset, Report
    from evidently.metrics import MissingValueCount, RowCount
    from evidently.presets import ClassificationPreset, DataDriftPreset

#: Rows of each month that are drawn.
SAMPLE_ROWS = 5_000
#: Columns that are drawn, those that moved most: the others are in our own summary.
SAMPLE_COLUMNS = 20
#: Below this number a report would show noise as news (one row: 100 % drift).
LEAST_ROWS = 50


@dataclass(frozen=True)
class Written:
    """What became of one Evidently report.

    status: written or insufficient_evidence. rows: drawn, of the month and of the reference. empty: columns
    without a single known value in one of the months. failed: columns or metrics that Evidently could not
    draw, with the class of the failure (its text may hold values).
    """

    status: str
    rows: tuple[int, int]
    empty: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


def write_drift(
    current: pd.DataFrame, reference: pd.DataFrame, target: Path, *, rate: float, seed: int
) -> Written:
    """Draw the drift of every column to `<target>.html` and `.json`.

    Columns are numbers with NaN for unknown. The test is Kolmogorov-Smirnov at the false-alarm rate of one
    column, on at most `SAMPLE_ROWS` of each month. `target` has no suffix; the JSON says what was left out.
    """
    now, before = sampled(current, seed), sampled(reference, seed)
    sizes = (len(now), len(before))
    if min(sizes) < LEAST_ROWS:
        return _nothing(target, sizes)
    names = [str(name) for name in current]
    empty = tuple(name for name in names if now[name].isna().all() or before[name].isna().all())
    columns = [name for name in names if name not in empty]
    if not columns:
        return _nothing(target, sizes, empty)
    snapshot, failed = _drift_snapshot(now[columns], before[columns], columns, rate)
    written = Written("written", sizes, empty, failed)
    return _save(snapshot, target, written) if snapshot else _nothing(target, sizes, empty, failed)


def write_outcomes(visits: pd.DataFrame, target: Path, *, cut: float, seed: int) -> Written:
    """Draw found against predicted (columns `label` 0/1, `probability`) to `<target>.html` and `.json`.

    cut: probability from which a visit counts as predicted positive.
    """
    drawn = sampled(visits[["label", "probability"]].dropna(), seed)
    sizes = (len(drawn), 0)
    if len(drawn) < LEAST_ROWS or drawn["label"].nunique() < 2:
        return _nothing(target, sizes)
    definition = DataDefinition(
        classification=[BinaryClassification(target="label", prediction_probas="probability", pos_label=1)]
    )
    drawn = drawn.assign(label=drawn["label"].astype(int))
    snapshot, failure = _attempt([ClassificationPreset(probas_threshold=cut)], definition, drawn, None)
    if snapshot is None:
        return _nothing(target, sizes, failed=(("ClassificationPreset", failure),))
    return _save(snapshot, target, Written("written", sizes))


def sampled(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """At most `SAMPLE_ROWS` rows, drawn with a seed."""
    if len(table) <= SAMPLE_ROWS:
        return table.reset_index(drop=True)
    rows = np.random.default_rng(seed).choice(len(table), SAMPLE_ROWS, replace=False)
    return table.iloc[np.sort(rows)].reset_index(drop=True)


def _drift_snapshot(
    now: pd.DataFrame, before: pd.DataFrame, columns: Sequence[str], rate: float
) -> tuple[Any, tuple[tuple[str, str], ...]]:
    """All columns at once; where that fails, each alone to find the ones that do, and the rest again."""
    snapshot, failure = _draw_columns(now, before, columns, rate)
    if snapshot:
        return snapshot, ()
    alone = {name: _draw_columns(now, before, [name], rate)[1] for name in columns}
    failed = tuple((name, reason) for name, reason in alone.items() if reason)
    kept = [name for name, reason in alone.items() if not reason]
    if not kept or not failed:
        return None, failed or (("all columns together", failure),)
    return _draw_columns(now, before, kept, rate)[0], failed


def _draw_columns(
    now: pd.DataFrame, before: pd.DataFrame, columns: Sequence[str], rate: float
) -> tuple[Any, str]:
    definition = DataDefinition(numerical_columns=list(columns))
    metrics = [
        DataDriftPreset(columns=list(columns), num_method="ks", num_threshold=rate),
        RowCount(),
        *(MissingValueCount(column=name) for name in columns),
    ]
    return _attempt(metrics, definition, now[list(columns)], before[list(columns)])


def _attempt(
    metrics: list[Any], definition: Any, now: pd.DataFrame, before: pd.DataFrame | None
) -> tuple[Any, str]:
    """The snapshot and an empty text, or None and the class of what went wrong."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            reference = None if before is None else Dataset.from_pandas(before, definition)
            snapshot = Report(metrics).run(Dataset.from_pandas(now, definition), reference)
            snapshot.json()
    except Exception as failure:
        return None, type(failure).__name__
    return snapshot, ""


def _save(snapshot: Any, target: Path, written: Written) -> Written:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        snapshot.save_html(str(target.with_suffix(".html")))
    document = {**_document(written), "evidently": json.loads(snapshot.json())}
    target.with_suffix(".json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return written


def _nothing(
    target: Path,
    sizes: tuple[int, int],
    empty: tuple[str, ...] = (),
    failed: tuple[tuple[str, str], ...] = (),
) -> Written:
    """A page and a JSON that say that the evidence is insufficient."""
    written = Written("insufficient_evidence", sizes, empty, failed)
    target.with_suffix(".html").write_text(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>证据不足</title>'
        f"<p>证据不足：本月 {sizes[0]} 行，参照 {sizes[1]} 行，至少需要 {LEAST_ROWS} 行，"
        "且有可比较的取值。</p>"
        f'<p lang="en">Insufficient evidence: {sizes[0]} rows this month, {sizes[1]} in the reference; at '
        f"least {LEAST_ROWS} are needed, with values to compare.</p></html>",
        encoding="utf-8",
    )
    text = json.dumps({**_document(written), "evidently": None}, ensure_ascii=False)
    target.with_suffix(".json").write_text(text, encoding="utf-8")
    return written


def _document(written: Written) -> dict[str, Any]:
    return {
        "status": written.status,
        "rows": {"current": written.rows[0], "reference": written.rows[1], "sampled_to": SAMPLE_ROWS},
        "empty_columns": list(written.empty),
        "failed": [{"what": what, "failure": failure} for what, failure in written.failed],
    }
