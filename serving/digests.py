"""A digest of all that an answer rests on: facts of the household, the model, the code that reads them."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from models.bundle import Bundle, content_digest
from models.reasons import STATES
from serving.inputs import Profiles, evidence_columns, sources_of
from serving.work import DIGEST_BYTES

ROOT = Path(__file__).parents[1]
#: The code that makes an answer, and the packages that compute it.
CODE = ("models", "serving/assessment.py", "serving/inputs.py", "serving/work.py", "features/identity")
PACKAGES = ("lightgbm", "numba", "numpy")


def makers(bundle: Bundle) -> bytes:
    """Digest (32 bytes) of what turns facts into an answer: the model with its words, code and packages."""
    words = (bundle.universe, bundle.punitive, bundle.features, bundle.bands)
    made = (content_digest(bundle), words, code_digest(), *map(_version, PACKAGES))
    return hashlib.sha256(repr(made).encode()).digest()


def digests_of(
    profiles: Profiles, bundle: Bundle, places: npt.NDArray[np.int64], key: bytes, *, evidence: bool
) -> list[bytes]:
    """One digest a household at `places`: its features and what the tables answered, to the last bit.

    key: of `makers`. evidence: with dates and confidence, which only reasons tell.
    """
    table = profiles.households.take(pa.array(places))
    columns = [_numbers(table[name]) for name in bundle.names]
    for source in sources_of(bundle):
        state, *dated = evidence_columns(source)
        columns.append(_numbers(pc.index_in(table[state], value_set=pa.array(STATES))))
        columns += [_numbers(table[name]) for name in dated if evidence]
    content, width = np.column_stack(columns).tobytes(), 8 * len(columns)
    salt = key + bytes([evidence])
    return [
        hashlib.blake2b(content[begin : begin + width], key=salt, digest_size=DIGEST_BYTES).digest()
        for begin in range(0, len(content), width)
    ]


@cache
def code_digest() -> str:
    """SHA-256 over the code in `CODE`."""
    digest = hashlib.sha256()
    for part in CODE:
        path = ROOT / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Doubles, null = NaN; a date is its day."""
    days = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
    return np.asarray(days.cast(pa.float64()).to_numpy())


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
