from datetime import date

import pandas as pd
import pytest

from features.errors import UserError
from features.profile_files import profile_file, profiled_dates, read_columns, require_dates

DAY = date(2025, 12, 31)


@pytest.fixture
def folder(tmp_path):
    path = profile_file(tmp_path, "profiles", "register", DAY)
    path.parent.mkdir(parents=True)
    pd.DataFrame({"number": ["1", "2"], "x": [1.0, None]}).to_parquet(path)
    (path.parent / "notes.parquet").write_text("not a date")
    return tmp_path


def test_what_is_there_is_read(folder):
    assert profiled_dates(folder, "register") == [DAY]
    assert require_dates(folder, "register", DAY) == [DAY]
    assert read_columns(folder, "profiles", "register", DAY, ["x"]).to_pydict() == {"x": [1.0, None]}


def test_what_is_not_there_is_named_with_what_is_and_the_command(folder):
    with pytest.raises(UserError, match=r"as of 2026-01-31 \(there are 2025-12-31 to .*python -m features"):
        require_dates(folder, "register", date(2026, 1, 31))
    with pytest.raises(UserError, match="there are none"):
        read_columns(folder, "profiles", "on_file", DAY)
    with pytest.raises(UserError, match="lacks these columns") as mistake:
        read_columns(folder, "profiles", "register", DAY, ["x", "y"])
    assert "缺少列 y" in str(mistake.value)


@pytest.mark.parametrize("kept", [0, 20, 0.6, 0.99])
def test_a_file_cut_short_is_told_in_one_sentence(folder, kept):
    path = profile_file(folder, "profiles", "register", DAY)
    whole = path.read_bytes()
    path.write_bytes(whole[: kept if isinstance(kept, int) else int(len(whole) * kept)])
    with pytest.raises(UserError, match="not a whole Parquet file"):
        read_columns(folder, "profiles", "register", DAY)
