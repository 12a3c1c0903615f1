"""The page of contributions and its picture, written from contributions.json and by nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from benchmarks.contributions_rates import JUDGED, LEAVES
from training.review.figures import COLOURS, svg, words

PICTURE, PAGE = "contributions.svg", "contributions.md"
#: Key of a rate -> what it is, colour, line.
LINES = {
    "ours_2": ("本项目，两线程", "ours, two threads", COLOURS["model"], "--"),
    "ours_1": ("本项目，一核", "ours, one core", COLOURS["model"], "-"),
    "lightgbm_2": ("LightGBM 自带，两线程", "LightGBM's own, two threads", COLOURS["rules"], "--"),
    "lightgbm_1": ("LightGBM 自带，一核", "LightGBM's own, one core", COLOURS["rules"], "-"),
}
HEADS = {
    "leaves": "叶 leaves",
    "depth": "深度 depth",
    "deepest": "最深 deepest",
    "rows_per_core_s": "本项目 户/秒 ours, rows/s",
    "lightgbm_rows_per_core_s": "LightGBM",
    "woodelf_rows_per_core_s": "woodelf",
    "ratio_lightgbm": "为 LightGBM 的几倍 over LightGBM",
    "ratio_woodelf": "为 woodelf 的几倍 over woodelf",
    "max_abs_error": "最大误差 largest error",
    "woodelf_max_abs_error": "woodelf 的误差 woodelf's error",
}
Told = Mapping[str, Any]


def write_page(told: Told, figures: Mapping[str, float], folder: Path) -> None:
    """Write page and picture; the folder is made. figures: gate -> what was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PICTURE).write_text(picture(told["rates"]), encoding="utf-8")
    (folder / PAGE).write_text(page(told, figures), encoding="utf-8")


def picture(rates: Mapping[str, list[Told]]) -> str:
    """Rows a second against depth, and against the rows that are asked about at once."""

    def draw(by_depth: Axes, by_rows: Axes) -> None:
        for axes, key in ((by_depth, "depth"), (by_rows, "rows")):
            for name, (zh, en, colour, line) in LINES.items():
                points = [(one[key], one[name]) for one in rates[f"by_{key}"] if name in one]
                axes.plot(*zip(*points, strict=True), line, marker="o", color=colour, label=words(zh, en))
            axes.set_yscale("log")
            axes.set_ylabel(words("每秒解释的户数", "households a second"))
            axes.grid(alpha=0.25)
        by_depth.set_xlabel(words(f"最大深度（{LEAVES} 叶）", f"greatest depth ({LEAVES} leaves)"))
        by_depth.set_xticks([one["depth"] for one in rates["by_depth"]])
        by_rows.set_xscale("log")
        shape = (f"{JUDGED[0]} 叶，深度 {JUDGED[1]}", f"{JUDGED[0]} leaves, depth {JUDGED[1]}")
        by_rows.set_xlabel(words(f"一次解释的户数（{shape[0]}）", f"households at once ({shape[1]})"))
        by_depth.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=8)

    return svg("contributions", draw, height=8, panels=2)


def page(told: Told, figures: Mapping[str, float]) -> str:
    """The page, in Markdown."""
    machine = ", ".join(f"{name} {value}" for name, value in told["machine"].items())
    parts = [
        "# 逐户的理由有多快 · Contributions, measured",
        "",
        "本页由 `make bench-contributions` 写出，不手改。",
        "Written by `make bench-contributions`, never by hand.",
        "",
        f"{told['trees']} trees, {told['columns']} columns, {told['rows']:,} rows at once, one value in",
        f"twenty unknown. One core, processor seconds, median of {told['rounds']} rounds in turns. woodelf",
        f"is `{told['woodelf']}`, path-dependent, in an environment of its own.",
        f"Machine: {machine}.",
        "",
        "| 要求 bar | 测得 measured | 达到 holds |",
        "|---|---|---|",
        *[
            f"| {gate} | {_shown(figures[gate])} | {'yes' if holds else '**no**'} |"
            for gate, holds in told["gates"].items()
        ],
        "",
        f"Bars of speed are of {JUDGED[0]} leaves and depth {JUDGED[1]}; a depth of -1 is free. Errors are",
        "the largest absolute difference from LightGBM's own contributions, in log-odds.",
        "",
        "| " + " | ".join(HEADS.values()) + " |",
        "|---" * len(HEADS) + "|",
        *["| " + " | ".join(_shown(one[key]) for key in HEADS) + " |" for one in told["shapes"]],
        "",
        f"![每秒解释的户数 households explained a second]({PICTURE})",
        "",
        "One core is told by its processor seconds, two threads by the clock; of several calls the fastest.",
        "Where the machine had other work to do, two threads come out too low.",
        "",
        f"| {' | '.join(_ROW)} |",
        "|---" * len(_ROW) + "|",
        *[_rate("depth", one) for one in told["rates"]["by_depth"]],
        *[_rate("rows", one) for one in told["rates"]["by_rows"]],
        "",
        "Odd models, asked about unknown, infinite and tiny numbers too:",
        "",
        "| 模型 model | 最大误差 largest error |",
        "|---|---|",
        *[f"| {kind} | {_shown(error)} |" for kind, error in told["odd_models"].items()],
        "",
    ]
    return "\n".join(parts)


_ROW = ("", *(f"{zh} {en}" for zh, en, _, _ in LINES.values()))


def _rate(key: str, one: Told) -> str:
    return f"| {key} {one[key]:,} | " + " | ".join(_shown(one.get(name)) for name in LINES) + " |"


def _shown(figure: float | None) -> str:
    """An error has its power of ten, a count its thousands; a dash where nothing was measured."""
    if figure is None:
        return "–"
    if isinstance(figure, float):
        return f"{figure:.1e}" if figure < 0.01 else f"{figure:g}"
    return f"{figure:,}"
