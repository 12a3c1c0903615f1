"""What an interrupted training had finished: kept question by question until all are published together.

A city takes minutes a question. Whoever starts the same training again goes on where it stopped; another
seed, date, code or delivery is another training, and what was kept of it is thrown away.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from models.bundle import load_bundle, write_bundle
from training.question import Trained

CODE = (Path(__file__).parent, Path(__file__).parents[1] / "models")


class Unfinished:
    """A folder `.unfinished/<key>` below the bundles; each entry is whole or absent."""

    def __init__(self, out: Path, *of: object) -> None:
        """of: everything that the result depends on beside the code; it must have a stable `repr`."""
        self._all = out / ".unfinished"
        digest = hashlib.sha256(repr(of).encode())
        for path in sorted(path for folder in CODE for path in folder.rglob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
        self._folder = self._all / digest.hexdigest()[:16]

    def kept(self, name: str) -> Trained | None:
        """What an earlier run finished of `name`."""
        told = self._folder / name / "evaluation.json"
        if not told.is_file():
            return None
        return Trained(load_bundle(self._folder / name / "bundle"), json.loads(told.read_text("utf-8")))

    def keep(self, name: str, trained: Trained) -> Trained:
        """Keep it; returned as a resumed run will read it, so that both give the same result."""
        for other in self._all.glob("*"):
            if other != self._folder:
                shutil.rmtree(other)
        part = self._folder / f".{name}"
        shutil.rmtree(part, ignore_errors=True)
        write_bundle(trained.bundle, part / "bundle")
        told: dict[str, Any] = trained.evaluation
        (part / "evaluation.json").write_text(json.dumps(told, ensure_ascii=False, default=str), "utf-8")
        part.rename(self._folder / name)
        kept = self.kept(name)
        assert kept is not None, "what was just written is there"
        return kept

    def clear(self) -> None:
        """Forget everything: the whole training has been published, or cannot be."""
        shutil.rmtree(self._all, ignore_errors=True)
        if self._all.parent.is_dir() and not any(self._all.parent.iterdir()):
            self._all.parent.rmdir()
