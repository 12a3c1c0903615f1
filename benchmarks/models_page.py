"""docs/models.md from models.json: what a reviewer reads of the bench, each figure with its bar."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.models_bars import FURTHER, TABLE, Bar, Line
from models import unapplied_eligible

HEAD = """# 模型检验 · The models judged

本页由 `make bench-models` 写出，不手改。“标尺”是用真实标签训练、没见过该户的学习器，
看到的字段与模型相同：是上界的估计，不是神谕。
Written by `make bench-models`, never by hand. The *mark* is a learner of true labels that never saw the
household and reads the same fields: an upper mark, no oracle. Figures are medians over the cities judged.
"""

#: Whether a figure keeps its bar.
VERDICT = {True: "✓", False: "✗", None: "证据不足 insufficient evidence"}


def page(result: Mapping[str, Any]) -> str:
    """Markdown from what `benchmarks/bench_models.py` found."""
    machine = result["machine"]
    parts = [
        HEAD,
        f"{_sizes(result)}; {machine['cores']} cores, Python {machine['python']}.\n",
        _table(TABLE, result),
        _table(FURTHER, result),
        *(_cities(question, cities) for question, cities in result["cities"].items()),
    ]
    return "\n".join(parts)


def _sizes(result: Mapping[str, Any]) -> str:
    """Households of the cities that were judged."""
    sizes = dict.fromkeys(result["cities"], result["households"])
    sizes |= {one: result["discovery_households"] for one in sizes if one == unapplied_eligible.QUESTION}
    return ", ".join(f"{question}: {size:,} households" for question, size in sizes.items())


def _table(lines: Sequence[Line], result: Mapping[str, Any]) -> str:
    """Every figure with its bar, and whether it keeps it; a question without that bar is left blank."""
    questions = list(result["cities"])
    rows = ["| | " + " | ".join(questions) + " |", "|---|" + "---|" * len(questions)]
    for line in lines:
        told = [_against(line.bars.get(one), result[one].get(line.key)) for one in questions]
        if any(told):
            rows.append(f"| {line.zh}<br>{line.en} | " + " | ".join(told) + " |")
    return "\n".join(rows) + "\n"


def _against(bar: Bar | None, figure: float | None) -> str:
    if bar is None:
        return ""
    return f"{'–' if figure is None else figure} ({bar}) {VERDICT[bar.holds(figure)]}"


def _cities(question: str, cities: list[Mapping[str, Any]]) -> str:
    lines = [
        f"## {question}",
        "",
        "| seed | 有结论的走访 conclusions | 当选 champion | AP | 标尺 mark | 规则 rules | AUC | 秒 s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in cities:
        precision, found = one["average_precision"], one["evaluation"]
        lines.append(
            f"| {one['seed']} | {one['labels']:,} | {found['champion']} | {_of(precision['champion'])} | "
            f"{_of(precision['mark'])} | {_of(precision['rules'])} | {_of(one['auc']['champion'])} | "
            f"{one['training_seconds']} |"
        )
    curve = [
        f"| {one['seed']} | {row['conclusions']:,} | {row['champion']} | {_of(row['share_of_oracle'])} | "
        f"{_of(row['over_logistic']) if 'over_logistic' in row else '–'} |"
        for one in cities
        for row in one.get("by_labels", ())
    ]
    if curve:
        lines += [
            "",
            "| seed | 标签 labels | 当选 champion | 标尺的份额 share | 比逻辑回归 over logistic |",
        ]
        lines += ["|---|---|---|---|---|", *curve]
    for one in cities:
        lines += ["", *_checks(one["checks"])]
        if "over_mark_in_law" in one:
            lines += _in_law(one)
        if "peers" in one:
            lines += ["", *_peers(one["peers"])]
    return "\n".join(lines) + "\n"


def _checks(told: Mapping[str, Any]) -> list[str]:
    wrong = told["naive"]
    level, over = told["recalibrated"], told["precision_at_5_percent_over_mark"]
    lines = [
        f"- 只看被走访的家庭，前 5% 命中率读作 {wrong['on_selected_labels']}，实为 {wrong['true']}。",
        f"  Judged on the visited alone, precision at 5 % reads {wrong['on_selected_labels']},"
        f" not {wrong['true']}.",
        f"- 1,200 次随机结果重新校准后，平均分 / 真值 {level['mean']}，最差 {level['worst']}。",
        "  Mean score over the truth after recalibration, and the worst of 20.",
        f"- 前 5% 命中率为标尺的 {over}。 Precision at 5 % over the mark's.",
    ]
    for row in told.get("since_check", ()):
        low, high = row["months"]
        lines.append(
            f"- {low}–{high} months since the last check: mean score over the truth {row['said_over_true']}"
        )
    for group, row in told["recall"].items():
        lines.append(f"- {group}: recall at 5 % {row['recall']}, over the mark's {row['over_mark']}")
    return lines


def _in_law(one: Mapping[str, Any]) -> list[str]:
    own, bound = one["over_mark_in_law"], one["average_precision"]["mark_in_law"]
    return [
        f"- 守法律方向、未知从宽的标尺 AP {_of(bound)}；我们为其 {_of(own)}，其余是方向的代价。",
        f"  A mark that keeps the law's directions reaches AP {_of(bound)}; ours is {_of(own)} of it,"
        " the rest is what the directions cost.",
    ]


def _peers(told: Mapping[str, Any]) -> list[str]:
    lines = ["| 学习器 learner | AP | 我们领先 ours ahead by | 秒 s |", "|---|---|---|---|"]
    lines.append(f"| ours | {_of(told['ours']['average_precision'])} | | |")
    for name, row in told.items():
        if name != "ours":
            seconds = round(row["seconds"], 1)
            lines.append(
                f"| {name} | {row['average_precision']:.4f} | {_of(row['ours_ahead'])} | {seconds} |"
            )
    return lines


def _of(told: Mapping[str, Any]) -> str:
    return f"{told['value']:.3f} ({told['low']:.3f}–{told['high']:.3f})"
