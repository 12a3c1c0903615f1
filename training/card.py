"""The card a reviewer signs, in Chinese and English, generated from the run and, if there is one, the review.

What is not known is said to be missing; nothing is written by hand.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from features.catalogue import CATALOGUE
from models.bundle import Bundle
from models.questions import SPECS
from training.card_review import review_sections
from training.gates import GATES, gates
from training.markdown import interval, number, table
from training.review.words import HELD

Found = Mapping[str, Any]

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
_ARMS = {
    "random": ("随机", "drawn by lot"),
    "score": ("评分", "by score"),
    "rule": ("规则", "by rule"),
    "report": ("举报", "reported"),
    "routine": ("例行", "regular check"),
}


def card(bundle: Bundle, found: Found, review: Found | None = None) -> tuple[str, str]:
    """(zh, en) Markdown. review: part name -> result, as `training review` writes them."""
    return _card(bundle, found, review or {}, 0), _card(bundle, found, review or {}, 1)


def _card(bundle: Bundle, found: Found, review: Found, tongue: int) -> str:
    """One language: 0 Chinese, 1 English."""
    title = (f"# 模型说明：{bundle.zh}", f"# Model card: {bundle.en}")[tongue]
    warning = (
        "**分数只为走访排序，不作任何决定；不得据此停发、减发或拒绝。**",
        "**The score orders visits and decides nothing; no benefit may be stopped, cut or refused because of"
        " it.**",
    )[tongue]
    sections = [
        title,
        warning,
        _facts(bundle, found, tongue),
        _section("签字条件", "What must hold", _gates(found, review, tongue), tongue),
        _section(
            "检验结果（同等走访量，95% 区间按家庭重抽样）",
            "Result (equal visits; 95 % intervals resample households)",
            _results(found, tongue),
            tongue,
        ),
        _section("训练标签（按选取方式）", "Training labels by arm", _arms(found, tongue), tongue),
        _section(
            "候选比较（训练期内按时间滚动）",
            "Candidates (rolling origin within the training months)",
            _candidates(found, tongue),
            tongue,
        ),
        *(_section(zh, en, text, tongue) for zh, en, text in review_sections(review, tongue)),
        _section("漂移参照", "Drift reference", _reference(bundle, tongue), tongue),
        _section("特征、来源与数据面", "Features, sources and planes", _features(bundle, tongue), tongue),
        _section("不得用于", "Not to be used for", NOT_FOR[tongue], tongue),
        ("签字：1. ____________________  2. ____________________",
         "Signatures: 1. ____________________  2. ____________________")[tongue],
    ]  # fmt: skip
    return "\n\n".join(sections) + "\n"


NOT_FOR = (
    "作出或自动建议停发、减发、拒绝；评价工作人员；授权之外的数据查询；本说明所列人群以外的家庭。\n"
    "脆弱家庭（重残、重病、特困、孤儿、独居老人）不得仅凭分数进入名单。",
    "Deciding or proposing by itself a stop, a cut or a refusal; judging staff; looking up data beyond the\n"
    "family's authorisation; households outside the cohort. A vulnerable household (severe disability,\n"
    "serious illness, tekun, orphan, old person alone) enters no list by a score alone.",
)


def _section(zh: str, en: str, text: str, tongue: int) -> str:
    return f"## {(zh, en)[tongue]}\n\n{text}"


def _facts(bundle: Bundle, found: Found, tongue: int) -> str:
    spec = SPECS[bundle.question](CATALOGUE)
    census = found["judged_by"] == "census"
    judged = f"{found['judged_months'][0]} – {found['judged_months'][-1]}"
    learnt = " – ".join(found.get("learnt_months", ["?", str(bundle.trained_as_of)]))
    by = (
        ("模拟环境全面核查", "a full audit of the practice world")
        if census
        else ("已登记核查，按入选概率加权", "recorded visits, weighted by probability")
    )[tongue]
    sunset = bundle.trained_as_of + timedelta(days=SUNSET_DAYS)
    rows = (
        ("问题", "question", f"{bundle.zh} {bundle.question}", f"{bundle.en} ({bundle.question})"),
        ("人群", "cohort", spec.cohort_zh, spec.cohort_en),
        ("版本", "version", f"{bundle.version} ({found['champion']})",
         f"{bundle.version} ({found['champion']})"),
        ("训练数据窗口", "data window", learnt, learnt),
        ("训练截止", "trained as of", f"{bundle.trained_as_of}，仅使用当日已收到的记录",
         f"{bundle.trained_as_of}, with only what had been received by then"),
        ("检验月份", "judged on", f"{judged}，模型从未见过；依据：{by}",
         f"{judged}, months it never saw; by {by}"),
        ("特征", "features", f"{len(bundle.features)} 个", f"{len(bundle.features)}"),
        ("数据版本", "data version", bundle.data_version, bundle.data_version),
        ("失效日期", "sunset", f"{sunset}，届时须重新检验", f"{sunset}; to be judged again by then"),
    )  # fmt: skip
    return table(("", ""), ((row[tongue], row[2 + tongue]) for row in rows))


def _gates(found: Found, review: Found, tongue: int) -> str:
    held = gates(found, review)
    lines = [
        (
            (gate.zh, gate.en)[tongue],
            HELD[held[gate.code]][tongue],
            (gate.remedy_zh, gate.remedy_en)[tongue] if held[gate.code] is not True else "",
        )
        for gate in GATES
    ]
    return table((("条件", "结论", "补救"), ("gate", "verdict", "remedy"))[tongue], lines)


def _results(found: Found, tongue: int) -> str:
    lines = [(row[1 + tongue], interval(found[row[0]])) for row in _ROWS]
    near = found["false_positives_near_line"]
    said = found["calibration_error"]
    lines += [
        (
            ("发生率真值（仅模拟环境可知）", "true prevalence (known only in a practice world)")[tongue],
            number(found["prevalence"].get("truth")),
        ),
        (
            ("校准误差：随机抽查", "calibration error on the random arm")[tongue],
            f"{number(found['ece'])} (n={said['n']})",
        ),
        (("校准误差：检验月份", "calibration error on the judged months")[tongue], number(said["judged"])),
        (
            ("收入接近标准的家庭误报率 / 平均", "false positives near the line over the mean")[tongue],
            number(near["value"]) if near else "—",
        ),
    ]
    return table((("指标", "数值（95% 区间）"), ("figure", "value (95 % interval)"))[tongue], lines)


def _arms(found: Found, tongue: int) -> str:
    header = (
        ("方式", "名称", "走访", "有结论", "确认"),
        ("arm", "name", "visits", "concluded", "confirmed"),
    )[tongue]
    lines = (
        (arm, _ARMS.get(arm, (arm, arm))[tongue], count["visits"], count["concluded"], count["confirmed"])
        for arm, count in found["labels_by_arm"].items()
    )
    return table(header, lines)


def _candidates(found: Found, tongue: int) -> str:
    header = (("候选", "平均精度", "标准误"), ("candidate", "average precision", "standard error"))[tongue]
    return table(
        header,
        (
            (one["candidate"], number(one["average_precision"]), number(one["standard_error"]))
            for one in found["candidates"]
        ),
    )


def _reference(bundle: Bundle, tongue: int) -> str:
    """What monitoring compares later months with: the month, its households, the score's tenths."""
    reference = bundle.reference
    if not reference:
        return ("模型包没有参照。", "The bundle holds no reference.")[tongue]
    tenths = ", ".join(f"{value:.2f}" for value in reference["raw"]["quantiles"])
    missing = [entry["missing"] for entry in reference["features"].values()]
    return (
        f"{reference['as_of']}，{reference['n']} 户；分数十分位（对数几率）：{tenths}；"
        f"特征平均缺失 {sum(missing) / max(len(missing), 1):.1%}。",
        f"{reference['as_of']}, {reference['n']} households; tenths of the score (log-odds): {tenths}; "
        f"features missing on average {sum(missing) / max(len(missing), 1):.1%}.",
    )[tongue]


def _features(bundle: Bundle, tongue: int) -> str:
    header = (
        ("特征", "部门", "来源表", "数据面", "方向"),
        ("feature", "department", "tables", "plane", "direction"),
    )[tongue]
    signs = {1: "+", -1: "−", 0: ""}
    lines = [
        (
            f"{(f.zh, f.en)[tongue]} `{f.name}`",
            (f.department_zh, f.department_en)[tongue],
            ", ".join(f.sources),
            CATALOGUE[f.name].plane.value if f.name in CATALOGUE else "—",
            signs[f.raises],
        )
        for f in bundle.features
    ]
    return table(header, lines)
