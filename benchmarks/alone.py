"""A peer in an environment of its own: uv brings what it needs, and nothing of ours is there."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typer

from benchmarks.stages import ROOT, console


def alone(needs: Iterable[str], script: str, *arguments: str | Path | float) -> list[str]:
    """The command that runs `benchmarks/SCRIPT` with these packages and no others."""
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    brought = [part for need in needs for part in ("--with", need)]
    peer = ["python", str(ROOT / "benchmarks" / script), *map(str, arguments)]
    return [uv, "run", "--isolated", "--no-project", *brought, *peer]


def as_here(*packages: str) -> list[str]:
    """These packages in the versions that are installed here."""
    return [f"{package}=={version(package)}" for package in packages]


def run_told(command: list[str]) -> dict[str, Any]:
    """Run a command and return its last line, which is JSON; where it fails, show why and exit with 1."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        console.print(done.stderr, markup=False)
        raise typer.Exit(1)
    return json.loads(done.stdout.splitlines()[-1])
