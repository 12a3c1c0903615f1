"""Profiles, judgements and findings of a series of dates, each date's files whole or not at all.

Each file carries a hash of everything it was made from: the deliveries known on the date, the parameters, the
code and the key. A file whose hash still holds is not made again.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import TypedDict

import pyarrow.parquet as pq

from features import parameters, profile, rules
from features.code_digest import code_digest
from features.engines import Warehouse, open_warehouse
from features.errors import UserError
from features.household import Universe, standards
from features.identity.pseudonym import person_id
from features.known import Calendar, Sight, load_calendar
from features.parameters import Parameters, in_force
from features.plan import Plan
from features.profile_files import PARTS, profile_file, write_whole
from features.windows import holds_before

#: Part -> table of the plan that holds it.
TABLES = {"findings": "findings", "judgements": "judgements", "profiles": "profile"}
ROW_GROUP = 20_000
#: Describing the profiles takes a process longer than this many dates take to compute.
WORTH_A_WORKER = 3
#: What the engines of all workers together may hold before they spill: a city's profiles fit a desk machine.
MEMORY_GB = 4.0

#: One month end of one universe.
Piece = tuple[Universe, date]


class Written(TypedDict):
    """What became of one month end."""

    universe: str
    as_of: str
    households: int
    skipped: bool
    seconds: float


@dataclass(frozen=True)
class Series:
    """Everything a run needs: what to read, for whom, and where to write."""

    warehouse: Warehouse
    calendar: Calendar
    values: Parameters
    key: str
    out: Path


def open_series(warehouse: Path, key: str, out: Path, threads: int | None = None, workers: int = 1) -> Series:
    """Open the warehouse as one of so many workers; `UserError` where it is none."""
    return series_of(open_warehouse(warehouse, threads, MEMORY_GB / workers), key, out)


def series_of(warehouse: Warehouse, key: str, out: Path) -> Series:
    """The same on a warehouse opened before, on whichever engine."""
    return Series(warehouse, load_calendar(warehouse), parameters.load(), key, out)


def check_possible(series: Series, dates: list[date]) -> None:
    """`UserError` where the registers say nothing of the first or the last date, or the key is another."""
    first, last = series.calendar.first_possible(), series.calendar.last_possible()
    if first is None or last is None:
        raise UserError(
            "仓库中缺少在册家庭、家庭成员或户籍人口 / the warehouse lacks household_register,"
            " household_members or residents; run `python -m features intake` on their deliveries first."
        )
    if dates[0] < first:
        raise UserError(
            f"{dates[0]} 之前尚无完整登记 / not all registers had arrived by {dates[0]};"
            f" the first possible date is {first}."
        )
    if dates[-1] > last:
        raise UserError(
            f"{dates[-1]} 时登记已过期 / the registers had grown too old by {dates[-1]}; the last possible"
            f" date is {last}: take newer deliveries, or give an earlier date."
        )
    residents = series.warehouse.table("residents").select("id_no", "person_id").limit(1).to_pandas()
    if any(person_id(row.id_no, series.key) != row.person_id for row in residents.itertuples()):
        raise UserError(
            "假名密钥与仓库不符 / the key is not the one the warehouse was made with;"
            " set DIBAO_PSEUDONYM_KEY to that key."
        )


def run_series(
    warehouse: Path, key: str, out: Path, universes: Sequence[Universe], dates: Sequence[date], workers: int
) -> Iterator[Written]:
    """Write the dates that are not up to date, in any order; tells of each as it is done.

    Each worker is a process that describes the profiles once and then computes one date after another. The
    files are the same for any number of workers.
    """
    pieces = [(universe, as_of) for universe in universes for as_of in dates]
    if (workers := min(workers, len(pieces) // WORTH_A_WORKER)) <= 1:
        yield from write_series(open_series(warehouse, key, out), universes, dates)
        return
    threads = max(1, (os.cpu_count() or 1) // workers)
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (warehouse, key, out, threads, workers))
    try:
        for done in as_completed([pool.submit(_write_piece, piece) for piece in pieces]):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def write_series(series: Series, universes: Sequence[Universe], dates: Sequence[date]) -> Iterator[Written]:
    """The same in this process, one date after the other."""
    yield from map(Worker(series).write, [(universe, as_of) for universe in universes for as_of in dates])


class Worker:
    """Computes dates on one connection; the plan of the universe at hand is kept."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self._universe: Universe | None = None
        self._sight: Sight | None = None

    def write(self, piece: Piece) -> Written:
        """Write one date where it is not up to date."""
        (universe, as_of), started = piece, perf_counter()
        inputs = input_hash(self.series, universe, as_of)
        skipped = _up_to_date(self.series.out, universe, as_of, inputs)
        if not skipped:
            write_date(self.series, self._sight_of(universe, as_of), universe, as_of, inputs)
        return {
            "universe": universe.value,
            "as_of": as_of.isoformat(),
            "households": pq.read_metadata(
                profile_file(self.series.out, "profiles", universe, as_of)
            ).num_rows,
            "skipped": skipped,
            "seconds": round(perf_counter() - started, 2),
        }

    def _sight_of(self, universe: Universe, as_of: date) -> Sight:
        if self._sight is None or self._universe is not universe:
            if self._sight:
                self._sight.plan.forget()
            self._universe, self._sight = universe, described(self.series, universe, as_of)
        return self._sight


_worker: Worker | None = None


def _start(warehouse: Path, key: str, out: Path, threads: int, workers: int) -> None:
    global _worker
    _worker = Worker(open_series(warehouse, key, out, threads, workers))


def _write_piece(piece: Piece) -> Written:
    assert _worker is not None
    return _worker.write(piece)


def described(series: Series, universe: Universe, as_of: date) -> Sight:
    """The plan of profiles and judgements; the date only lends the parameters' columns."""
    sight = Sight(series.warehouse, series.calendar, Plan(series.warehouse.connection, universe.value))
    tables = profile.describe(sight, universe, series.values, series.key)
    values = sight.plan.given("values", in_force(series.values, as_of).schema())
    judged = rules.describe(tables["profile"], tables, sight.as_of, values, universe.value, sight.keep)
    sight.keep("findings", judged.findings.order_by("household_id", "rule"))
    sight.keep("judgements", judged.judgements.order_by("household_id"))
    return sight


def write_date(series: Series, sight: Sight, universe: Universe, as_of: date, inputs: str) -> None:
    """Compute one date and write its three files."""
    variables = {**sight.values(as_of), **standards(series.values, as_of)}
    sight.plan.run(variables, {"values": in_force(series.values, as_of).to_pyarrow()})
    for part in PARTS:
        rows = sight.plan.batches(TABLES[part], ROW_GROUP)
        write_whole(rows, profile_file(series.out, part, universe, as_of), {"inputs": inputs}, ROW_GROUP)


def input_hash(series: Series, universe: Universe, as_of: date) -> str:
    """A hash of all a date's files are made from: deliveries and links known by then, code, key."""
    entries = series.warehouse.deliveries()
    known = entries.filter(entries.received_on <= as_of, entries.status != "refused")
    lines = known.select("table", "received_on", "delivery_id").distinct().to_pyarrow().to_pylist()
    parts = sorted(f"{row['table']} {row['received_on']} {row['delivery_id']}" for row in lines)
    links = series.warehouse.links()
    links = links.filter(links.received_on <= as_of, holds_before(links.ended_on, as_of)).select(
        "table", "delivery_id", "row_number", "column", "person_id", "link_probability"
    )
    linked = sorted(" ".join(map(str, row.values())) for row in links.to_pyarrow().to_pylist())
    text = "\n".join(
        [
            universe.value,
            as_of.isoformat(),
            series.key,
            _code(),
            *parts,
            *linked,
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _code() -> str:
    return code_digest(Path(__file__).parent, ("",))


def _up_to_date(out: Path, universe: Universe, as_of: date, inputs: str) -> bool:
    paths = [profile_file(out, part, universe, as_of) for part in PARTS]
    if not all(path.exists() for path in paths):
        return False
    return all((pq.read_schema(path).metadata or {}).get(b"inputs") == inputs.encode() for path in paths)
