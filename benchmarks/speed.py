"""Every figure of speed in one file and one page: joins what the speed benchmarks wrote; runs nothing.

    python -m benchmarks.speed --out out/bench --docs docs/performance.md

A benchmark that was not run is named as not run: its figures are left out, never carried over.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.demo import GATE
from benchmarks.results import run_main, write_json
from benchmarks.stages import console

#: The shape that the bar of contributions is set for: leaves, depth.
JUDGED = (31, 6)
#: What is joined: file -> the command that writes it.
PARTS = {
    "contributions.json": "make bench-contributions",
    "night.json": "make bench-city",
    "service.json": "make bench-service",
    "rules.json": "make bench-rules",
    "spark.json": "make bench-spark",
}
Told = Mapping[str, Any]


def contributions(told: Told) -> dict[str, Any]:
    """The judged shape, and the largest error of all shapes."""
    shape = next(one for one in told["shapes"] if (one["leaves"], one["depth"]) == JUDGED)
    kept = {name: shape[name] for name in ("ratio_lightgbm", "rows_per_core_s")}
    return {"contributions": kept | {"max_abs_error": told["max_abs_error"]}}


def night(told: Told) -> dict[str, Any]:
    """A city from files to lists by stage, its night, the changed nights, pandas and shap, growth."""
    kept = ("city", "nightly_seconds", "incremental", "pandas_shap_ratio", "growth")
    return {name: told[name] for name in kept if name in told}


def service(told: Told) -> dict[str, Any]:
    """One household with reasons, and a crowd."""
    return {"service": {name: told[name] for name in ("p50_ratio", "p99_ms", "requests_per_s")}}


def rules(told: Told) -> dict[str, Any]:
    """Households a second over OpenFisca-core."""
    return {"rules_openfisca_ratio": told["ratio"]}


def spark(told: Told) -> dict[str, Any]:
    """Whether both engines answer alike, and what a second core brings."""
    return {name: told[name] for name in ("spark_equal", "largest_difference", "speedup_of_two_cores")}


READERS: dict[str, Callable[[Told], dict[str, Any]]] = {
    "contributions.json": contributions,
    "night.json": night,
    "service.json": service,
    "rules.json": rules,
    "spark.json": spark,
}
#: Bar -> where its figure is, what it must be, and the figure's words.
BARS: dict[str, tuple[tuple[str, ...], Callable[[Any], bool], str]] = {
    "contributions over LightGBM's own at least 40": (
        ("contributions", "ratio_lightgbm"), lambda x: x >= 40, "times",
    ),
    "largest error of a contribution at most 1e-10": (
        ("contributions", "max_abs_error"), lambda x: x <= 1e-10, "",
    ),
    "a city from files to lists in 15 minutes": (("city", "seconds"), lambda x: x <= 900, "s"),
    "... in 8 GB": (("city", "peak_mb"), lambda x: x <= 8_000, "MB"),
    "profiles to lists in 4 minutes": (("nightly_seconds",), lambda x: x <= 240, "s"),
    "ten times as fast as pandas and shap": (("pandas_shap_ratio",), lambda x: x >= 10, "times"),
    "`/score` at most 1.5 times a bare server": (("service", "p50_ratio"), lambda x: x <= 1.5, "times"),
    "rules at least 3 times OpenFisca-core": (("rules_openfisca_ratio",), lambda x: x >= 3, "times"),
    "seconds a household grow at most 1.1 times": (("growth",), lambda x: x <= 1.1, "times"),
    "Spark answers as DuckDB": (("spark_equal",), bool, ""),
}  # fmt: skip


def main(
    out: Annotated[Path, typer.Option(help="Folder of the files to join, and of speed.json.")] = Path(
        "out/bench"
    ),
    docs: Annotated[Path | None, typer.Option(help="Page to write the figures to.")] = None,
) -> None:
    """Join, hold every bar that can be held, and tell which benchmark has not been run."""
    found = {name: json.loads((out / name).read_text("utf-8")) for name in PARTS if (out / name).is_file()}
    told: dict[str, Any] = {}
    for name, one in found.items():
        told |= READERS[name](one)
    held = {bar: _at(told, bar) for bar in BARS}
    told["gates"] = {bar: BARS[bar][1](value) if value is not None else None for bar, value in held.items()}
    told["machines"] = {name: one["machine"] for name, one in found.items() if "machine" in one}
    told["not_run"] = [command for name, command in PARTS.items() if name not in found]
    write_json(out / "speed.json", told)
    if docs is not None:
        docs.write_text(page(told, held), encoding="utf-8")
    for bar, holds in told["gates"].items():
        console.print(f"{GATE[holds]} {bar}: {held[bar]}")
    if False in told["gates"].values():
        raise typer.Exit(1)


def _at(told: Told, bar: str) -> Any:
    """The figure of a bar; None where it was not measured."""
    value: Any = told
    for key in BARS[bar][0]:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def page(told: Told, held: Mapping[str, Any]) -> str:
    """The page, in Markdown."""
    words = {True: "yes", False: "**no**", None: "not measured"}
    bars = [
        f"| {bar} | {'–' if held[bar] is None else held[bar]} {BARS[bar][2]} | {words[holds]} |"
        for bar, holds in told["gates"].items()
    ]
    stages = [
        f"| {one['name']} | {one['seconds']} | {one['peak_mb']} |"
        for one in told.get("city", {}).get("stages", [])
    ]
    city = told.get("city", {})
    machines = [
        f"- `{PARTS[name]}`: " + ", ".join(f"{key} {value}" for key, value in machine.items())
        for name, machine in told["machines"].items()
    ]
    parts = [
        "# 速度 · Speed\n",
        "本页由 `python -m benchmarks.speed --docs` 汇总各项速度测试写出，不手改。",
        "Written by `python -m benchmarks.speed --docs` from what the benchmarks wrote; never by hand.",
        "Every ratio is of one run, the peer beside us at equal answers.\n",
        "| bar | measured | holds |\n|---|---|---|",
        *bars,
        "",
    ]
    if stages:
        parts += [
            f"A city of {city['households']:,} households, {city['rows']:,} rows as files, to lists:\n",
            "| stage | seconds | peak MB |\n|---|---|---|",
            *stages,
            "",
        ]
    if "incremental" in told:
        parts += ["Nights that recompute only what changed:\n"]
        parts += [
            f"- {name}: {100 * one['share_recomputed']:.1f} % recomputed in {one['seconds']} s, "
            f"answer equal to the full run's: {words[one['equal']]}"
            for name, one in told["incremental"].items()
        ]
        parts += [""]
    parts += ["Machines and versions:\n", *machines, ""]
    if told["not_run"]:
        parts += ["Not run: " + ", ".join(f"`{command}`" for command in told["not_run"]) + ".", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    run_main(main)
