"""The random share a city's visits need, in a sentence for whoever decides it and in figures."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from features.catalogue import CATALOGUE
from features.errors import UserError
from models.power import Mix, Sample, propose
from models.questions import SPECS
from models.selection import contact_capacity, visit_capacity
from training.profiles import ProfileStore

WORDS = {
    "wish": ("由所求的把握决定", "the change you want to see decides"),
    "share": ("由容量的一成决定", "the tenth of all visits decides"),
    "city": ("由全市每月 60 次决定", "the city's 60 a month decide"),
    "street": ("由每街道每季 4 次决定", "the four a street and quarter decide"),
    "ceiling": ("受容量所限，随机抽查至多占一半", "the visits do not suffice: at most half are drawn by lot"),
}


@dataclass(frozen=True)
class Wish:
    """A change of a question's precision, to be seen within so many months."""

    question: str
    before: float
    change: float
    months: int
    power: float
    design_effect: float


def propose_mix(profiles: Path, as_of: date, wish: Wish) -> dict[str, Any]:
    """The proposal for the streets of these profiles: words in `zh` and `en`, and its figures."""
    capacity = street_capacity(profiles, as_of, wish.question)
    sample = Sample(wish.before, wish.change, power=wish.power, design_effect=wish.design_effect)
    mix = propose(sample, capacity, months=wish.months)
    zh, en = sentences(wish, mix)
    return {
        "question": wish.question,
        "as_of": as_of.isoformat(),
        "before": wish.before,
        "change": wish.change,
        "months": wish.months,
        "visits_a_month": sum(capacity.values()),
        **asdict(mix),
        "zh": zh,
        "en": en,
    }


def street_capacity(profiles: Path, as_of: date, question: str) -> dict[str, int]:
    """Visits a month that each street makes for a question's list, as the lists count them."""
    spec, store = SPECS[question](CATALOGUE), ProfileStore(profiles)
    store.month_ends(spec.universe, as_of)
    counts = store.read(spec, as_of, features=[]).groupby("street_code").size().to_dict()
    households = {str(street): int(number) for street, number in counts.items()}
    if spec.universe == "register":
        return {street: n for street, n in contact_capacity(households).items() if n}
    return visit_capacity(households, question)


def sentences(wish: Wish, mix: Mix) -> tuple[str, str]:
    """What was asked, what it takes, and what the proposal gives; Chinese, English."""
    zh_why, en_why = WORDS[mix.binding]
    points, seen, half = 100 * wish.change, 100 * mix.detectable, 100 * mix.half_width
    never = mix.detectable >= 1
    zh = (
        f"要在 {wish.months} 个月内看出准确率从 {wish.before:.0%} 变化 {points:.0f} 个百分点"
        f"（把握 {wish.power:.0%}），每月需随机走访 {mix.needed_a_month} 户。建议每月"
        f" {mix.random_a_month:.0f} 户，占走访的 {mix.share:.0%}（{zh_why}）："
        + ("看不出任何变化" if never else f"可看出 {seen:.1f} 个百分点的变化")
        + f"，估计的误差为 ±{half:.1f} 个百分点。"
    )
    en = (
        f"To see a {points:.0f}-point change of a precision of {wish.before:.0%} within {wish.months} months"
        f" (power {wish.power:.0%}) you need {mix.needed_a_month} random visits a month. Proposed:"
        f" {mix.random_a_month:.0f} a month, {mix.share:.0%} of the visits ({en_why}): they show "
        + ("no change at all" if never else f"a change of {seen:.1f} points")
        + f", and an estimate is good to ±{half:.1f} points."
    )
    return zh, en


def precision_of(bundles: Path, question: str) -> float:
    """The precision at capacity that `evaluation.json` tells of a question."""
    path = bundles / "evaluation.json"
    if not path.is_file():
        raise UserError(f"没有 {path} / there is no {path}; run python -m training run, or give --before.")
    found = json.loads(path.read_text(encoding="utf-8")).get(question, {}).get("precision_at_capacity")
    if not found or found["value"] is None:
        raise UserError(f"{path} 没有 {question} 的准确率 / tells no precision of {question}; give --before.")
    return float(found["value"])
