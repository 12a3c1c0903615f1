"""A practice city in which staff stop visiting, so that any plan of visits can be laid over what would be.

What a visit would record comes from the world's own workers: what is true of the month, less what they miss,
refusals and closed doors. It is drawn once a household and month, so every plan meets the same visits.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.demo import FIRST_PROFILE_AFTER, month_end
from benchmarks.practice_city import Size, make_city
from features.errors import UserError
from synthetic_data import verification
from training.judged import read_census

#: What `training.cohort.assemble` asks of a record beside its arm and probability.
RECORDED = ("finding", "action", "months_affected", "verified_income_yuan_month")


@dataclass(frozen=True)
class Quiet:
    """A city's folder (world, warehouse, profiles) and the month, counted from 1, in which it falls quiet."""

    folder: Path
    months: int
    quiet_from: int

    @staticmethod
    def read(folder: Path) -> "Quiet":
        """The city in this folder; `UserError` where there is none, or none that falls quiet."""
        path = folder / "world" / "truth" / "knobs.json"
        if not path.is_file():
            raise UserError(f"没有 {path} / there is no {path}; make the city first, without --reuse.")
        told = json.loads(path.read_text("utf-8"))
        if not told.get("quiet_from"):
            raise UserError(f"{folder} 的走访从未停止 / never falls quiet; make it with --quiet-from.")
        return Quiet(folder, told["months"], told["quiet_from"])

    @property
    def known_until(self) -> date:
        """Month end before the quiet: what is known then is what a plan starts with."""
        return month_end(self.quiet_from - 1)

    @property
    def planned(self) -> list[date]:
        """Month ends before each planned month; the last is the end of the world."""
        return [month_end(month) for month in range(self.quiet_from - 1, self.months + 1)]

    @property
    def learnt(self) -> list[date]:
        """Month ends whose outcomes may be known when the quiet begins."""
        return [month_end(month) for month in range(FIRST_PROFILE_AFTER, self.quiet_from)]


def make_quiet_city(quiet: Quiet, households: int, seed: int, workers: int, *knobs: str) -> None:
    """Live, take in, link and profile the city; what an earlier run did is kept."""
    if not FIRST_PROFILE_AFTER + 3 <= quiet.quiet_from <= quiet.months:
        least = FIRST_PROFILE_AFTER + 3
        raise UserError(
            f"--quiet-from {quiet.quiet_from} 须在 {least} 与 {quiet.months} 之间 / must lie between {least}"
            f" and the {quiet.months} months: labels come before it."
        )
    on_file = (month_end(FIRST_PROFILE_AFTER), month_end(quiet.months))
    told = ("--quiet-from", str(quiet.quiet_from), *knobs)
    make_city(quiet.folder, Size(households, quiet.months, seed, on_file, (), workers, told))


def would_record(folder: Path, seed: int) -> pd.DataFrame:
    """What is true of each recipient and month, and what a visit in the next month would write down.

    One line a household `number` and `month` (since year 0): the census' columns as they are, and those of
    `RECORDED` once more as `said_…`.
    """
    census = read_census(folder, "on_file")
    assert census is not None
    households = pd.read_parquet(folder / "households.parquet", columns=["household_no", "reporting"])
    kind = households.set_index("household_no")["reporting"]
    census = census.sort_values(["month", "number"], ignore_index=True)
    hiding = census["number"].map(kind).eq("hiding").to_numpy()
    return pd.concat(
        [
            rows.assign(**_said(rows, hiding[rows.index], np.random.default_rng([seed, int(month)])))
            for month, rows in census.groupby("month")
        ]
    )


def _said(
    rows: pd.DataFrame, hiding: npt.NDArray[np.bool_], rng: np.random.Generator
) -> dict[str, npt.NDArray[np.object_]]:
    exact = verification.Outcome(
        _codes(rows["finding"], verification.FINDINGS),
        rows["verified_income_yuan_month"].to_numpy(dtype=float).copy(),
        rows["months_affected"].to_numpy(dtype=int).copy(),
        _codes(rows["action"], verification.ACTIONS),
    )
    worker = rng.integers(0, verification.WORKERS, len(rows))
    found = verification.recorded(exact, verification.sharpness(worker, np.zeros(1)), hiding, rng)
    values = (
        np.array(verification.FINDINGS, dtype=object)[found.finding],
        np.array(verification.ACTIONS, dtype=object)[found.action],
        found.months,
        found.income,
    )
    return {f"said_{name}": value for name, value in zip(RECORDED, values, strict=True)}


def _codes(words: pd.Series, known: tuple[str, ...]) -> npt.NDArray[np.int64]:
    return words.map({word: code for code, word in enumerate(known)}).to_numpy(dtype=np.int64)
