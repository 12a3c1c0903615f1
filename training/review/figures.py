"""The figures of a review as inline SVG: the numbers of the tables beside them, drawn (extra `explain`)."""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import matplotlib
from matplotlib import font_manager, pyplot
from matplotlib.axes import Axes

from training.review.words import WHO

Found = Mapping[str, Any]

#: Fonts with Chinese characters, the first that is installed; without one, labels are English only.
FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei")
FAMILY = '"Noto Sans CJK SC", "Microsoft YaHei", sans-serif'
COLOURS = {
    "model": "#1d70b8",
    "champion": "#1d70b8",
    "list": "#0b0c0c",
    "rules": "#d4351c",
    "logistic": "#00703c",
    "lightgbm": "#912b88",
    "people": "#f47738",
    "random": "#b1b4b6",
}


def figures(review: Found) -> dict[str, str]:
    """Figure name -> SVG, of the parts there are and that have evidence."""
    drawn = {name: draw(review) for name, draw in FIGURES.items()}
    return {name: picture for name, picture in drawn.items() if picture}


def chinese_font() -> str | None:
    """An installed font that has Chinese characters."""
    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in there), None)


def words(zh: str, en: str) -> str:
    """Both languages, or English where no font has Chinese characters."""
    return f"{zh} {en}" if chinese_font() else en


def stacked(zh: str, en: str) -> str:
    """The same one below the other, for the names along an axis."""
    return f"{zh}\n{en}" if chinese_font() else en


def svg(name: str, draw: Callable[..., None], *, height: float = 3.4, panels: int = 1) -> str:
    """One figure, drawn on so many pairs of axes one below the other; text stays text, ids are its own."""
    matplotlib.use("Agg")
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.family": [chinese_font() or "DejaVu Sans"],
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
    }
    with matplotlib.rc_context(settings):
        figure, axes = pyplot.subplots(panels, squeeze=False, figsize=(7.2, height), layout="constrained")
        draw(*axes.ravel())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close(figure)
    text = buffer.getvalue()
    # What is left names no address but the namespaces of SVG.
    inline = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    return _own_ids(re.sub(r"font-family: [^;\"]*|'[^']*CJK[^']*'", "font-family: sans-serif", inline), name)


def _own_ids(svg: str, name: str) -> str:
    """Several figures stand in one page: their ids must not meet."""
    named = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    return re.sub(r'(url\(#|href="#)', rf"\1{name}-", named)


def _learning(review: Found) -> str | None:
    points = [p for p in review.get("learning_curve", {}).get("points", []) if p["enough"]]
    if len({point["labels"] for point in points}) < 2:
        return None

    def draw(axes: Axes) -> None:
        for role in dict.fromkeys(point["learner"] for point in points):
            own = [point for point in points if point["learner"] == role]
            _line(
                axes,
                [point["labels"] for point in own],
                [point["average_precision"] for point in own],
                {"champion": words("冠军", "champion"), "logistic": words(*WHO["logistic"])}.get(
                    role, "LightGBM"
                ),
                COLOURS[role],
            )
        axes.set_xscale("log")
        axes.set_xlabel(words("标签数", "labels"))
        axes.set_ylabel(words("平均精度", "average precision"))
        axes.legend(frameon=False)

    return svg("learning", draw)


def _line(axes: Axes, x: list[float], found: list[Found], label: str, colour: str) -> None:
    axes.plot(x, [one["value"] for one in found], marker="o", color=colour, label=label)
    axes.fill_between(
        x,
        [one["low"] for one in found],
        [one["high"] for one in found],
        color=colour,
        alpha=0.15,
        linewidth=0,
    )


def _lift(review: Found) -> str | None:
    lines = review.get("curves", {}).get("lift", [])
    if not lines or lines[0]["model"]["found_share"] is None:
        return None

    def draw(axes: Axes) -> None:
        share = [0.0, *(line["share"] for line in lines)]
        for name in ("model", "rules", "logistic"):
            found = [0.0, *(line[name]["found_share"] for line in lines)]
            axes.plot(share, found, marker=".", color=COLOURS[name], label=words(*WHO[name]))
        axes.plot([0, 1], [0, 1], color=COLOURS["random"], label=words(*WHO["random"]))
        axes.set_xlabel(words("走访的家庭占比", "share of households visited"))
        axes.set_ylabel(words("找到的占比", "share found"))
        axes.legend(frameon=False)

    return svg("lift", draw)


def _calibration(review: Found) -> str | None:
    curves = review.get("curves", {})
    sets = [(k, curves[k]) for k in ("judged", "random_arm") if curves.get(k, {}).get("enough")]
    if not sets:
        return None
    names = {"judged": words("检验月份", "judged months"), "random_arm": words("随机抽查", "random arm")}

    def draw(axes: Axes) -> None:
        top = 0.0
        for (key, found), colour in zip(sets, (COLOURS["model"], COLOURS["people"]), strict=False):
            bins = found["bins"]
            said, seen = [one["said"] for one in bins], [one["found"] for one in bins]
            errors = [
                [one["value"] - one["low"] for one in seen],
                [one["high"] - one["value"] for one in seen],
            ]
            axes.errorbar(
                said, [one["value"] for one in seen], yerr=errors, fmt="o", color=colour, label=names[key]
            )
            top = max(top, *said, *(one["high"] for one in seen))
        axes.plot([0, top], [0, top], color=COLOURS["random"])
        axes.set_xlabel(words("模型所说的概率", "probability said"))
        axes.set_ylabel(words("查实的占比", "share found"))
        axes.legend(frameon=False)

    return svg("calibration", draw)


def _worth(review: Found) -> str | None:
    lines = review.get("worth", {}).get("departments", [])
    told = [
        (stacked(x["zh"], x["en"]), x["lost_per_100"])
        for x in lines
        if x["lost_per_100"]["value"] is not None
    ]
    if not told:
        return None
    label = words("每百次走访少查实（户）", "confirmed fewer in 100 visits")
    return svg("worth", lambda axes: _bars(axes, told, label, 0.0), height=0.8 + 0.42 * len(told))


def _bars(axes: Axes, told: Iterable[tuple[str, Found]], label: str, centre: float) -> None:
    """Points with intervals, one a line, first on top."""
    rows = list(told)[::-1]
    for place, (_, found) in enumerate(rows):
        axes.plot([found["low"], found["high"]], [place, place], color=COLOURS["model"])
        axes.plot(found["value"], place, "o", color=COLOURS["model"])
    axes.axvline(centre, color=COLOURS["random"])
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.set_xlabel(label)


def _burdens(review: Found) -> str | None:
    burdens = review.get("burdens")
    if not burdens:
        return None
    groups = [g for g in burdens["households"] if "×" not in g]
    tables = {name: burdens["tables"][name] for name in ("list", "model", "rules", "people")}
    measure = tables["list"][0]["measure"] if tables["list"] else ""
    found = {
        name: {x["group"]: x for x in lines if x["measure"] == measure and x["ratio"]["value"]}
        for name, lines in tables.items()
    }
    if not any(found.values()):
        return None

    def draw(axes: Axes) -> None:
        for shift, (name, lines) in enumerate(found.items()):
            for place, group in enumerate(groups[::-1]):
                if group in lines:
                    ratio, y = lines[group]["ratio"], place + 0.3 - 0.18 * shift
                    low = max(ratio["low"] or 0.05, 0.05)
                    axes.plot([low, min(ratio["high"], 20)], [y, y], color=COLOURS[name])
                    axes.plot(min(max(ratio["value"], 0.05), 20), y, "o", color=COLOURS[name], markersize=4)
            axes.plot([], [], "o-", color=COLOURS[name], label=words(*WHO[name]))
        line = tables["list"][0]
        axes.axvline(1.0, color=COLOURS["random"])
        bar = burdens["bar"] if line["harm"] == "above" else 1 / burdens["bar"]
        axes.axvline(bar, color="#d4351c", linestyle="--", linewidth=1)
        axes.set_xscale("log")
        axes.set_xticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
        names = {x["group"]: stacked(x["zh"], x["en"]) for x in tables["list"]}
        axes.set_yticks(range(len(groups)), [names[group] for group in groups[::-1]])
        axes.set_xlabel(
            words(line["measure_zh"] + "：该群体 / 其他家庭", line["measure_en"] + ", group over all others")
        )
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=4)

    return svg("burdens", draw, height=1.2 + 0.6 * len(groups))


FIGURES: dict[str, Callable[[Found], str | None]] = {
    "burdens": _burdens,
    "lift": _lift,
    "calibration": _calibration,
    "worth": _worth,
    "learning": _learning,
}
