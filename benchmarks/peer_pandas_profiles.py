"""The same profiles in plain pandas: what a good analyst would write for the same stored tables.

    python -m benchmarks.peer_pandas_profiles GIVEN OUT UNIVERSE

UNIVERSE is on_file or register. Households and members are read by `peer_pandas_people`, of the resident
register by `peer_pandas_register`; every column is computed with merges, masks and group-bys, households and
persons as integers, in `peer_pandas_shared` and `peer_pandas_authorised`. The last line is the seconds of its
parts as JSON. It imports nothing of the product. `benchmarks/profiles.py` holds its columns against the
product's.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import peer_pandas_authorised as authorised
from benchmarks import peer_pandas_shared as shared
from benchmarks.peer_pandas_people import Given
from benchmarks.peer_pandas_tables import Profiles


def main(path: Path, out: Path, universe: str) -> None:
    """Everything of one date and universe."""
    mark = time.perf_counter()
    all_of = Profiles(Given(path), universe)
    parts = {"households": time.perf_counter() - mark}
    for columns in (shared,) if all_of.shared_only else (shared, authorised):
        for source in columns.SOURCES:
            mark = time.perf_counter()
            source(all_of)
            parts[source.__name__] = time.perf_counter() - mark
        columns.made_of(all_of.wide)
    mark = time.perf_counter()
    frame = pd.DataFrame(all_of.wide | all_of.evidence).sort_values("household_id", ignore_index=True)
    written = pa.Table.from_pandas(frame, preserve_index=False)
    for place, name in enumerate(written.column_names):
        if name.endswith(("_event_on", "_known_on")):
            written = written.set_column(place, name, written.column(name).cast(pa.date32()))
    pq.write_table(written, out, compression="zstd")
    parts["written"] = time.perf_counter() - mark
    print(json.dumps({name: round(seconds, 2) for name, seconds in parts.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
