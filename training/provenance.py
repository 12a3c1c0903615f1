"""What a run was made from: hashes of every file of profiles, of the deliveries of outcomes, and the code."""

import hashlib
import importlib.metadata
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from features.engines import Warehouse
from features.profile_files import digest_of
from models.spec import ModelSpec
from training.cohort import read_records
from training.profiles import ProfileStore

DISTRIBUTION = "dibao-review"
ROOT = Path(__file__).parents[1]


def data_hashes(
    store: ProfileStore, warehouse: Warehouse, specs: Sequence[ModelSpec], as_of: date
) -> dict[str, str]:
    """SHA-256 of each file of profiles and judgements up to `as_of`, and of the deliveries with outcomes."""
    found = {}
    for universe in sorted({spec.universe for spec in specs}):
        for day in store.month_ends(universe, as_of):
            for part in ("profiles", "judgements"):
                found[f"{part}/{universe}/{day}"] = digest_of(store.folder, part, universe, day)
        deliveries = read_records(warehouse, universe, as_of)["delivery_id"].unique()
        text = "\n".join(sorted(str(one) for one in deliveries))
        found[f"deliveries/{universe}"] = hashlib.sha256(text.encode()).hexdigest()
    return found


def data_version(hashes: Mapping[str, str]) -> str:
    """First 16 digits of the SHA-256 over the names and hashes."""
    text = "\n".join(f"{name} {value}" for name, value in sorted(hashes.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def code_version(root: Path = ROOT) -> str:
    """The commit checked out at `root`, with `-dirty` where files differ; else the package's version."""
    git = shutil.which("git")
    if git and (root / ".git").exists():
        asked = [git, "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
        # No part of the command comes from a user.
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode == 0:
            return done.stdout.strip()
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
