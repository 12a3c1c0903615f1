"""A question answered for a whole cohort, page by page; what is known already is not computed again."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, cast

import lightgbm
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from models.bundle import Bundle
from models.scoring import LIGHTGBMS_OWN, Reader, lightgbms_raw
from serving.assessment import Assessment, assess
from serving.casework.columns import Json
from serving.casework.records import Row
from serving.digests import digests_of, makers
from serving.inputs import City, Profiles, columns_of, sources_of
from serving.work import ANSWER, JSONS, Work, answer_table, write_part

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
#: Pages at work at the same time: while one is told in Python, the other is computed beside it.
AT_ONCE = 2

#: Told the stage's name, the steps done since the last call, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class How:
    """How households are answered for: what is known already, on so many threads, watched by whom."""

    work: Work
    num_threads: int
    progress: Progress


@dataclass(frozen=True)
class Answered:
    """The answers about some households of a universe: where they lie, in the order of its rows."""

    question: str
    parts: list[Path]

    def raw(self) -> npt.NDArray[np.float64]:
        """The scores in log-odds (n,); NaN where no prediction is possible."""
        columns = [pq.read_table(path, columns=["raw"])["raw"].to_numpy() for path in self.parts]
        return np.concatenate([np.empty(0), *columns])

    def moved(self) -> tuple[int, Floats]:
        """How many households were explained, and (topics,) the sum over them of what each topic moved.

        Log-odds, up or down alike, in the order of `models.reasons_many.topic_names`.
        """
        count, total = 0, np.zeros(())
        for path in self.parts:
            topics = pq.read_table(path, columns=["topics"])["topics"].drop_null()
            if households := len(topics):
                sums = topics.combine_chunks().flatten().to_numpy().astype(np.float64)
                count, total = count + households, total + np.abs(sums).reshape(households, -1).sum(axis=0)
        return count, total

    def rows(self, only: pa.Array | None = None) -> Iterator[Row]:
        """One row an answer, as the casework database stores it; of all households, or of `only` those."""
        for path in self.parts:
            table = pq.read_table(path, columns=["household_id", *ANSWER.names])
            if only is not None:
                table = table.filter(pc.is_in(table["household_id"], value_set=only))
            for row in table.to_pylist():
                told = {name: Json(row[name]) for name in JSONS if row[name] is not None}
                yield {"question": self.question, **row, **told}


def answer(bundle: Bundle, city: City, members: Places, how: How, *, stage: str, reasons: bool) -> Answered:
    """Answer for the households at `members`; every page of answers is kept in the work folder."""
    asked = np.zeros(len(city.profiles.households), dtype=bool)
    asked[members] = True
    key, parts = makers(bundle), []

    def answer_page(number: int, begin: int, page: Profiles) -> tuple[Path, int, int]:
        places = np.flatnonzero(asked[begin : begin + len(page.households)])
        path, computed = how.work.part(stage.replace(" ", "-"), number), 0
        if len(places) and not path.exists():
            table, computed = _page(bundle, page, places, key, how, reasons)
            write_part(path, table)
        return path, len(places), computed

    pages = ((number, *page) for number, page in enumerate(city.pages(columns_of(bundle))))
    for path, count, computed in _side_by_side(answer_page, pages):
        if count:
            parts.append(path)
            how.work.count(count, computed)
            how.progress(stage, count, len(members))
    return Answered(bundle.question, parts)


def _page(
    bundle: Bundle, page: Profiles, places: Places, key: bytes, how: How, reasons: bool
) -> tuple[pa.Table, int]:
    """The answers about a page's households, and how many of them had to be computed."""
    digests = digests_of(page, bundle, places, key, evidence=reasons)
    known = np.array([digest in how.work.known for digest in digests], dtype=bool)
    new, old = np.flatnonzero(~known), np.flatnonzero(known)
    computed: list[Assessment] = []
    if len(new):
        computed = answers_of(bundle, page, places[new], how.num_threads, reasons=reasons, topics=True)
    order, tables = [new], [answer_table(computed)]
    for here, table in how.work.recall(digests[place] for place in old):
        order.append(old[here])
        tables.append(table)
    answers = pa.concat_tables(tables).take(pa.array(np.argsort(np.concatenate(order))))
    head = {"household_id": pa.array(page.ids[places], pa.string()), "digest": pa.array(digests, pa.binary())}
    return pa.table({**head, **{name: answers[name] for name in answers.column_names}}), len(new)


def answers_of(
    bundle: Bundle, page: Profiles, places: Places, num_threads: int, *, reasons: bool, topics: bool = False
) -> list[Assessment]:
    """The answers about the households at `places` of a page that holds every column they rest on."""
    rows = page.rows(bundle, places)
    asked = page.answers(sources_of(bundle), places, evidence=reasons)
    return assess(
        bundle, rows, asked, reasons=reasons, topics=topics, num_threads=num_threads, reader=reader_of_many()
    )


@cache
def reader_of_many() -> Reader:
    """How a city is read: the fast contributions where the extra `batch` is installed, else LightGBM's own.

    Both give the same to 1e-10. Only the batch asks: its compiler has no place in the service.
    """
    try:
        fast = import_module("models.contributions")
    except ModuleNotFoundError:
        return LIGHTGBMS_OWN
    flat = lru_cache(fast.walk)  # once a booster, not once a chunk: nothing changes a bundle's boosters

    one_at_a_time = Lock()  # not every threading layer of numba can be entered by two threads

    def explain(booster: lightgbm.Booster, rows: Floats, num_threads: int) -> Floats:
        with one_at_a_time:
            return cast("Floats", fast.explained(flat(booster), rows, num_threads))

    return Reader(lightgbms_raw, explain)


def _side_by_side(
    function: Callable[..., Any], pieces: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[Path, int, int]]:
    """The function of each piece, in order; few pieces are read ahead, so that memory is bounded."""
    waiting: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for piece in pieces:
            waiting.append(pool.submit(function, *piece))
            if len(waiting) > AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
