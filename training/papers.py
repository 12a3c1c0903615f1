"""Writes what stands beside a bundle for people: card in two languages, register entry, impact assessment."""

from pathlib import Path
from typing import Any

from models.bundle import Bundle
from training.card import card
from training.register import impact_assessment, register_entry
from training.whole import write_whole


def write_papers(
    bundles: Path, bundle: Bundle, evaluation: dict[str, Any], review: dict[str, Any] | None = None
) -> list[Path]:
    """Write BUNDLES/cards/<question>.{zh,en,register,impact}.md; returns their paths."""
    zh, en = card(bundle, evaluation, review)
    texts = {
        "zh": zh,
        "en": en,
        "register": register_entry(bundle, evaluation, review),
        "impact": impact_assessment(bundle, evaluation, review),
    }
    paths = []
    for kind, text in texts.items():
        paths.append(bundles / "cards" / f"{bundle.question}.{kind}.md")
        write_whole(paths[-1], text)
    return paths
