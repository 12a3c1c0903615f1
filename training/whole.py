"""Writes a file whole or not at all."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write to a hidden sibling, then rename; makes the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    work = path.with_name(f".{path.name}.part")
    work.write_text(text, encoding="utf-8")
    os.replace(work, path)
