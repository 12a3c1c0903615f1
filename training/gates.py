"""What must hold of a model before two persons may make it the champion: declared once, with the remedy.

A gate is True (held), False (not held) or None (the evidence does not tell, or that part of the review was
not made). What is not held refuses promotion; what is not known is told to whoever signs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Found = Mapping[str, Any]

#: METHOD's acceptance: calibration error on the random arm, from so many random visits; burden near the line.
CALIBRATION_ERROR, LEAST_RANDOM = 0.020, 1_200
NEAR_LINE = 2.5


@dataclass(frozen=True)
class Gate:
    """code: its key; remedy: what to do where it is not held; holds: from evaluation and review."""

    code: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    holds: Callable[[Found, Found], bool | None]


def gates(evaluation: Found, review: Found | None = None) -> dict[str, bool | None]:
    """Every gate of a question's evaluation and, where it was made, its review (part name -> result)."""
    return {gate.code: gate.holds(evaluation, review or {}) for gate in GATES}


def not_held(held: Mapping[str, bool | None]) -> list[Gate]:
    """Gates that refuse promotion."""
    return [gate for gate in GATES if held.get(gate.code) is False]


def unknown(held: Mapping[str, bool | None]) -> list[Gate]:
    """Gates of which the evidence does not tell."""
    return [gate for gate in GATES if held.get(gate.code) is None]


def _reviewed(evaluation: Found, review: Found) -> bool | None:
    return bool(review)


def _no_suspected_leak(evaluation: Found, review: Found) -> bool | None:
    suspected = evaluation.get("suspected_leaks")
    return None if suspected is None else not suspected


def _beats_rules(evaluation: Found, review: Found) -> bool | None:
    difference = evaluation.get("difference_over_rules") or {}
    return _sign(difference.get("low"), difference.get("high"))


def _not_below_logistic(evaluation: Found, review: Found) -> bool | None:
    high = (evaluation.get("difference_over_logistic") or {}).get("high")
    return None if high is None else high >= 0


def _sign(low: float | None, high: float | None) -> bool | None:
    """True where an interval lies above nothing as a whole, False where below, None where on both sides."""
    if low is None or high is None:
        return None
    return True if low > 0 else False if high < 0 else None


def _random_arm(evaluation: Found, review: Found) -> bool | None:
    arms = evaluation.get("labels_by_arm")
    return None if arms is None else bool(arms.get("random", {}).get("concluded"))


def _calibrated(evaluation: Found, review: Found) -> bool | None:
    found = evaluation.get("calibration_error") or {}
    if found.get("random_arm") is None or found.get("n", 0) < LEAST_RANDOM:
        return None
    return bool(found["random_arm"] <= CALIBRATION_ERROR)


def _near_line(evaluation: Found, review: Found) -> bool | None:
    near = evaluation.get("false_positives_near_line")
    return None if not near else bool(near["value"] <= NEAR_LINE)


def _monotone(evaluation: Found, review: Found) -> bool | None:
    found = review.get("monotone")
    return None if found is None else not found["applies"] or found["violations"] == 0


def _of(part: str, key: str) -> Callable[[Found, Found], bool | None]:
    """A gate that a part of the review has judged itself."""

    def held(evaluation: Found, review: Found) -> bool | None:
        found = review.get(part)
        value = None if found is None else (found.get("gates") or found).get(key)
        return None if value is None else bool(value)

    return held


def _silence(evaluation: Found, review: Found) -> bool | None:
    found = review.get("worth")
    if found is None:
        return None
    value = found["gates"]["no_score_rises"]
    return True if value is None else bool(value)


def _twins(evaluation: Found, review: Found) -> bool | None:
    found = review.get("archetypes")
    if found is None:
        return None
    return True if not found["punitive"] else found["holds"]


def _fair(evaluation: Found, review: Found) -> bool | None:
    found = review.get("burdens")
    if found is None:
        return None
    verdicts = set(found["gates"].values())
    return False if False in verdicts else None if None in verdicts else True


GATES = (
    Gate(
        "no_suspected_leak",
        "没有特征合起来像是已知答案",
        "no features together seem to know the answer",
        "查看 evaluation.json 的 suspected_leaks，去掉走访之后才记录的内容",
        "look into suspected_leaks of evaluation.json; remove what was recorded after the visit",
        _no_suspected_leak,
    ),
    Gate(
        "reviewed",
        "这一版模型做过检验",
        "this very version was reviewed",
        "请运行 python -m training review --mlflow …",
        "run python -m training review --mlflow …",
        _reviewed,
    ),
    Gate(
        "random_arm",
        "有随机抽查",
        "there is a random arm",
        "登记随机抽查的走访结果后再训练",
        "record random visits, then train again",
        _random_arm,
    ),
    Gate(
        "beats_rules",
        "同等走访量下优于规则",
        "better than the rules at equal visits",
        "继续用规则排序，积累标签后再训练",
        "let the rules order visits, gather labels, train again",
        _beats_rules,
    ),
    Gate(
        "not_below_logistic",
        "不差于逻辑回归",
        "not below logistic regression",
        "改用逻辑回归为主的候选",
        "ship the candidate nearest to logistic regression",
        _not_below_logistic,
    ),
    Gate(
        "calibrated",
        "随机抽查上校准误差不超过 0.020",
        "calibration error of at most 0.020 on the random arm",
        "用更多随机抽查重新校准",
        "calibrate again with more random visits",
        _calibrated,
    ),
    Gate(
        "near_line",
        "收入接近标准的家庭误报不超过平均的 2.5 倍",
        "false positives near the line at most 2.5 times the mean",
        "去掉与申报收入有关的特征，或改用实质性标签",
        "leave out what rests on declared income, or use the material label",
        _near_line,
    ),
    Gate(
        "monotone",
        "单调性探测无违例",
        "no probe breaks monotony",
        "检查方向声明与 monotone_constraints_method",
        "check declared directions and monotone_constraints_method",
        _monotone,
    ),
    Gate(
        "silence",
        "任何部门不答复都不抬高任何家庭的分数",
        "no department's silence raises anybody's score",
        "为该特征声明方向，或在未知时留空",
        "declare a direction for the feature, or leave it unknown",
        _silence,
    ),
    Gate(
        "silence_accuracy",
        "部门中断时不差于从未见过该部门数据的模型",
        "under an outage as good as a model that never knew the department",
        "对该部门的特征加大正则，或去掉",
        "regularise that department's features more, or leave them out",
        _of("worth", "as_good_as_never_known"),
    ),
    Gate(
        "twins",
        "只改群体标记不抬高风险",
        "marks of a group alone raise no risk",
        "去掉使孪生家庭分数上升的特征",
        "leave out the feature that raises the twins",
        _twins,
    ),
    Gate(
        "fair",
        "没有脆弱群体负担过重",
        "no vulnerable group is overburdened",
        "单方面减轻该群体的负担，不得加重他人",
        "lower that group's burden one-sidedly, raise nobody's",
        _fair,
    ),
    Gate(
        "stable",
        "再训练时主要理由一致",
        "the same reasons after another training",
        "合并相近特征，或增加袋中模型",
        "group features that mean one thing, or enlarge the bag",
        _of("stability", "gate"),
    ),
)
