"""The law judged: what `make bench-rules` runs; everything lands in OUT/rules.json.

Every written situation; random households against the naive reference, to the fen; and a city of households
judged beside OpenFisca-core (in an environment of its own), which computes income, line, property and amount:
ours once to the same few answers, which is the ratio, and once by every rule and status, which is told beside
it. The same households, in the same run, interleaved; every answer is held against the peer's, to the fen.
"""

import json
import shutil
import statistics
import sys
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from benchmarks.alone import alone, as_here, run_told
from benchmarks.results import machine, run_main, write_json
from benchmarks.rules_city import AS_OF, REGIONS, write_city
from benchmarks.stages import ROOT, console
from features import parameters
from features.rules.situations import differences, load_situations, run_situations
from tests.spec.random_households import mismatches

PEER = "openfisca-core==46.0.1"
RUNS = 3
#: How the peer's parameters are called -> our parameter, and what a unit of it is in whole numbers.
PEER_VALUES = {
    "standard": ("standard", 100),
    "floor": ("contribution_base_floor_yuan", 100),
    "employment_cost": ("necessary_employment_cost_yuan", 100),
    "basic_pension": ("resident_basic_pension_not_counted_yuan", 100),
    "interest": ("deposit_interest_rate_year", 1_000_000),
    "medical_share": ("medical_deduction_share_max", 1_000_000),
    "marginal": ("marginal_factor", 1_000_000),
    "tekun": ("tekun_factor", 1_000_000),
    "deposit_months": ("deposit_limit_months", 1),
    "area_limit": ("dwelling_area_limit_m2", 100),
    "cars_limit": ("vehicles_limit", 1),
    "vehicle_limit": ("vehicle_value_limit_yuan", 100),
    "homestead": ("homestead_counted", 1),
    "dwellings_limit": ("dwellings_limit", 1),
    "shops_limit": ("shops_limit", 1),
    "rounding": ("rounding_yuan", 100),
    "child_supplement": ("supplement_child_yuan", 100),
    "age_supplement": ("supplement_old_age_yuan", 100),
    "age_supplement_from": ("supplement_old_age_from", 1),
}


def main(
    households: Annotated[int, typer.Option(help="Households judged beside OpenFisca.")] = 600_000,
    reference: Annotated[int, typer.Option(help="Random households given to the naive reference.")] = 5_000,
    seed: Annotated[int, typer.Option(help="The same seed draws the same households.")] = 7,
    out: Annotated[Path, typer.Option(help="Folder of rules.json.")] = Path("out/bench"),
) -> None:
    """Run the situations, compare with the reference, and time the judgement of a city."""
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    result: dict[str, Any] = situations() | against_reference(reference, seed)
    console.print(result)
    result |= beside_openfisca(out / "rules_city", households, seed)
    result["machine"] = machine("duckdb")
    write_json(out / "rules.json", result)
    console.print(result)
    if result["failed"] or result["mismatches"]:
        raise typer.Exit(1)


def situations() -> dict[str, int]:
    """Every written situation: how many, and how many are answered otherwise than they expect."""
    files = sorted((ROOT / "tests" / "spec" / "situations").glob("*.yaml"))
    listed = [one for file in files for one in load_situations(file)]
    answers = run_situations(listed, parameters.load())
    failed = sum(bool(differences(one, answer)) for one, answer in zip(listed, answers, strict=True))
    return {"situations": len(listed), "failed": failed}


def against_reference(count: int, seed: int) -> dict[str, int]:
    """Random households through the rules and the naive reference; every answer that differs counts."""
    return {"reference_households": count, "mismatches": len(mismatches(count, seed))}


def beside_openfisca(folder: Path, households: int, seed: int) -> dict[str, Any]:
    """Medians over interleaved runs; AssertionError where one household's answer differs."""
    shutil.rmtree(folder, ignore_errors=True)
    city = folder / "city"
    write_city(city, households, seed)
    (folder / "values.json").write_text(json.dumps(peer_values()))
    few, every, theirs = [], [], []
    for _ in range(RUNS):
        few.append(run_told(_ours(city, folder, "few")))
        theirs.append(run_told(_peer(city, folder)))
        every.append(run_told(_ours(city, folder, "all")))
        console.print(few[-1], theirs[-1], every[-1])
    for name in ("few", "judgements"):
        compare(folder, name)
    shutil.rmtree(folder)
    seconds = {
        name: statistics.median(run[part] for run in runs)
        for name, runs, part in (
            ("few_s", few, "seconds"),
            ("all_rules_s", every, "seconds"),
            ("openfisca_s", theirs, "seconds"),
            ("openfisca_laid_out_s", theirs, "laid_out_s"),
            ("openfisca_computed_s", theirs, "computed_s"),
        )
    }
    return {
        "households": households,
        "households_per_s": round(households / seconds["few_s"]),
        "all_rules_households_per_s": round(households / seconds["all_rules_s"]),
        "openfisca_households_per_s": round(households / seconds["openfisca_s"]),
        "openfisca_ratio": round(seconds["openfisca_s"] / seconds["few_s"], 2),
        "all_rules_ratio": round(seconds["openfisca_s"] / seconds["all_rules_s"], 2),
        "openfisca": PEER,
        "peak_mb": max(run["peak_mb"] for run in [*few, *every]),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
    }


def _ours(city: Path, folder: Path, asked: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.judge_city", str(city), str(folder), asked]


def _peer(city: Path, folder: Path) -> list[str]:
    """OpenFisca in an environment of its own."""
    places = (city, folder / "values.json", folder / "openfisca.parquet")
    return alone([PEER, *as_here("pyarrow")], "peer_openfisca.py", *places)


def peer_values() -> dict[str, dict[str, int]]:
    """Our parameters in force as whole numbers, by side, under the peer's names."""
    given, sides = parameters.load(), dict(zip(("urban", "rural"), REGIONS, strict=True))
    return {
        side: {"one": 1_000_000}
        | {
            name: int(given.value(ours, region, side, AS_OF) * unit)
            for name, (ours, unit) in PEER_VALUES.items()
        }
        for side, region in sides.items()
    }


def compare(folder: Path, name: str) -> None:
    """Ours, in the file of that name, and the peer must say the same of every household, to the fen."""
    ours = pd.read_parquet(folder / f"{name}.parquet").set_index("household_id").sort_index()
    theirs = pd.read_parquet(folder / "openfisca.parquet").set_index("household_id").sort_index()
    assert ours.index.equals(theirs.index), "the two judged other households"
    assert (ours["eligibility"] == theirs["eligibility"]).all(), "eligibility differs"
    for name in ("entitled_low", "entitled_high"):
        assert ((ours[f"{name}_yuan"] * 100).astype("int64") == theirs[name]).all(), f"{name} differs"
    for name in ("income_low", "income_high"):
        assert ((ours[f"{name}_yuan"] * 100).astype("int64") == theirs[name] // 12).all(), f"{name} differs"


if __name__ == "__main__":
    run_main(main)
