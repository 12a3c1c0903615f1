"""A city is made of blocks of streets, each lived on its own; every department then writes for all of them.

A block is a district's worth of households, so that a city of any size needs the memory of one block and one
file. Randomness hangs on (seed, block): the bytes are the same for any number of processes.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.sources import SOURCES
from synthetic_data.delivery import Written, send, write_notes, write_shapes
from synthetic_data.departments import EVENTS, REGISTERS
from synthetic_data.departments.rows import Rows
from synthetic_data.dirt import Mess
from synthetic_data.identity_truth import write_identity_truth
from synthetic_data.knobs import UNTURNED, Knobs
from synthetic_data.law import standards
from synthetic_data.shapes import Sending, plan
from synthetic_data.silence import heard, spoken
from synthetic_data.spool import Spool
from synthetic_data.truth import write_truth
from synthetic_data.world import World, make_world

#: Hukou households of a block.
BLOCK = 60_000
#: Runs of days in which a table's files are written.
PARTS = 6


@dataclass(frozen=True)
class City:
    """What is asked for; `block` is the largest number of households lived at once."""

    households: int
    months: int
    seed: int
    start: np.datetime64  # month, [M]
    mess: Mess = Mess.DEFAULT
    block: int = BLOCK
    knobs: Knobs = UNTURNED
    scenarios: bool = True

    @property
    def blocks(self) -> list[int]:
        """Number of households of each block, as even as can be."""
        count = -(-self.households // self.block)
        return [self.households // count + (b < self.households % count) for b in range(count)]

    @property
    def last_day(self) -> str:
        """After it nothing arrives."""
        return str((self.start + self.months).astype("datetime64[D]") - np.timedelta64(1, "D"))


#: Told what was done, and of how many steps that was one.
Advance = Callable[[str, int], None]


def write_city(city: City, folder: Path, advance: Advance, workers: int = 1) -> dict[str, int]:
    """Write FOLDER/landing and FOLDER/truth; returns the rows written, by table."""
    steps = len(city.blocks) + len(SOURCES)
    spools, truths = folder / "spools", folder / "truths"
    with _pool(workers) as pool:
        lived = [pool.submit(live_block, city, block, spools, truths) for block in range(len(city.blocks))]
        for number, block in enumerate(lived, start=1):
            block.result()
            advance(f"block {number}", steps)
        days = {name: Spool(spools, name).days() or {city.last_day: 0} for name in SOURCES}
        planned = plan(days, city.seed, city.mess, city.last_day)
        handed = [
            (
                name,
                [pool.submit(write_days, city, spools, folder / "landing", part) for part in _parts(files)],
            )
            for name, files in planned.items()
        ]
        files: list[Written] = []
        for name, futures in handed:
            for future in futures:
                files += future.result()
            shutil.rmtree(spools / name)
            advance(name, steps)
    notes = write_notes(folder / "landing", files, city.seed, city.mess)
    _join_truths(truths, folder / "truth")
    _write_knobs(city, folder / "truth")
    write_identity_truth([file.truth for file in files], folder / "truth")
    write_shapes(files, notes, folder / "truth")
    shutil.rmtree(spools)
    rows: Counter[str] = Counter()
    for file in files:
        rows[file.table] += file.rows
    return dict(rows)


def live_block(city: City, block: int, spools: Path, truths: Path) -> None:
    """Live one block, and keep what its departments would send and what is true of it."""
    first = sum(city.blocks[:block])
    world = make_world(
        city.blocks[block],
        city.months,
        city.seed,
        city.start,
        block,
        len(city.blocks),
        first,
        city.knobs,
        city.scenarios,
    )
    for name in SOURCES:
        if name in REGISTERS:
            parts = spoken(name, REGISTERS[name](world), world.clock, world.knobs)
        else:
            parts = _by_day(heard(name, EVENTS[name](world), world.clock, world.knobs), world)
        Spool(spools, name).write(block, parts)
    write_truth(world, truths / f"{block:04d}")


def _by_day(rows: Rows, world: World) -> Iterator[Rows]:
    """Rows by day of delivery, ascending; later than the last month's end nothing has arrived yet."""
    order = np.argsort(rows.received, kind="stable")
    order = order[rows.received[order] <= world.clock.last_day]
    days, starts = np.unique(rows.received[order], return_index=True)
    for start, end in zip(starts, np.append(starts[1:], len(order))[: len(days)], strict=True):
        yield rows.where(order[start:end])


def write_days(city: City, spools: Path, landing: Path, sendings: list[Sending]) -> list[Written]:
    """Write these files of a table; one of no rows is that of a department with nothing to tell."""
    files: list[Written] = []
    for sending in sendings:
        spool = Spool(spools, sending.table)
        rows = spool.read(sending.day) if sending.rows else _none(sending)
        files += send(landing, rows, sending, city.seed, city.mess)
    return files


def _none(sending: Sending) -> Rows:
    columns = {column.name: np.array([], dtype=object) for column in sending.source.columns}
    return Rows(columns, np.array([sending.day], "datetime64[D]"))


def _parts(sendings: list[Sending]) -> list[list[Sending]]:
    """A table's files in a few runs, so that two processes share the largest table."""
    size = -(-len(sendings) // PARTS)
    return [sendings[start : start + size] for start in range(0, len(sendings), size)]


def _join_truths(parts: Path, folder: Path) -> None:
    """The blocks' hidden truth as one; the folder may hold other truths already."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = sorted(parts.iterdir())
    for name in sorted(path.name for path in blocks[0].iterdir()):
        pq.write_table(pa.concat_tables([pq.read_table(block / name) for block in blocks]), folder / name)
    shutil.rmtree(parts)


def _write_knobs(city: City, folder: Path) -> None:
    """What the world was made with, and the standards in force in it."""
    told = {
        "households": city.households,
        "months": city.months,
        "seed": city.seed,
        "start": str(city.start),
        "mess": city.mess.value,
        **asdict(city.knobs),
        "standards": standards(city.start, city.knobs),
    }
    (folder / "knobs.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


class _Here(Executor):
    """A pool of no processes: the work is done when it is handed in."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **named))
        return future


def _pool(workers: int) -> Executor:
    return ProcessPoolExecutor(workers, get_context("spawn")) if workers > 1 else _Here()
