"""What is asked of each question's figures: declared once; judged, told and written from here.

`TABLE` holds the five figures of every question, `FURTHER` what an expert asks besides. A figure of several
cities is their median; None where no city's evidence tells it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Bar:
    """What a figure must reach, or stay below."""

    least: float = -np.inf
    most: float = np.inf

    def holds(self, figure: float | None) -> bool | None:
        """Whether it does; None where the evidence does not tell."""
        return None if figure is None else bool(self.least <= figure <= self.most)

    def __str__(self) -> str:
        if np.isinf(self.most):
            return f"≥ {self.least:g}"
        return f"≤ {self.most:g}" if np.isinf(self.least) else f"{self.least:g}–{self.most:g}"


@dataclass(frozen=True)
class Line:
    """One figure: its key and words, how a city's result tells it, and its bar by question."""

    key: str
    zh: str
    en: str
    of: Callable[[Told], float | None]
    bars: Mapping[str, Bar]

    def figure(self, cities: Sequence[Told]) -> float | None:
        """The median over the cities whose evidence tells; None where none's does."""
        told = [value for value in map(self.of, cities) if value is not None]
        return round(float(np.median(told)), 4) if told else None


def _alike(bar: Bar) -> dict[str, Bar]:
    return dict.fromkeys(("hidden_income", "exit_due", "unapplied_eligible"), bar)


def _at_least(**bars: float) -> dict[str, Bar]:
    return {question: Bar(least=bar) for question, bar in bars.items()}


TABLE = (
    Line(
        "share_of_oracle",
        "标尺的份额（平均精度）",
        "average precision, share of the mark",
        lambda city: city["share_of_oracle"]["value"],
        _at_least(hidden_income=0.92, exit_due=0.92, unapplied_eligible=0.88),
    ),
    Line(
        "precision_over_rules",
        "同等走访下命中率 / 规则",
        "precision at equal visits over the rules'",
        lambda city: city["evaluation"]["lift_over_rules"]["value"],
        _at_least(hidden_income=1.5, exit_due=2.0, unapplied_eligible=1.8),
    ),
    Line(
        "lift_low",
        "相对随机的提升，区间下限",
        "lift over random visits, lower bound",
        lambda city: city["evaluation"]["lift_over_random"]["low"],
        _at_least(hidden_income=2.0, exit_due=4.0, unapplied_eligible=3.0),
    ),
    Line(
        "calibration_error",
        "随机抽查上的校准误差",
        "calibration error on the random arm",
        lambda city: city["evaluation"]["ece"],
        _alike(Bar(most=0.02)),
    ),
    Line(
        "coverage",
        "发生率区间覆盖真值",
        "intervals of prevalence that hold the truth",
        lambda city: city["coverage"]["difference"]["coverage"],
        _alike(Bar(0.92, 0.98)),
    ),
)


def _with_labels(count: int) -> Callable[[Told], float | None]:
    """Share of the mark with so many conclusions."""

    def of(city: Told) -> float | None:
        found = [row for row in city.get("by_labels", ()) if row["conclusions"] == count]
        return found[0]["share_of_oracle"]["value"] if found else None

    return of


def _since_check(end: Callable[[list[float]], float]) -> Callable[[Told], float | None]:
    def of(city: Told) -> float | None:
        found = [row["said_over_true"] for row in city["checks"].get("since_check", ())]
        return end(found) if found else None

    return of


def _recall(group: str) -> Callable[[Told], float | None]:
    def of(city: Told) -> float | None:
        row = city["checks"]["recall"].get(group)
        return row["over_mark"] if row else None

    return of


FURTHER = (
    Line(
        "share_at_5000", "5,000 条标签时标尺的份额", "share of the mark with 5,000 labels",
        _with_labels(5_000), _at_least(hidden_income=0.80),
    ),
    Line(
        "share_at_10000", "10,000 条标签时标尺的份额", "share of the mark with 10,000 labels",
        _with_labels(10_000), _at_least(hidden_income=0.86),
    ),
    Line(
        "precision_at_5_percent", "前 5% 命中率 / 标尺", "precision at 5 % over the mark's",
        lambda city: city["checks"]["precision_at_5_percent_over_mark"], _at_least(hidden_income=0.94),
    ),
    Line(
        "recalibrated", "1,200 次随机结果重新校准后，平均分 / 真值",
        "mean score over the truth after recalibration on 1,200 random outcomes",
        lambda city: city["checks"]["recalibrated"]["mean"], _alike(Bar(0.95, 1.05)),
    ),
    Line(
        "naive_wrong_by", "只看被走访的家庭，前 5% 命中率错多少",
        "how wrong precision at 5 % is, judged on the visited alone",
        lambda city: abs(city["checks"]["naive"]["wrong_by"]), _alike(Bar(least=0.05)),
    ),
    Line(
        "since_check_least", "按距上次核查的月数，平均分 / 真值的最小",
        "mean score over the truth by months since the check, least",
        _since_check(min), _at_least(exit_due=0.75),
    ),
    Line(
        "since_check_most", "……的最大", "... and most",
        _since_check(max), {"exit_due": Bar(most=1.3)},
    ),
    Line(
        "recall_old_alone", "独居老人的召回 / 标尺", "recall of old people alone over the mark's",
        _recall("old_alone"), _at_least(unapplied_eligible=0.75),
    ),
    Line(
        "recall_disabled", "残疾人家庭的召回 / 标尺", "recall of the disabled over the mark's",
        _recall("disabled"), _at_least(unapplied_eligible=0.75),
    ),
)  # fmt: skip


def against_bars(
    question: str, cities: Sequence[Told]
) -> tuple[dict[str, float | None], dict[str, bool | None]]:
    """Every figure of a question by key, and whether each keeps its bar, by its words."""
    figures, held = dict[str, float | None](), dict[str, bool | None]()
    for line in (*TABLE, *FURTHER):
        if bar := line.bars.get(question):
            figures[line.key] = line.figure(cities)
            held[f"{question}: {line.en} {bar}"] = bar.holds(figures[line.key])
    return figures, held
