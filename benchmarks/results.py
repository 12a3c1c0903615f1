"""How a benchmark ends: its figures written whole, the machine beside them, or a sentence of what failed."""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typer

from benchmarks.stages import StageError, console
from features.errors import UserError

#: How a gate is told: it holds, it does not, or there is not enough to tell.
GATE = {True: "[green]holds[/]", False: "[bold red]FAILS[/]", None: "insufficient evidence:"}


def machine(*packages: str) -> dict[str, Any]:
    """What a figure was measured on: cores, Python, and the versions of these packages."""
    told = {"cores": os.cpu_count(), "python": platform.python_version()}
    return told | {package: version(package) for package in packages}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    part.replace(path)


def tell_gates(gates: Mapping[str, bool | None], figures: Mapping[str, Any] | None = None) -> None:
    """Tell which gates hold, each with its figure where there is one; exit code 1 where one does not."""
    for gate, holds in gates.items():
        console.print(f"{GATE[holds]} {gate}" + (f": {figures[gate]}" if figures else ""))
    if False in gates.values():
        raise typer.Exit(1)


def run_main(main: Callable[..., None] | typer.Typer) -> None:
    """Run a benchmark's command line; a stage that failed keeps its exit code, the user's mistake has 2."""
    try:
        main() if isinstance(main, typer.Typer) else typer.run(main)
    except StageError as failure:
        console.print(f"[bold red]{failure}; it stops here.")
        sys.exit(failure.exit_code)
    except UserError as mistake:
        console.print(str(mistake), style="bold red", markup=False)
        sys.exit(2)
