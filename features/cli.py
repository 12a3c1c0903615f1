"""What every command line of the product does alike: help, exit codes, the last line of JSON."""

import json
import sys
from datetime import date
from typing import Any

import typer
from rich.console import Console

from features.errors import UserError

#: Progress and tables go to standard error, so that standard output holds only results.
console = Console(stderr=True)


def run(app: typer.Typer) -> None:
    """Run the app; a `UserError` becomes one sentence and exit code 2 (0 done, 1 our failure, 2 yours)."""
    try:
        app()
    except UserError as mistake:
        console.print(f"[bold red]{mistake}[/]", soft_wrap=True, highlight=False)
        sys.exit(2)


def parse_date(text: str, option: str = "--as-of") -> date:
    """A date given as YYYY-MM-DD; `UserError` names the option otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{option} 需要 YYYY-MM-DD 形式的日期 / needs a date like 2025-12-31.") from None


def finish(result: dict[str, Any], as_json: bool) -> None:
    """Print the result as the last line of JSON where `--json` was given."""
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, default=str))
