"""`python -m training power`: how many random visits a change needs, and each street's part of them."""

from pathlib import Path
from typing import Annotated

import typer

from features.cli import console, finish, parse_date
from features.errors import UserError
from training.options import AsJson, require_questions
from training.power import Wish, precision_of, propose_mix


def power(
    profiles: Annotated[Path, typer.Option(help="Profiles, by python -m features profile.")],
    as_of: Annotated[str, typer.Option(help="Month end whose streets are planned, YYYY-MM-DD.")],
    question: Annotated[str, typer.Option(help="Whose list.")] = "hidden_income",
    bundles: Annotated[
        Path | None, typer.Option(help="Bundles whose evaluation.json tells the precision now.")
    ] = None,
    before: Annotated[float | None, typer.Option(help="The precision now, in place of --bundles.")] = None,
    change: Annotated[
        float, typer.Option(help="How much it would have to change, 0.10 is ten points.")
    ] = 0.10,
    months: Annotated[int, typer.Option(min=1, help="Within so many months.")] = 3,
    certainty: Annotated[float, typer.Option(help="Share of such changes that are seen.")] = 0.80,
    design_effect: Annotated[
        float, typer.Option(help="Variance over a simple draw's; 0.7 with estimates that lean on a model.")
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Tell how many random visits a month show a change, and propose each street's.

    Example: python -m training power --profiles OUT --as-of 2025-12-31 --before 0.35 --change 0.10
    """
    require_questions([question])
    if before is None and bundles is None:
        raise UserError(
            "请给出 --before 或 --bundles / give --before or --bundles: what the precision is now."
        )
    now = before if before is not None else precision_of(bundles or Path(), question)
    wish = Wish(question, now, change, months, certainty, design_effect)
    found = propose_mix(profiles, parse_date(as_of), wish)
    console.print(f"{found['zh']}\n{found['en']}")
    finish(found, as_json)
