"""What a batch has answered, in a work folder: found again by the digest of all that an answer rests on.

One folder a run, one Parquet file a page of households, each whole or not at all. So a run that was killed
goes on where it stood, and the next night's run computes only what is about other facts or another model:
whatever has the same digest has the same answer. An answer reads no finding of the rules; the lists, which
do, are drawn anew by every run.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from serving.assessment import Assessment
from serving.casework.columns import encode_json

Places = npt.NDArray[np.int64]

DIGEST_BYTES = 16
#: How the folder of a run is called.
RUN = re.compile("run-[0-9a-f]{16}")
#: More than a part has rows.
PLACES = 1 << 32
#: Columns of an answer that are JSON, written as the casework database stores them.
JSONS = ("of_100", "reasons", "speaks_for")
#: The columns of `Assessment` that the casework database stores.
ANSWER = pa.schema(
    {
        "status": pa.string(), "why": pa.string(), "raw": pa.float64(), "probability": pa.float64(),
        "band": pa.string(), **dict.fromkeys(JSONS, pa.string()),
    }
)  # fmt: skip
#: ... and those kept here only: what each topic adds to a score.
KEPT = ANSWER.append(pa.field("topics", pa.list_(pa.float32())))


@dataclass
class Work:
    """The work folder of one run. known: digest -> place of the part * PLACES + row in it."""

    folder: Path
    parts: list[Path]
    known: dict[bytes, int]
    asked: int = 0
    recomputed: int = 0

    def part(self, name: str, number: int) -> Path:
        """Where one page of answers lies, or would lie."""
        return self.folder / f"{name}-{number:05d}.parquet"

    def count(self, asked: int, recomputed: int) -> None:
        """Note answers that were asked for, and those of them that were computed."""
        self.asked += asked
        self.recomputed += recomputed

    def told(self) -> dict[str, Any]:
        """How much was computed anew, for the screen and the run's record."""
        share = self.recomputed / self.asked if self.asked else 0.0
        return {"asked": self.asked, "recomputed": self.recomputed, "share_recomputed": round(share, 6)}

    def recall(self, digests: Iterable[bytes]) -> Iterator[tuple[Places, pa.Table]]:
        """Known answers, a part at a time: their positions among the digests, and the answers."""
        part, row = np.divmod(np.array([self.known[digest] for digest in digests], dtype=np.int64), PLACES)
        for number in np.unique(part).tolist():
            here = np.flatnonzero(part == number)
            yield here, _answers_of(self.parts[number]).take(pa.array(row[here]))


def open_work(folder: Path, run: str) -> Work:
    """The work folder of a run, made where it is missing; a part that cannot be read is none."""
    own = folder / run
    folder.mkdir(parents=True, exist_ok=True)
    own.mkdir(exist_ok=True, mode=0o700)  # scores and reasons are personal data
    parts: list[Path] = []
    known: dict[bytes, int] = {}
    for path in sorted(path for run_folder in _runs(folder) for path in run_folder.glob("*.parquet")):
        try:
            digests = pq.read_table(path, columns=["digest"])["digest"].to_pylist()
        except (pa.ArrowInvalid, OSError):
            path.unlink()
            continue
        begin = len(parts) * PLACES
        known.update(zip(digests, range(begin, begin + len(digests)), strict=True))
        parts.append(path)
    return Work(own, parts, known)


def close_work(folder: Path) -> None:
    """After a run is recorded: what it answered is what the next one knows; what earlier ones did goes."""
    for other in _runs(folder.parent):
        if other != folder:
            shutil.rmtree(other)


def _runs(folder: Path) -> list[Path]:
    """The folders of runs; whatever else somebody keeps there is left alone."""
    return [path for path in folder.iterdir() if path.is_dir() and RUN.fullmatch(path.name)]


def write_part(path: Path, table: pa.Table) -> None:
    """Whole or not at all."""
    temporary = path.with_suffix(".partial")
    pq.write_table(table, temporary, compression="zstd", compression_level=1)
    os.replace(temporary, path)


def answer_table(answers: list[Assessment]) -> pa.Table:
    """Answers as columns, JSON as text."""
    columns = {
        name: [getattr(answer, name) for answer in answers] for name in KEPT.names if name not in JSONS
    }
    texts = {
        name: [None if (value := getattr(answer, name)) is None else encode_json(value) for answer in answers]
        for name in JSONS
    }
    return pa.table({**columns, **texts}, schema=KEPT)


@lru_cache(4)
def _answers_of(path: Path) -> pa.Table:
    return pq.read_table(path, columns=KEPT.names)
