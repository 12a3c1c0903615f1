"""What a replay found as plain values: counts and money by street, and rules that say something else."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import ibis

from features.replay.changes import NEAR, Change
from features.rules.core import Rule
from features.rules.money import MILLION

#: What is said of households that leave, and of those that stand at the exit.
EXITS = ("exits", "near_exit")


def report(
    rows: ibis.Table, before: ibis.Table, after: ibis.Table, rules: Iterable[Rule], money: bool = True
) -> dict[str, Any]:
    """Everything the screen, the JSON and the page say.

    rows: `features.replay.changes.changes` of the two sides' answers (see `Replay.judge`). Money is Decimal
    yuan a month, exact. `all`, each of `streets` and of `categories` held: households by change; what is
    due for certain and at most, before and after; what households gain and lose for certain; and of those
    that leave dibao and those at its exit the benefit paid and the linked benefits they would lose.
    `findings`: how many rules raise and no longer make. money: false where incomes are not known at all, of
    families that authorised nobody to look: `month` is then None, its upper figure would mean nothing.
    """
    listed = list(rules)
    turned = _turned(before, after, listed)
    streets = _read(_sums(rows, "street_code").order_by("street_code"))
    return {
        "near_exit_share": Decimal(NEAR) / MILLION,
        "all": _told(_read(_sums(rows))[0], money) | {"findings": _sum_of(turned.values())},
        "streets": [_told(row, money) | {"findings": turned[row["street_code"]]} for row in streets],
        "categories": [_told(row, money) for row in _read(_sums(rows, "category").order_by("category"))],
        "moves": _moves(rows),
        "rules": _rules(before, after, listed),
    }


def _sums(rows: ibis.Table, *keys: str) -> ibis.Table:
    gained = rows.entitled_low_fen - rows.entitled_low_fen_before
    sums = {
        "households": rows.count(),
        "different": rows.different.sum(),
        **{change.value: (rows.change == change.value).sum() for change in Change},
        "certain_before_fen": rows.entitled_low_fen_before.sum(),
        "certain_after_fen": rows.entitled_low_fen.sum(),
        "at_most_before_fen": rows.entitled_high_fen_before.sum(),
        "at_most_after_fen": rows.entitled_high_fen.sum(),
        "gained_fen": gained.sum(where=gained > 0),
        "lost_fen": (-gained).sum(where=gained < 0),
    }
    for name in EXITS:
        here = rows[name]
        sums |= {
            f"{name}_households": here.sum(),
            f"{name}_benefit_fen": rows.benefit_fen.sum(where=here),
            f"{name}_linked_fen": rows.linked_lost_fen.sum(where=here),
            f"{name}_linked_most_fen": rows.linked_lost_fen.max(where=here),
        }
    return rows.group_by(list(keys)).aggregate(**sums) if keys else rows.aggregate(**sums)


def _told(row: dict[str, Any], with_money: bool) -> dict[str, Any]:
    """Sums of one place as they are shown: counts as they are, fen as yuan, the exit by itself."""
    told: dict[str, Any] = {name: row[name] for name in ("street_code", "category") if name in row}
    told |= {"households": row["households"], "different": int(row["different"] or 0)}
    told["changes"] = {change.value: int(row[change.value] or 0) for change in Change}
    names = ("certain_before", "certain_after", "at_most_before", "at_most_after", "gained", "lost")
    money = {f"{name}_yuan": _yuan(row[f"{name}_fen"]) for name in names}
    money["certain_change_yuan"] = money["certain_after_yuan"] - money["certain_before_yuan"]
    money["at_most_change_yuan"] = money["at_most_after_yuan"] - money["at_most_before_yuan"]
    told["month"] = money if with_money else None
    for name in EXITS:
        told[name] = {
            "households": int(row[f"{name}_households"] or 0),
            "benefit_yuan": _yuan(row[f"{name}_benefit_fen"]),
            "linked_yuan": _yuan(row[f"{name}_linked_fen"]),
            "linked_most_yuan": _yuan(row[f"{name}_linked_most_fen"]),
        }
    return told


def _moves(rows: ibis.Table) -> list[dict[str, Any]]:
    """Households by answer before and after."""
    moves = rows.group_by(before=rows.eligibility_before, after=rows.eligibility)
    return _read(moves.aggregate(households=rows.count()).order_by("before", "after"))


def _side_by_side(before: ibis.Table, after: ibis.Table, rules: list[Rule]) -> ibis.Table:
    old = before.select("household_id", **{f"{rule.code}_before": before[rule.code] for rule in rules})
    return after.inner_join(old, "household_id")


def _verdicts(both: ibis.Table, rule: Rule) -> tuple[Any, Any]:
    """Whether a rule is met before and after."""
    return both[f"{rule.code}_before"] == "true", both[rule.code] == "true"


def _turned(before: ibis.Table, after: ibis.Table, rules: list[Rule]) -> dict[str | None, dict[str, int]]:
    """Street -> how many findings its households would have anew, and how many no longer."""
    both = _side_by_side(before, after, rules)
    raised, gone = ibis.literal(0, "int64"), ibis.literal(0, "int64")
    for rule in rules:
        was, now = _verdicts(both, rule)
        raised, gone = raised + (now & ~was).cast("int64"), gone + (was & ~now).cast("int64")
    sums = both.mutate(raised=raised, gone=gone).group_by("street_code")
    rows = _read(sums.aggregate(raised=lambda t: t.raised.sum(), gone=lambda t: t.gone.sum()))
    return {row["street_code"]: {name: int(row[name] or 0) for name in ("raised", "gone")} for row in rows}


def _sum_of(turned: Iterable[dict[str, int]]) -> dict[str, int]:
    listed = list(turned)
    return {name: sum(each[name] for each in listed) for name in ("raised", "gone")}


def _rules(before: ibis.Table, after: ibis.Table, rules: list[Rule]) -> list[dict[str, Any]]:
    """Rules whose findings differ: households of which each is met before and after, and how many turn."""
    both = _side_by_side(before, after, rules)
    counts: dict[str, Any] = {}
    for rule in rules:
        was, now = _verdicts(both, rule)
        counts |= {
            f"{rule.code}__before": was.sum(),
            f"{rule.code}__after": now.sum(),
            f"{rule.code}__raised": (now & ~was).sum(),
            f"{rule.code}__gone": (was & ~now).sum(),
        }
    row = _read(both.aggregate(**counts))[0]
    told = []
    for rule in rules:
        own = {part: int(row[f"{rule.code}__{part}"] or 0) for part in ("before", "after", "raised", "gone")}
        if own["raised"] or own["gone"]:
            told.append(
                {"rule": rule.code, "zh": _without_amount(rule.zh), "en": _without_amount(rule.en)} | own
            )
    return told


def _without_amount(sentence: str) -> str:
    return sentence.replace("{yuan}", "…")


def _yuan(fen: Any) -> Decimal:
    """Exact: sums of whole fen."""
    return Decimal(int(fen or 0)).scaleb(-2)


def _read(table: ibis.Table) -> list[dict[str, Any]]:
    return table.to_pyarrow().to_pylist()
