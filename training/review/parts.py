"""The parts of a review in the order they are computed, quick ones first: one line a part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from training.review.archetypes import archetypes
from training.review.burdens import burdens
from training.review.case import Case
from training.review.curves import curves
from training.review.equal_visits import equal_visits
from training.review.learning import learning_curve
from training.review.monotone import monotone
from training.review.slices import slices
from training.review.stability import stability
from training.review.user_figures import user_figures
from training.review.worth import worth

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """One part: its file is `<name>.json`. compute: from a case; hears of its steps through the second."""

    name: str
    zh: str
    en: str
    compute: Callable[[Case, Tell], dict[str, Any]]


def _quiet(compute: Callable[[Case], dict[str, Any]]) -> Callable[[Case, Tell], dict[str, Any]]:
    return lambda case, tell: compute(case)


PARTS = (
    Part("equal_visits", "同等走访量比较", "at equal visits", _quiet(equal_visits)),
    Part("user_figures", "计划书三项指标", "the plan's three figures", _quiet(user_figures)),
    Part("burdens", "公平性", "fairness", _quiet(burdens)),
    Part("slices", "分组指标", "slices", _quiet(slices)),
    Part("curves", "校准与提升", "calibration and lift", _quiet(curves)),
    Part("archetypes", "孪生家庭", "twins", _quiet(archetypes)),
    Part("monotone", "单调性探测", "probes of monotony", _quiet(monotone)),
    Part("stability", "理由与名单的稳定性", "stability of reasons and lists", stability),
    Part("worth", "各部门数据的价值与中断", "what each department's data is worth, and its silence", worth),
    Part("learning_curve", "学习曲线", "learning curve", learning_curve),
)

NAMES = tuple(part.name for part in PARTS)
