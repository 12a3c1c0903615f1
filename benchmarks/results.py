"""How a benchmark ends: its figures written whole, the machine beside them, or a sentence of what failed."""

import json
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typer

from benchmarks.stages import StageError, console
from features.errors import UserError


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
