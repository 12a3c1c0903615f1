"""A practice city made, taken in, linked and profiled by the ordinary commands; what is done stays done.

Each step leaves a stamp: a digest of its command, of the code it runs and of the steps before it. A step
whose stamp holds is skipped, one that was interrupted goes on, one that changed begins anew with those after.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.results import write_json
from benchmarks.stages import ROOT, console, run_stage
from features.code_digest import code_digest

STAMPS = "stamps.json"
#: What a profile command writes, by universe.
PARTS = ("profiles", "judgements", "findings")
#: The code that takes files in and links their rows; a feature may change without the files being read again.
TAKING = (
    *("features/engines", "features/identity", "features/intake", "features/sources"),
    "features/link_command.py",
)


@dataclass(frozen=True)
class Step:
    """One command. makes: what it writes below the city's folder; code: packages whose change undoes it."""

    name: str
    makes: tuple[str, ...]
    code: tuple[str, ...]
    command: tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """A city: hukou households, months, seed, and the dates to profile in each universe.

    knobs: further options of `generate`, such as ("--quiet-from", "13").
    """

    households: int
    months: int
    seed: int
    on_file: tuple[date, date]
    register: tuple[date, ...]
    workers: int
    knobs: tuple[str, ...] = ()


def make_city(folder: Path, size: Size) -> list[dict[str, Any]]:
    """Bring the city up to date; returns name, seconds and peak of each step as it was done.

    `StageError` where one fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamps, earlier, done = _read(folder), "", []
    for step in steps(folder, size):
        earlier = _stamp(step, folder, earlier)
        found = stamps.get(step.name, {})
        if found.get("stamp") == earlier and found.get("done"):
            console.print(f"{step.name}: kept from an earlier run")
            done.append(found["stage"])
            continue
        if found.get("stamp") != earlier:
            for name in step.makes:
                shutil.rmtree(folder / name, ignore_errors=True)
        stamps[step.name] = {"stamp": earlier, "done": False}
        write_json(folder / STAMPS, stamps)
        stage, _ = run_stage(step.name, *step.command)
        stamps[step.name] = {"stamp": earlier, "done": True, "stage": asdict(stage)}
        write_json(folder / STAMPS, stamps)
        done.append(asdict(stage))
    return done


def steps(folder: Path, size: Size) -> list[Step]:
    """The road of a city, in order."""
    world, warehouse = folder / "world", folder / "warehouse"
    workers = ("--workers", str(size.workers))
    profile = ("features", "profile", "--warehouse", str(warehouse), "--out", str(folder), *workers)
    first, last = map(str, size.on_file)
    # fmt: off
    road = [
        Step("generate", ("world",), ("synthetic_data", "features/sources"), (
            "synthetic_data", "generate", "--households", str(size.households), "--months", str(size.months),
            "--seed", str(size.seed), *size.knobs, "--out", str(world), *workers)),
        Step("intake", ("warehouse",), TAKING, (
            "features", "intake", "--landing", str(world / "landing"), "--warehouse", str(warehouse))),
        Step("link", (), TAKING, ("features", "link", "--warehouse", str(warehouse))),
        Step("profiles on file", tuple(f"{part}/on_file" for part in PARTS), ("features",), (
            *profile, "--universe", "on_file", "--from", first, "--to", last)),
    ]
    # fmt: on
    for number, as_of in enumerate(map(str, size.register)):
        made = tuple(f"{part}/register" for part in PARTS) if not number else ()
        command = (*profile, "--universe", "register", "--as-of", as_of)
        road.append(Step(f"register {as_of}", made, ("features",), command))
    return road


def _stamp(step: Step, folder: Path, earlier: str) -> str:
    """Of the command wherever the folder lies, its code, and the step before."""
    command = " ".join(part.replace(str(folder), "CITY") for part in _said(step.command))
    return hashlib.sha256(f"{earlier} {command} {code_digest(ROOT, step.code)}".encode()).hexdigest()


def _said(command: Sequence[str]) -> list[str]:
    """Without the number of processes: what is made is the same for any."""
    place = command.index("--workers") if "--workers" in command else len(command)
    return [*command[:place], *command[place + 2 :]]


def _read(folder: Path) -> dict[str, Any]:
    path = folder / STAMPS
    found: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return found
