"""Options and questions that the commands of training share."""

from pathlib import Path
from typing import Annotated

import typer

from features.errors import UserError
from models.questions import SPECS

Bundles = Annotated[Path, typer.Option(help="Folder of bundles, one a question, with evaluation.json.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object, last line.")]


def require_questions(given: list[str] | None) -> tuple[str, ...]:
    """The questions asked for, or all; `UserError` names one that is not there."""
    unknown = [one for one in given or [] if one not in SPECS]
    if unknown:
        raise UserError(f"没有问题 {unknown[0]} / no question {unknown[0]}; there are {', '.join(SPECS)}.")
    return tuple(given or SPECS)
