"""A digest of all that an answer rests on: facts of the household, the model, the code that reads them."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from features.code_digest import code_digest
from models.bundle import Bundle, content_digest
from models.reasons import STATES
from serving.inputs import Profiles, evidence_columns, one_digest, sources_of
from serving.work import DIGEST_BYTES

ROOT = Path(__file__).parents[1]
#: The code that makes an answer, and the packages that compute it.
CODE = ("models", "serving/assessment.py", "serving/inputs.py", "serving/work.py", "features/identity")
PACKAGES = ("lightgbm", "numba", "numpy")


def makers(bundle: Bundle) -> bytes:
    """Digest (32 bytes) of what turns facts into an answer: the model with its words, code and packages."""
    words = (bundle.universe, bundle.punitive, bundle.features, bundle.bands)
    made = (content_digest(bundle), words, _code(), *map(_version, PACKAGES))
    return hashlib.sha256(repr(made).encode()).digest()


def run_name(inputs: dict[str, str], bundles: dict[str, Bundle]) -> str:
    """The same inputs, read by the same code, are the same run, also after it was killed."""
    made = [makers(bundle).hex() for bundle in bundles.values()]
    return f"run-{hashlib.sha256(f'{one_digest(inputs)} {made}'.encode()).hexdigest()[:16]}"


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
def _code() -> str:
    return code_digest(ROOT, CODE)


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Doubles, null = NaN; a date is its day."""
    days = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
    return np.asarray(days.cast(pa.float64()).to_numpy())


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
