"""A digest of code: what it made is made again only where the code has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

#: Code, and the declared values it reads.
KINDS = (".py", ".yaml")


def code_digest(root: Path, parts: Iterable[str]) -> str:
    """SHA-256 over the code and values of these folders and files below `root`, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        path = root / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in KINDS:
                digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()
