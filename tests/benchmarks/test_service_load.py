"""The bare server gives the service's score, and the page says what was measured and nothing else."""

import numpy as np
import pytest

from benchmarks.bare_service import contributions
from benchmarks.loopback import Load, get, post
from benchmarks.service_load import _bundle, _copy, _summary
from benchmarks.service_page import write_page
from features.errors import UserError
from models.bundle import Component
from models.scoring import score
from tests.models.example_bundle import example_bundle, example_rows, example_spec


def test_the_bare_servers_contributions_sum_to_the_services_score():
    bundle, rows = example_bundle(), example_rows(example_spec("hidden_income"), 30, seed=3, missing=0.2)
    homes = [
        {n: None if np.isnan(v) else v for n, v in zip(bundle.names, r, strict=True)} for r in rows.tolist()
    ]
    fill = np.array([np.nan if f.unknown is None else f.unknown for f in bundle.features])
    told = np.array(contributions(bundle, fill, homes))
    assert np.abs(told.sum(axis=1) - score(bundle, rows).raw).max() < 1e-9
    assert np.abs(told[:, :-1] - score(bundle, rows).contributions).max() < 1e-9


def test_a_ratio_is_over_the_bare_server_that_is_faster_over_all_rounds():
    own = Load([0.002] * 9 + [0.01], wall=0.1, worked=0.02)
    slow, fast = Load([0.004] * 10, wall=0.1, worked=0.01), Load([0.001] * 10, wall=0.1, worked=0.04)
    lucky = Load([0.0005] * 10, wall=0.1, worked=0.01)
    row = _summary([(own, [slow, fast]), (own, [lucky, fast]), (own, [slow, fast])])
    assert (row["p50_ms"], row["p99_ms"], row["requests_per_s"]) == (2.0, 10.0, 100.0)
    assert (row["p50_ratio"], row["bare_p50_ms"], row["cpu_ratio"]) == (2.0, 1.0, 0.5)
    assert "p50_ratio" not in _summary([(own, [])])


def test_requests_are_as_they_go_over_the_wire():
    head, content = post("/score", {"a": 1}).split(b"\r\n\r\n")
    assert head.startswith(b"POST /score HTTP/1.1\r\n")
    assert b"content-length: %d" % len(content) in head
    assert get("/lists/exit_due").startswith(b"GET /lists/exit_due HTTP/1.1\r\n")


def test_a_bundle_without_boosters_cannot_be_compared():
    linear = example_bundle("exit_due").components[1]
    bundles = {"exit_due": example_bundle("exit_due", components=(Component(1.0, linear=linear.linear),))}
    with pytest.raises(UserError, match="no boosters"):
        _bundle(bundles, None)
    bundles["hidden_income"] = example_bundle()
    assert _bundle(bundles, None).question == "hidden_income"
    with pytest.raises(UserError, match="with boosters: hidden_income"):
        _bundle(bundles, "exit_due")


def test_a_database_that_is_no_file_is_one_sentence(tmp_path):
    for url in (f"sqlite:///{tmp_path / 'none.db'}", "postgresql+psycopg://u@h/d"):
        with pytest.raises(UserError, match="no SQLite file"):
            _copy(url, tmp_path)


def test_the_page_tells_what_was_measured(tmp_path):
    row = {
        "p50_ms": 1.5,
        "p99_ms": 3.0,
        "requests_per_s": 700.0,
        "bare_p50_ms": 1.25,
        "p50_ratio": 1.2,
        "cpu_ratio": 1.1,
    }
    told = {
        "question": "exit_due", "features": 9, "boosters": 5, "trees": 600, "rounds": 3, "seconds": 1.0,
        "machine": {"cores": 2},
        "measured": {"one_household_1": row, "list_page_16": row},
        "settings": [{"workers": 1, "in_work": 2, "callers": 16, **row}],
        "crowd": [{"waiting": 32, "callers": 256, "refused": 0.4, **row}],
    }  # fmt: skip
    write_page(told, tmp_path / "deep" / "service.md")
    page = (tmp_path / "deep" / "service.md").read_text()
    assert "| `/score`, one household with reasons | 1 | 1.5 | 3.0 | 700.0 | 1.25 | 1.2 | 1.1 |" in page
    assert "| 32 | 256 | 0.4 | 1.5 | 3.0 | 700.0 |" in page
