"""The sections of a card that a review fills; where a part is missing, the card names the command."""

from collections.abc import Callable, Mapping
from typing import Any

from models.groups import told
from training.markdown import interval, number, table
from training.review.words import VERDICTS, WHO

Found = Mapping[str, Any]
Section = Callable[[Any, int], str]


def review_sections(review: Found, tongue: int) -> list[tuple[str, str, str]]:
    """(zh, en, text) of each section, in order."""
    return [
        (zh, en, write(review[part], tongue) if part in review else _missing(tongue))
        for part, zh, en, write in SECTIONS
    ]


def _missing(tongue: int) -> str:
    return (
        "尚未评审：请运行 `python -m training review`。",
        "Not reviewed yet: run `python -m training review`.",
    )[tongue]


def _beside(found: Any, tongue: int) -> str:
    header = (
        ("排序者", "走访", "查实比例", "找到的占比"),
        ("who orders", "visits", "confirmed", "share found"),
    )[tongue]
    lines = [
        (
            WHO[name][tongue],
            round(line["visits"]),
            interval(line["precision"]) if line["enough"] else VERDICTS["insufficient"][tongue],
            interval(line["found_share"]) if line["enough"] else "—",
        )
        for name, line in found["at_staff_visits"].items()
    ]
    naive = found["naive"]["precision_at_5"]
    wrong = (
        f"只看被选中者，前 5% 的查实比例为 {number(naive['naive'])}，实为 {number(naive['true'])}。",
        f"On selected labels alone the precision of the top 5 % reads {number(naive['naive'])};"
        f" it is {number(naive['true'])}.",
    )[tongue]
    return f"{table(header, lines)}\n\n{wrong}"


def _slices(found: Any, tongue: int) -> str:
    header = (
        ("分组", "户数", "发生率", "平均所说 / 查实", "AUC", "能力内查实"),
        ("slice", "households", "base rate", "mean said over found", "AUC", "confirmed at capacity"),
    )[tongue]
    short = VERDICTS["insufficient"][tongue]
    lines = [
        (
            (x["zh"], x["en"])[tongue],
            x["households"],
            *(
                (
                    number(x["base_rate"]),
                    interval(x["said_over_found"], 2),
                    number(x["auc"]),
                    interval(x["precision_at_capacity"]),
                )
                if x["enough"]
                else (short, "—", "—", "—")
            ),
        )
        for x in found["lines"]
    ]
    return table(header, lines)


def _curves(found: Any, tongue: int) -> str:
    lines = []
    for key, zh, en in (("judged", "检验月份", "judged months"), ("random_arm", "随机抽查", "random arm")):
        one = found[key]
        cells = (
            (
                number(one["error"]),
                number(one["slope"], 2),
                number(one["mean_said"]),
                number(one["mean_found"]),
            )
            if one["enough"]
            else (VERDICTS["insufficient"][tongue], "—", "—", "—")
        )
        lines.append(((zh, en)[tongue], one["n"], *cells))
    header = (
        ("依据", "n", "误差", "斜率", "平均所说", "查实"),
        ("by", "n", "error", "slope", "mean said", "found"),
    )[tongue]
    lift = table(
        (("走访占比", "查实", "找到的占比"), ("visited", "confirmed", "share found"))[tongue],
        (
            (f"{x['share']:.0%}", number(x["model"]["precision"]), number(x["model"]["found_share"]))
            for x in found["lift"]
        ),
    )
    return f"{table(header, lines)}\n\n{lift}"


def _fairness(found: Any, tongue: int) -> str:
    header = (
        ("群体", "指标", "名单", "模型", "规则", "工作人员", "名单结论"),
        ("group", "measure", "list", "model", "rules", "staff", "verdict on the list"),
    )[tongue]
    tables = {
        who: {(x["group"], x["measure"]): x for x in found["tables"][who]}
        for who in ("list", "model", "rules", "people")
    }
    lines = [
        (
            (x["zh"], x["en"])[tongue],
            (x["measure_zh"], x["measure_en"])[tongue],
            *(interval(rows[key]["ratio"], 2) for rows in tables.values()),
            VERDICTS[x["verdict"]][tongue],
        )
        for key, x in tables["list"].items()
        if x["gated"] and "×" not in x["group"]
    ]
    absent = "、".join(told(code)[0] for code in found["not_recorded"])
    absent_en = ", ".join(told(code)[1] for code in found["not_recorded"])
    note = (
        f"与其他所有家庭之比，界限 {found['bar']}；群体只用于审计，从不作为特征。未记录：{absent}。",
        f"Ratios over all others; the bar is {found['bar']}. Groups are for audit, never features. Not"
        f" recorded: {absent_en}.",
    )[tongue]
    return f"{note}\n\n{table(header, lines)}"


def _twins(found: Any, tongue: int) -> str:
    header = (
        ("改变", "户数", "平均概率变化", "结论"),
        ("change", "households", "mean probability", "verdict"),
    )
    lines = [
        (
            (x["zh"], x["en"])[tongue],
            x["households"],
            f"{x['change']:+.1%}" if "change" in x else "—",
            VERDICTS[x["verdict"]][tongue] if found["punitive"] or x["verdict"] == "insufficient" else "—",
        )
        for x in found["lines"]
    ]
    return table(header[tongue], lines)


def _monotone(found: Any, tongue: int) -> str:
    if not found["applies"]:
        return ("援助模型不受方向约束。", "An assistive model is bound to no direction.")[tongue]
    return (
        f"{found['probes']:,} 次探测，{found['violations']} 次违例。",
        f"{found['probes']:,} probes, {found['violations']} violations.",
    )[tongue]


def _stability(found: Any, tongue: int) -> str:
    header = (("再训练", "前三理由", "名单"), ("refits", "top three reasons", "lists"))[tongue]
    names = {
        "other_seed": ("只换种子", "another seed"),
        "drawn_again": ("家庭重抽样", "households drawn again"),
    }
    lines = [
        (words[tongue], interval(found[key]["reasons"], 2), interval(found[key]["lists"], 2))
        for key, words in names.items()
    ]
    note = ("Jaccard，括号内为最小与最大。", "Jaccard; in brackets the least and most.")[tongue]
    return f"{table(header, lines)}\n\n{note}"


def _worth(found: Any, tongue: int) -> str:
    header = (
        ("部门", "每百次走访少查实", "中断时平均精度变化", "分数上升户次"),
        ("department", "fewer confirmed in 100 visits", "average precision under silence", "scores raised"),
    )[tongue]
    lines = [
        (
            (x["zh"], x["en"])[tongue],
            interval(x["lost_per_100"], 1),
            f"{x['silence']['against_whole']:+.3f}",
            x["silence"]["raised"],
        )
        for x in found["departments"]
    ]
    return table(header, lines)


def _figures(found: Any, tongue: int) -> str:
    lines = []
    if "identification" in found:
        one = found["identification"]["lines"]["model"]
        lines += [
            (("能力范围内找到的占比", "found within capacity")[tongue], interval(one["found_share"])),
            (("走访中查实", "confirmed among visited")[tongue], interval(one["confirmed"])),
            (("与随机抽查一致", "agreement on the random arm")[tongue], _told(one["agreement"], tongue)),
        ]
    if "paid_rightly" in found:
        paid = found["paid_rightly"]
        words = ("受助家庭月份发放正确的占比", "household-months paid rightly")[tongue]
        lines.append((words, _told(paid["strict"] | {"enough": True} if paid["enough"] else paid, tongue)))
    if "property_check" in found:
        words = ("画像财产与随机走访一致", "profile's property agrees with random visits")[tongue]
        lines.append((words, _told(found["property_check"], tongue)))
    return table((("指标", "数值"), ("figure", "value"))[tongue], lines) if lines else "—"


def _told(found: Any, tongue: int) -> str:
    if found["enough"]:
        return interval(found)
    return f"{VERDICTS['insufficient'][tongue]} (n={found['n']} / {found['needed']})"


SECTIONS: tuple[tuple[str, str, str, Section], ...] = (
    ("equal_visits", "与工作人员自选同等走访量", "At as many visits as staff chose", _beside),
    ("user_figures", "计划书三项指标的对应", "The plan's three figures", _figures),
    ("curves", "校准与提升", "Calibration and lift", _curves),
    ("slices", "分组指标", "Slices", _slices),
    ("burdens", "公平性：名单、模型、规则、工作人员", "Fairness of list, model, rules and staff", _fairness),
    ("archetypes", "孪生家庭", "Twins", _twins),
    ("monotone", "单调性", "Monotony", _monotone),
    ("stability", "理由与名单的稳定性", "Stability of reasons and lists", _stability),
    ("worth", "各部门数据的价值与中断", "Worth and silence of each department", _worth),
)
