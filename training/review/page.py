"""The page a reviewer reads and signs: one HTML file, no scripts, nothing from elsewhere, printable."""

import importlib
import importlib.util
from datetime import timedelta
from pathlib import Path
from typing import Any

import jinja2

from features.sources import DEPARTMENTS
from models.bundle import load_bundle
from models.groups import told
from training.card import SUNSET_DAYS
from training.gates import GATES, gates
from training.review.case import read_evaluation
from training.review.parts import PARTS
from training.review.run import read_review, review_folder
from training.review.words import HELD, VERDICTS, WHO
from training.whole import write_whole

TEMPLATE = Path(__file__).with_name("page.html.j2")

#: How a gate's verdict looks.
CLASSES = {True: "yes", False: "no", None: "open"}
#: Selections audited, in the order shown.
AUDITED = {
    "list": WHO["list"],
    "model": WHO["model"],
    "rules": WHO["rules"],
    "people": ("工作人员自选（同等走访量）", "what staff selected"),
    "model_at_staff_visits": ("模型，走访量与工作人员相同", "model at staff's number of visits"),
    "rules_at_staff_visits": ("规则，走访量与工作人员相同", "rules at staff's number of visits"),
}


def write_page(bundles: Path, questions: tuple[str, ...], *, figures: bool = True) -> Path:
    """Write BUNDLES/review/index.html of these questions; returns its path.

    figures: draw them where matplotlib is installed (extra `explain`); without, the tables say the same.
    """
    draw = _drawer() if figures else None
    shown = []
    for question in questions:
        one = question_page(bundles, question)
        one["figures"] = draw(one["review"]) if draw else {}
        for name, svg in one["figures"].items():
            write_whole(review_folder(bundles, question) / "figures" / f"{name}.svg", svg)
        shown.append(one)
    path = bundles / "review" / "index.html"
    write_whole(path, page(shown))
    return path


def _drawer() -> Any:
    """The function that draws, or None where matplotlib is not installed."""
    if importlib.util.find_spec("matplotlib") is None:
        return None
    # matplotlib takes a second to import; only a page with figures needs it.
    return importlib.import_module("training.review.figures").figures


def question_page(bundles: Path, question: str) -> dict[str, Any]:
    """What the page tells of one question."""
    bundle, evaluation = load_bundle(bundles / question), read_evaluation(bundles, question)
    review = read_review(bundles, question, bundle.version)
    return {
        "bundle": bundle,
        "evaluation": evaluation,
        "review": review,
        "gates": gates(evaluation, review),
        "missing": [part for part in PARTS if part.name not in review],
        "sunset": bundle.trained_as_of + timedelta(days=SUNSET_DAYS),
        "figures": {},
    }


def page(shown: list[dict[str, Any]]) -> str:
    """The HTML; every value is escaped but the figures, which are ours."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"percent": percent, "number": number, "between": between, "ratio": ratio}
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        shown=shown,
        declared=GATES,
        held=HELD,
        classes=CLASSES,
        verdicts=VERDICTS,
        audited=AUDITED,
        words=WHO,
        told=told,
        departments=DEPARTMENTS,
    )


def percent(value: float | None, digits: int = 1) -> str:
    """`12.3 %`, or a dash where nothing is known."""
    return "–" if value is None or value != value else f"{100 * value:.{digits}f} %"


def number(value: float | None, digits: int = 3) -> str:
    """`0.123`, or a dash."""
    return "–" if value is None or value != value else f"{value:.{digits}f}"


def between(found: dict[str, Any] | None, digits: int = 1) -> str:
    """A share with its interval: `28.6 % (11.3 – 45.6)`."""
    if not found or found.get("value") is None:
        return "–"
    if found.get("low") is None:
        return percent(found["value"], digits)
    low, high = (f"{100 * found[end]:.{digits}f}" for end in ("low", "high"))
    return f"{percent(found['value'], digits)} ({low} – {high})"


def ratio(found: dict[str, Any] | None, digits: int = 2) -> str:
    """A number with its interval: `1.29 (0.98 – 1.71)`."""
    if not found or found.get("value") is None:
        return "–"
    if found.get("low") is None:
        return number(found["value"], digits)
    return f"{found['value']:.{digits}f} ({found['low']:.{digits}f} – {found['high']:.{digits}f})"
