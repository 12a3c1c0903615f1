"""Every figure of speed in one file and one page: joins what the speed benchmarks wrote; runs nothing.

    python -m benchmarks.speed --out out/bench --docs docs/performance.md

A benchmark that was not run is named as not run: its figures are left out, never carried over.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.contributions import TIMES_LIGHTGBM, TIMES_WOODELF, TOLERANCE, judged
from benchmarks.night import CITY_MB, CITY_SECONDS, GROWTH, NIGHT_SECONDS, RATIO
from benchmarks.profiles import BAR as TIMES_PANDAS
from benchmarks.results import run_main, tell_gates, write_json

#: What is joined: file -> the command that writes it.
PARTS = {
    "contributions.json": "make bench-contributions",
    "night.json": "make bench-city",
    "service.json": "make bench-service",
    "rules.json": "make bench-rules",
    "profiles.json": "make bench-profiles",
    "spark.json": "make bench-spark",
}
Told = Mapping[str, Any]


def contributions(told: Told) -> dict[str, Any]:
    """The judged shape, and the largest error of all models."""
    kept = {name: judged(told)[name] for name in ("ratio_lightgbm", "ratio_woodelf", "rows_per_core_s")}
    return {"contributions": kept | {"max_abs_error": told["max_abs_error"]}}


def night(told: Told) -> dict[str, Any]:
    """A city from files to lists by stage, its night, the changed nights, pandas and shap, growth."""
    kept = ("city", "nightly_seconds", "incremental", "pandas_shap_ratio", "growth", "models", "sizes")
    return {name: told[name] for name in kept if name in told}


def service(told: Told) -> dict[str, Any]:
    """One household with reasons, and a crowd."""
    return {"service": {name: told[name] for name in ("p50_ratio", "p99_ms", "requests_per_s")}}


def rules(told: Told) -> dict[str, Any]:
    """Households a second over OpenFisca-core."""
    return {"rules_openfisca_ratio": told["openfisca_ratio"]}


def profiles(told: Told) -> dict[str, Any]:
    """Seconds of plain pandas over ours, of both universes and of each."""
    kept = ("households", "columns", "ratio", "peak_mb", "pandas_peak_mb")
    sides = {name: {key: one[key] for key in kept} for name, one in told["universes"].items()}
    return {"profiles_pandas_ratio": told["profiles_pandas_ratio"], "profiles": sides}


def spark(told: Told) -> dict[str, Any]:
    """Whether both engines answer alike, and what a second core brings."""
    return {name: told[name] for name in ("spark_equal", "largest_difference", "speedup_of_two_cores")}


READERS: dict[str, Callable[[Told], dict[str, Any]]] = {
    "contributions.json": contributions,
    "night.json": night,
    "service.json": service,
    "rules.json": rules,
    "profiles.json": profiles,
    "spark.json": spark,
}
#: Bars that no benchmark holds by itself.
TIMES_BARE, TIMES_OPENFISCA = 1.5, 3


@dataclass(frozen=True)
class Bar:
    """Where a figure is, and the least or the most that it may be; neither: it must be true."""

    at: tuple[str, ...]
    least: float | None = None
    most: float | None = None

    def holds(self, figure: Any) -> bool | None:
        """None where it was not measured."""
        if figure is None:
            return None
        if self.least is None and self.most is None:
            return bool(figure)
        return (self.least is None or figure >= self.least) and (self.most is None or figure <= self.most)


BARS = {
    f"contributions at least {TIMES_LIGHTGBM} times as fast as LightGBM's own": Bar(
        ("contributions", "ratio_lightgbm"), least=TIMES_LIGHTGBM
    ),
    f"contributions at least {TIMES_WOODELF} times as fast as woodelf": Bar(
        ("contributions", "ratio_woodelf"), least=TIMES_WOODELF
    ),
    f"largest error of a contribution at most {TOLERANCE:g}": Bar(
        ("contributions", "max_abs_error"), most=TOLERANCE
    ),
    f"a city from files to lists in {CITY_SECONDS} s": Bar(("city", "seconds"), most=CITY_SECONDS),
    f"... in {CITY_MB} MiB": Bar(("city", "peak_mb"), most=CITY_MB),
    f"profiles to lists in {NIGHT_SECONDS} s": Bar(("nightly_seconds",), most=NIGHT_SECONDS),
    f"at least {RATIO} times as fast as pandas and shap": Bar(("pandas_shap_ratio",), least=RATIO),
    f"`/score` at most {TIMES_BARE} times a bare server": Bar(("service", "p50_ratio"), most=TIMES_BARE),
    f"rules at least {TIMES_OPENFISCA} times as fast as OpenFisca-core": Bar(
        ("rules_openfisca_ratio",), least=TIMES_OPENFISCA
    ),
    f"profiles at least {TIMES_PANDAS} times as fast as pandas": Bar(
        ("profiles_pandas_ratio",), least=TIMES_PANDAS
    ),
    f"seconds a household grow at most {GROWTH} times": Bar(("growth",), most=GROWTH),
    "Spark answers as DuckDB": Bar(("spark_equal",)),
}


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
    told["gates"] = {bar: BARS[bar].holds(figure) for bar, figure in held.items()}
    told["machines"] = {name: one["machine"] for name, one in found.items() if "machine" in one}
    told["not_run"] = [command for name, command in PARTS.items() if name not in found]
    write_json(out / "speed.json", told)
    if docs is not None:
        docs.write_text(page(told, held), encoding="utf-8")
    tell_gates(told["gates"], held)


def _at(told: Told, bar: str) -> Any:
    """The figure of a bar; None where it was not measured."""
    value: Any = told
    for key in BARS[bar].at:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _shown(figure: Any) -> str:
    if figure is None:
        return "–"
    return f"{figure:.4g}" if isinstance(figure, float) else str(figure)


def _sizes(city: Told, sizes: Told) -> list[str]:
    """Cost by stage and size: a line a stage, a column a city."""
    names = list(next(iter(sizes.values())))
    lines = [
        f"| {name} | "
        + " | ".join(
            f"{one[name]['seconds']} s, {one[name]['peak_mb']:.0f} MB, {one[name]['us']} µs"
            for one in sizes.values()
        )
        + " |"
        for name in names
    ]
    head = "| stage | " + " | ".join(f"{int(size):,} households" for size in sizes) + " |"
    words = (
        f"From files to lists, the largest of {city['rows']:,} rows as files: seconds, peak memory,"
        " microseconds a household.\n"
    )
    return [words, head, "|---|" + "---|" * len(sizes), *lines, ""]


def _model(named: tuple[str, Told]) -> str:
    name, one = named
    return (
        f"- {name}: {one['kind']}, {one['columns']} columns, {one['boosters']} boosters,"
        f" {one['trees']:,} trees in all"
    )


def _profiled(named: tuple[str, Told]) -> str:
    name, one = named
    return (
        f"- {name}: {one['households']:,} households, {one['columns']} columns, {one['ratio']} times as fast,"
        f" {one['peak_mb']:.0f} MB against {one['pandas_peak_mb']:.0f} MB"
    )


def page(told: Told, held: Mapping[str, Any]) -> str:
    """The page, in Markdown."""
    words = {True: "yes", False: "**no**", None: "not measured"}
    bars = [f"| {bar} | {_shown(held[bar])} | {words[holds]} |" for bar, holds in told["gates"].items()]
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
    if "city" in told:
        parts += _sizes(told["city"], told["sizes"])
        parts += ["Models of that night:\n", *map(_model, told["models"].items()), ""]
    if "incremental" in told:
        parts += ["Nights that recompute only what changed:\n"]
        parts += [
            f"- {name}: {100 * one['share_recomputed']:.1f} % recomputed in {one['seconds']} s, "
            f"answer equal to the full run's: {words[one['equal']]}"
            for name, one in told["incremental"].items()
        ]
        parts += [""]
    if "profiles" in told:
        parts += ["Profiles beside pandas, by universe:\n", *map(_profiled, told["profiles"].items()), ""]
    parts += ["Machines and versions:\n", *machines, ""]
    if told["not_run"]:
        parts += ["Not run: " + ", ".join(f"`{command}`" for command in told["not_run"]) + ".", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    run_main(main)
