"""One run over a landing folder: the new is taken, the known left, what cannot be trusted refused."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from features.engines import CATALOGUE_FILE, Catalogue, read_entries
from features.intake.entry import Entry
from features.intake.landing import Arrival, find_arrivals
from features.intake.taking import Task, delivery_id_of, refused, run_task

#: Files of one table are converted together up to this size and number: a statement costs 0.1 s to plan.
TASK_BYTES = 24_000_000
TASK_FILES = 40

#: What earlier runs recorded of files, as far as it decides what becomes of one.
KNOWN = ("taken", "repeated", "refused")

#: Told of each file as it is done: (entry, done, of all).
Progress = Callable[[Entry, int, int], None]


def run_intake(
    landing: Path, warehouse: Path, key: str, progress: Progress | None = None, workers: int = 2
) -> list[Entry]:
    """Take in what is new; returns an entry for every file, `known` for those taken in an earlier run.

    Each file is recorded in one transaction after its Parquet file stands, so a run that is interrupted
    leaves what was there before and what it had recorded; the next run goes on from there.
    `UserError` where the landing folder is none, or another run is writing the warehouse.
    """
    arrivals = find_arrivals(landing)
    catalogue = Catalogue.open(warehouse, key)
    try:
        remove_leftovers(warehouse)
        known = [entry for status in KNOWN for entry in catalogue.entries(status)]
        return list(_take_all(arrivals, known, warehouse, key, catalogue.record, progress, workers))
    finally:
        catalogue.close()


def remove_leftovers(warehouse: Path) -> None:
    """Half-written files of a run that was killed; the catalogue's lock says that none is at work now."""
    for part in warehouse.glob("*/**/*.part"):
        part.unlink()


def try_intake(
    landing: Path, warehouse: Path, key: str, progress: Progress | None = None, workers: int = 2
) -> list[Entry]:
    """The same without writing to the warehouse: what would be taken, quarantined and refused."""
    arrivals = find_arrivals(landing)
    known = []
    if (warehouse / CATALOGUE_FILE).exists():
        known = [entry for status in KNOWN for entry in read_entries(warehouse, status)]
    with tempfile.TemporaryDirectory(prefix="intake-dry-run-") as scratch:
        return list(_take_all(arrivals, known, Path(scratch), key, lambda entry: None, progress, workers))


def _take_all(
    arrivals: list[Arrival],
    known: list[Entry],
    folder: Path,
    key: str,
    record: Callable[[Entry], None],
    progress: Progress | None,
    workers: int,
) -> Iterator[Entry]:
    outcomes = _outcomes(arrivals, known, folder, key, workers)
    for done, (entry, is_new) in enumerate(outcomes, start=1):
        if is_new:
            record(entry)
        if progress:
            progress(entry, done, len(arrivals))
        yield entry


def _outcomes(
    arrivals: list[Arrival], known: list[Entry], folder: Path, key: str, workers: int
) -> Iterator[tuple[Entry, bool]]:
    """(entry, whether it is to be recorded) for every arrival; new files in the order they were received."""
    first = {entry.delivery_id: entry.file for entry in known if entry.status == "taken"}
    # Of content that was never taken nothing is known: a note that was put right may let it in.
    before = {(entry.delivery_id, entry.file): entry for entry in known if entry.delivery_id in first}
    copies: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        delivery_id = delivery_id_of(_file_sha256(arrival.path), arrival.table)
        earlier = before.get((delivery_id, arrival.file))
        if arrival.refusal:
            yield refused(arrival, delivery_id, arrival.refusal), True
        elif earlier and earlier.status == "refused":
            # It came in with a later file, and is known from then: that it was turned away stays true.
            yield earlier, False
        elif earlier:
            yield _without_rows(arrival, delivery_id, "known"), False
        elif delivery_id in first:
            yield _without_rows(arrival, delivery_id, "repeated", first[delivery_id]), True
        else:
            copies.setdefault(delivery_id, []).append(arrival)
    for entry in _judged(copies, folder, key, workers):
        yield entry, True


def _judged(copies: dict[str, list[Arrival]], folder: Path, key: str, workers: int) -> Iterator[Entry]:
    """An entry for every file of new content: the first that is not refused is taken, the rest repeat it.

    A copy repeats only what was taken: each has a note of its own, which may be the one that fits.
    """
    while copies:
        new: dict[str, list[tuple[Arrival, str]]] = {}
        for delivery_id, (arrival, *_) in copies.items():
            new.setdefault(arrival.table, []).append((arrival, delivery_id))
        waiting: dict[str, list[Arrival]] = {}
        for entry in _run_tasks(list(_tasks(new, folder, key)), workers):
            yield entry
            _, *others = copies[entry.delivery_id]
            if entry.status == "taken":
                yield from (_without_rows(o, entry.delivery_id, "repeated", entry.file) for o in others)
            elif others:
                waiting[entry.delivery_id] = others
        copies = waiting


def _without_rows(arrival: Arrival, delivery_id: str, status: str, first: str | None = None) -> Entry:
    reason = f"与 {first} 内容相同，没有重复读入" if first else None
    return Entry(
        delivery_id=delivery_id,
        department=arrival.department,
        table=arrival.table,
        received_on=arrival.received_on,
        file=arrival.file,
        status=status,
        reason=reason,
    )


def _tasks(new: dict[str, list[tuple[Arrival, str]]], folder: Path, key: str) -> Iterator[Task]:
    for table, arrivals in new.items():
        batch: list[tuple[Arrival, str]] = []
        size = 0
        for arrival, delivery_id in arrivals:
            if batch and (size + arrival.path.stat().st_size > TASK_BYTES or len(batch) == TASK_FILES):
                yield Task(table, tuple(batch), folder, key)
                batch, size = [], 0
            batch.append((arrival, delivery_id))
            size += arrival.path.stat().st_size
        if batch:
            yield Task(table, tuple(batch), folder, key)


def _run_tasks(tasks: list[Task], workers: int) -> Iterator[Entry]:
    """Entries in the order of the tasks, so that two runs over the same files record them alike."""
    with ThreadPoolExecutor(workers) as pool:
        futures: list[Future[list[Entry]]] = [pool.submit(run_task, task) for task in tasks]
        try:
            for future in futures:
                yield from future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
