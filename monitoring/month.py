"""One month's check of one question, from profiles, bundle and recorded visits to figures and alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from features.engines import Warehouse
from features.sources import SOURCES
from models.bundle import Bundle
from models.scoring import score
from monitoring import alerts, drift, freshness, performance, visits
from monitoring.alerts import STATE_WORDS, Alert
from monitoring.drift import ColumnDrift, Missing
from monitoring.freshness import Arrival, TableFreshness
from monitoring.performance import Performance
from monitoring.reading import feature_rows, read_profile, read_states


@dataclass(frozen=True)
class Check:
    """What is compared, and how often it may cry wolf.

    rate: false alarms of one monitor in one report, shared out among its columns (a monitor: missing values,
    values, scores or calibration of one question, or source states of one universe). months: of visits.
    """

    profiles: Path
    as_of: date
    reference: tuple[date, ...]
    rate: float
    months: int
    seed: int


@dataclass(frozen=True)
class QuestionCheck:
    """One question's figures. current, reference: the cohort's features in both months, for the drawings."""

    bundle: Bundle
    current: pd.DataFrame
    reference: pd.DataFrame
    columns: tuple[ColumnDrift, ...]
    score: ColumnDrift
    means: tuple[float, float]
    visits: pd.DataFrame
    performance: Performance
    alerts: tuple[Alert, ...]


def check_question(check: Check, bundle: Bundle, records: pd.DataFrame) -> QuestionCheck:
    """Drift of features and scores against the reference, and outcomes against predictions."""
    now = read_profile(check.profiles, bundle, check.as_of)
    before = pd.concat(
        [read_profile(check.profiles, bundle, day) for day in check.reference], ignore_index=True
    )
    households = before["household_id"].nunique()
    columns = feature_drift(bundle, before, now, check.rate, households)
    raw, means = _scores(bundle, before, now)
    moved = drift.column_drift("score", *raw, check.rate, effective_reference=households)
    seen, unmatched = visits.scored_visits(bundle, check.profiles, records, check.as_of, check.months)
    later = seen["after_training"].to_numpy(dtype=bool)
    found = Performance(
        after_training=performance.window(seen[later], check.rate, check.seed),
        seen_in_training=performance.window(seen[~later], check.rate, check.seed),
        unmatched=unmatched,
        top_lists=performance.top_lists(bundle, check.profiles, seen, check.as_of),
    )
    fired = [
        *alerts.missing_alerts(bundle, columns, len(now)),
        *alerts.value_alerts(bundle, columns),
        *alerts.score_alerts(bundle, moved, means),
        *alerts.calibration_alerts(bundle, found),
    ]
    names = list(bundle.names)
    return QuestionCheck(
        bundle, now[names], before[names], tuple(columns), moved, means, seen, found, tuple(fired)
    )


def feature_drift(
    bundle: Bundle, before: pd.DataFrame, now: pd.DataFrame, rate: float, households: int
) -> list[ColumnDrift]:
    """Drift of each of the bundle's features; the rate is shared among them (Bonferroni)."""
    old, new = feature_rows(before, bundle), feature_rows(now, bundle)
    each = rate / max(len(bundle.names), 1)
    return [
        drift.column_drift(name, old[:, place], new[:, place], each, effective_reference=households)
        for place, name in enumerate(bundle.names)
    ]


def strongest(columns: Sequence[ColumnDrift], most: int) -> list[str]:
    """Names of the columns nearest to or furthest past their limits, in the order of the model."""
    ranked = sorted(columns, key=lambda column: -column.strength)[:most]
    return [column.name for column in columns if column in ranked]


def state_drift(check: Check, universe: str) -> tuple[dict[str, dict[str, Missing]], int]:
    """Share of households in each watched state, by source, in both months; and the households compared."""
    now = read_states(check.profiles, universe, check.as_of, SOURCES)
    before = pd.concat([read_states(check.profiles, universe, day, SOURCES) for day in check.reference])
    sources = [name for name in SOURCES if f"{name}_state" in now and f"{name}_state" in before]
    scale = before["household_id"].nunique() / max(len(before), 1)
    each = check.rate / max(len(sources) * len(STATE_WORDS), 1)
    shares = {
        source: {
            state: drift.missing(
                (before[f"{source}_state"] == state).to_numpy(dtype=bool),
                (now[f"{source}_state"] == state).to_numpy(dtype=bool),
                each,
                scale=scale,
            )
            for state in STATE_WORDS
        }
        for source in sources
    }
    return shares, len(now)


def arrivals(warehouse: Warehouse) -> list[Arrival]:
    """The warehouse's catalogue, as far as freshness needs it."""
    listed = warehouse.deliveries().select("table", "received_on", "rows_taken", "status").execute()
    listed = listed.dropna(subset=["received_on"])
    days = pd.to_datetime(listed["received_on"]).dt.date
    rows = listed["rows_taken"].fillna(0).astype(int)
    return [Arrival(*line) for line in zip(listed["table"], days, rows, listed["status"], strict=True)]


def check_tables(warehouse: Warehouse, as_of: date) -> list[TableFreshness]:
    """Age and size of the last delivery of every declared table."""
    return freshness.table_freshness(arrivals(warehouse), as_of)


def ordered(found: Sequence[Alert]) -> list[Alert]:
    """Alerts that ask for action first; otherwise in the order they were found."""
    return sorted(found, key=lambda alert: alert.level != alerts.ACT)


def universes(bundles: Mapping[str, Bundle]) -> list[str]:
    """The universes that the bundles are about, each once."""
    return list(dict.fromkeys(bundle.universe for bundle in bundles.values()))


def _scores(
    bundle: Bundle, before: pd.DataFrame, now: pd.DataFrame
) -> tuple[tuple[drift.Floats, drift.Floats], tuple[float, float]]:
    """Raw scores of both months and their mean probabilities."""
    old = score(bundle, feature_rows(before, bundle), num_threads=2, contributions=False)
    new = score(bundle, feature_rows(now, bundle), num_threads=2, contributions=False)
    return (old.raw, new.raw), (_mean(old.probability), _mean(new.probability))


def _mean(values: drift.Floats) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
