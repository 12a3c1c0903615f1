"""The card a reviewer signs, in Chinese and English, generated from the run."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from models.bundle import Bundle

SUNSET_DAYS = 365

_ROWS = (
    ("precision_at_capacity", "走访命中率（按街道能力）", "confirmed among visited, at capacity"),
    ("rules_precision_at_capacity", "同等走访量下规则", "rules at equal visits"),
    ("logistic_precision_at_capacity", "同等走访量下逻辑回归", "logistic regression at equal visits"),
    ("random_precision", "随机走访", "random visits"),
    ("difference_over_rules", "模型减规则", "model minus rules"),
    ("difference_over_logistic", "模型减逻辑回归", "model minus logistic regression"),
    ("lift_over_random", "相对随机的提升倍数", "lift over random"),
    ("auc", "排序能力 AUC", "AUC"),
    ("average_precision", "平均精度 AP", "average precision"),
    ("prevalence", "随机抽查估计的发生率", "prevalence from the random arm"),
)


def card(bundle: Bundle, found: Mapping[str, Any]) -> tuple[str, str]:
    """(zh, en) Markdown."""
    return _chinese(bundle, found), _english(bundle, found)


def _chinese(bundle: Bundle, found: Mapping[str, Any]) -> str:
    sunset = bundle.trained_as_of + timedelta(days=SUNSET_DAYS)
    return f"""# 模型说明：{bundle.zh}

**分数只为走访排序，不作任何决定；不得据此停发、减发或拒绝。**

| | |
|---|---|
| 版本 | {bundle.version}（{found["champion"]}） |
| 训练截止 | {bundle.trained_as_of}，仅使用当日已收到的记录 |
| 检验月份 | {_months(found)}，模型从未见过；依据：{_judged(found, "zh")} |
| 特征 | {len(bundle.features)} 个；数据版本 {bundle.data_version} |
| 失效日期 | {sunset}，届时须重新检验 |

## 检验结果（同等走访量，95% 区间按家庭重抽样）
{_table(found, 1, ("指标", "数值", "95% 区间"))}

- 发生率真值（仅模拟环境可知）：{_number(found["prevalence"].get("truth"))}
- 校准误差：随机抽查 {_number(found["ece"])}，检验月份 {_number(found["calibration_error"]["judged"])}
- 收入接近标准的家庭误报率 / 平均误报率：{_near(found)}

## 训练标签（按选取方式）
{_arms(found, ("方式", "走访", "有结论", "确认"))}

## 候选比较（训练期内按时间滚动）
{_candidates(found, ("候选", "平均精度", "标准误"))}

## 特征与来源
{_features(bundle, "zh")}

## 不得用于
作出或自动建议停发、减发、拒绝；评价工作人员；授权之外的数据查询；本说明所列人群以外的家庭。
脆弱家庭（重残、重病、特困、孤儿、独居老人）不得仅凭分数进入名单。

签字：1. ____________________  2. ____________________
"""


def _english(bundle: Bundle, found: Mapping[str, Any]) -> str:
    sunset = bundle.trained_as_of + timedelta(days=SUNSET_DAYS)
    return f"""# Model card: {bundle.en}

**The score orders visits and decides nothing; no benefit may be stopped, cut or refused because of it.**

| | |
|---|---|
| version | {bundle.version} ({found["champion"]}) |
| trained as of | {bundle.trained_as_of}, with only what had been received by then |
| judged on | {_months(found)}, months it never saw; by {_judged(found, "en")} |
| features | {len(bundle.features)}; data version {bundle.data_version} |
| sunset | {sunset}; to be judged again by then |

## Result (equal visits; 95 % intervals resample households)
{_table(found, 2, ("figure", "value", "95 % interval"))}

- true prevalence (known only in a practice world): {_number(found["prevalence"].get("truth"))}
- calibration error on the random arm: {_number(found["ece"])}
- calibration error on the judged months: {_number(found["calibration_error"]["judged"])}
- false positives near the line over the mean: {_near(found)}

## Training labels by arm
{_arms(found, ("arm", "visits", "concluded", "confirmed"))}

## Candidates (rolling origin within the training months)
{_candidates(found, ("candidate", "average precision", "standard error"))}

## Features and sources
{_features(bundle, "en")}

## Not to be used for
Deciding or proposing by itself a stop, a cut or a refusal; judging staff; looking up data beyond the family's
authorisation; households outside the cohort. A vulnerable household (severe disability, serious illness,
tekun, orphan, old person alone) enters no list by a score alone.

Signatures: 1. ____________________  2. ____________________
"""


def _months(found: Mapping[str, Any]) -> str:
    return f"{found['judged_months'][0]} – {found['judged_months'][-1]}"


def _judged(found: Mapping[str, Any], language: str) -> str:
    census = found["judged_by"] == "census"
    if language == "zh":
        return "模拟环境全面核查" if census else "已登记核查，按入选概率加权"
    return "a full audit of the practice world" if census else "recorded visits, weighted by probability"


def _table(found: Mapping[str, Any], column: int, header: tuple[str, ...]) -> str:
    lines = [
        f"| {row[column]} | {_number(found[row[0]]['value'])} | "
        f"{_number(found[row[0]]['low'])} – {_number(found[row[0]]['high'])} |"
        for row in _ROWS
    ]
    return _markdown(header, lines)


def _arms(found: Mapping[str, Any], header: tuple[str, ...]) -> str:
    lines = [
        f"| {arm} | {count['visits']} | {count['concluded']} | {count['confirmed']} |"
        for arm, count in found["labels_by_arm"].items()
    ]
    return _markdown(header, lines)


def _candidates(found: Mapping[str, Any], header: tuple[str, ...]) -> str:
    lines = [
        f"| {one['candidate']} | {_number(one['average_precision'])} | {_number(one['standard_error'])} |"
        for one in found["candidates"]
    ]
    return _markdown(header, lines)


def _features(bundle: Bundle, language: str) -> str:
    header = ("特征", "部门", "方向") if language == "zh" else ("feature", "department", "direction")
    signs = {1: "+", -1: "−", 0: ""}
    lines = [
        f"| {getattr(f, language)} `{f.name}` | {getattr(f, f'department_{language}')} | {signs[f.raises]} |"
        for f in bundle.features
    ]
    return _markdown(header, lines)


def _markdown(header: tuple[str, ...], lines: list[str]) -> str:
    return "\n".join([f"| {' | '.join(header)} |", "|" + "---|" * len(header), *lines])


def _number(value: float | None) -> str:
    return "—" if value is None or value != value else f"{value:.3f}"


def _near(found: Mapping[str, Any]) -> str:
    near = found["false_positives_near_line"]
    return _number(near["value"]) if near else "—"
