"""Whether a way of hiding that no model has seen is found, with the random arm and without it.

A practice city falls quiet in the very month in which some begin to be paid to a relative's wallet. From then
on every month is one cycle: train hidden_income on all labels so far, select at the streets' capacity, hear
what the visits record, take whom they confirm off file. Once as the lists are made, once without the lot.

    python -m benchmarks.cycles --households 60000 --out out/bench
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich.table import Table

from benchmarks.cycle_lists import Flags, Floats, Listed, Selector, recorded, truth, with_lot, without_lot
from benchmarks.quiet_city import Quiet, make_quiet_city
from benchmarks.quiet_learning import Start, Visits, start
from benchmarks.recipients import Recipient, read_recipients
from benchmarks.results import run_main, write_json
from benchmarks.stages import console
from features.catalogue import CATALOGUE
from models import hidden_income
from models.power import Sample, propose
from models.selection import Candidates, visit_capacity

KEY = "practice"
#: The change of the list's precision that the random arm is to show within a quarter.
WISHED_CHANGE = 0.10
#: Share of the city with the highest scores, in which the new way is also looked for: capacity is smaller.
TOP = 0.05
#: Boosters of a cycle's bag.
BAG = 3


def planted(
    world_folder: Path,
    *,
    random_share: float | None = None,
    seed: int = 7,
    threads: int = 1,
    tell: Callable[[dict[str, Any]], None] = lambda cycle: None,
) -> dict[str, Any]:
    """Both loops on a city made with --quiet-from and --wallet-from in the same month.

    planted_recall: share, of the families who hide in the new way alone and are still on file in the last
    month, whom the model of that month would list if it filled all visits; …_recall_top: whom it has among
    the highest `TOP` of scores; …_list_recall: whom the list held, lot and all; …_found: of all who hid so in
    any month, those confirmed by then. Where more hide than there are visits, the recall cannot reach 1:
    planted_recall_possible.
    random_share None: as the power calculation proposes it. tell: hears each cycle as it ends.
    """
    quiet, spec = Quiet.read(world_folder), hidden_income.spec(CATALOGUE)
    recipients, learnt = read_recipients(quiet, spec, seed), start(quiet, spec, seed, threads)
    share = _proposed(recipients[0]) if random_share is None else random_share
    arms: dict[str, Selector] = {"with_arm": with_lot(share), "without_arm": without_lot}
    loops = {name: loop(recipients, learnt, selector, name, tell) for name, selector in arms.items()}
    return {
        "planted_recall": {name: cycles[-1]["recall"] for name, cycles in loops.items()},
        "planted_recall_top": {name: cycles[-1]["recall_top"] for name, cycles in loops.items()},
        "planted_list_recall": {name: cycles[-1]["list_recall"] for name, cycles in loops.items()},
        "planted_recall_possible": {name: _possible(cycles[-1]) for name, cycles in loops.items()},
        "planted_found": {name: cycles[-1]["found_share"] for name, cycles in loops.items()},
        "by_cycle": loops,
        "random_share": round(share, 4),
        "candidate": learnt.bundle.kind,
        "labels_before": len(learnt.base.label),
        "recipients_a_month": round(float(np.mean([len(month.street) for month in recipients]))),
        "seed": seed,
    }


def _possible(cycle: dict[str, Any]) -> float:
    """The recall of a list that held nobody else."""
    return round(min(cycle["visits"], cycle["new_way_allowed"]) / max(cycle["new_way"], 1), 4)


def _proposed(month: Recipient) -> float:
    """The random share by `models.power`, of a precision half-way: where a change is hardest to see."""
    streets, counts = np.unique(month.street.astype(str), return_counts=True)
    capacity = visit_capacity(dict(zip(streets.tolist(), counts.tolist(), strict=True)), "hidden_income")
    return min(propose(Sample(0.5, WISHED_CHANGE), capacity).share, 0.5)


def loop(
    recipients: list[Recipient],
    learnt: Start,
    selector: Selector,
    name: str,
    tell: Callable[[dict[str, Any]], None],
) -> list[dict[str, Any]]:
    """One cycle a month: its figures."""
    visits, left, ever, told = Visits(), set[str](), set[str](), []
    for number, month in enumerate(recipients):
        here = np.flatnonzero(~np.isin(month.household_id, list(left)))
        bundle = learnt.again(visits.with_base(learnt.base), BAG) if number else learnt.bundle
        seen = visits.as_left(number, month.seen.iloc[here])
        raw = learnt.scores(bundle, seen)[0]
        hidden, new = truth(month.seen.iloc[here])
        streets, counts = np.unique(month.street[here].astype(str), return_counts=True)
        capacity = visit_capacity(dict(zip(streets.tolist(), counts.tolist(), strict=True)), "hidden_income")
        asked = _candidates(month, here, raw)
        listed, by_score = (choose(asked, capacity, f"{KEY}|{number}") for choose in (selector, without_lot))
        visits.keep(number, month, here[listed.on], listed.chance[listed.on])
        confirmed = month.household_id[here][listed.on & (recorded(month.seen.iloc[here]) == 1)]
        ever |= set(month.household_id[here][new])
        left |= set(confirmed)
        cycle = _figures(number, month, listed, hidden, new) | {
            "arm": name,
            "new_way_allowed": int((new & (asked.finding | ~asked.vulnerable)).sum()),
            "recall": _share(by_score.on, new),
            "recall_top": _share(raw >= np.quantile(raw, 1 - TOP), new),
            "recall_old_ways": _share(by_score.on, hidden & ~new),
            "found": len(ever & left),
            "found_share": round(len(ever & left) / max(len(ever), 1), 4),
        }
        told.append(cycle)
        tell(cycle)
    return told


def _candidates(month: Recipient, here: npt.NDArray[np.int64], raw: Floats) -> Candidates:
    return Candidates(
        household_id=month.household_id[here],
        street_code=month.street[here],
        score=raw,
        finding=month.finding[here],
        vulnerable=month.vulnerable[here],
        stratum=month.review_class[here],
    )


def _figures(number: int, month: Recipient, listed: Listed, hidden: Flags, new: Flags) -> dict[str, Any]:
    drawn = ~np.isnan(listed.chance)
    return {
        "cycle": number + 1,
        "as_of": month.as_of.isoformat(),
        "visits": int(listed.on.sum()),
        "by_lot": int(drawn.sum()),
        "new_way": int(new.sum()),
        "old_ways": int((hidden & ~new).sum()),
        "new_way_listed": int((listed.on & new).sum()),
        "new_way_by_lot": int((drawn & new).sum()),
        "list_recall": _share(listed.on, new),
        "precision": round(float(hidden[listed.on].mean()), 4) if listed.on.any() else None,
    }


def _share(on: Flags, of: Flags) -> float:
    return round(float((on & of).sum()) / max(int(of.sum()), 1), 4)


def show(cycle: dict[str, Any]) -> None:
    """A line a cycle, as it ends."""
    console.print(
        f"{cycle['arm']:12} {cycle['as_of']}  visits {cycle['visits']:,} ({cycle['by_lot']} by lot)"
        f"  new way on file {cycle['new_way']:,}: recall {cycle['recall']:.2f}, listed"
        f" {cycle['new_way_listed']} ({cycle['new_way_by_lot']} by lot), found {cycle['found_share']:.2f}"
        f"  precision {cycle['precision']}"
    )


def main(
    households: Annotated[int, typer.Option(help="Hukou households of the city.")] = 60_000,
    seed: Annotated[int, typer.Option(help="Seed of the city and of the draws.")] = 7,
    months: Annotated[int, typer.Option(help="Months of the world.")] = 24,
    quiet_from: Annotated[int, typer.Option(help="Month of the first cycle and of the new way.")] = 13,
    random_share: Annotated[
        float | None, typer.Option(help="Of the visits; left out: as the power calculation proposes.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of cycles.json; the city is made below it.")] = Path(
        "out/bench"
    ),
    reuse: Annotated[bool, typer.Option(help="The city is there: make nothing.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes and threads.")] = os.cpu_count() or 1,
) -> None:
    """Make a city with a new way of hiding, and close the loop over it with and without the random arm."""
    started, out = time.perf_counter(), out.resolve()
    quiet = Quiet(out / "wallet", months, quiet_from)
    if not reuse:
        make_quiet_city(quiet, households, seed, workers, "--wallet-from", str(quiet_from))
    found = planted(
        quiet.folder,
        random_share=random_share,
        seed=seed,
        threads=workers,
        tell=show,
    )
    found |= {"seconds": round(time.perf_counter() - started, 1), "made_for": households}
    write_json(out / "cycles.json", found)
    table = Table(title="新隐瞒方式 A new way of hiding, last month")
    for heading in ("", "with the lot", "without"):
        table.add_column(heading)
    for figure in (
        "planted_recall",
        "planted_recall_top",
        "planted_list_recall",
        "planted_recall_possible",
        "planted_found",
    ):
        table.add_row(figure, *(f"{found[figure][arm]:.2f}" for arm in ("with_arm", "without_arm")))
    console.print(table)
    console.print(
        json.dumps({name: found[name] for name in ("planted_recall", "planted_found", "random_share")})
    )


if __name__ == "__main__":
    run_main(main)
