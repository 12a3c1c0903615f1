from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.bundle import Component
from models.questions import SPECS
from models.reasons import UNROLLED, SourceState, explain
from models.reasons_many import _sums, explain_many, topic_sums
from models.scoring import score
from tests.models.example_bundle import example_bundle, example_rows, example_spec

STATES = ("found", "nothing_found", "not_returned", "not_authorised", "not_matched")


def evidence(bundle, random):
    tables = {name for feature in bundle.features for name in feature.sources}
    return {
        name: SourceState(
            str(random.choice(STATES)), date(2025, 11, 1), date(2025, 12, 8), random.choice([None, 0.8, 1.0])
        )
        for name in sorted(tables)
    }


@pytest.mark.parametrize("question", sorted(SPECS))
@pytest.mark.parametrize("missing", [0.0, 0.3, 0.9])
def test_many_are_explained_as_each_alone_to_the_last_digit(question, missing):
    bundle, random = example_bundle(question), np.random.default_rng(4)
    rows = example_rows(example_spec(question), 400, seed=8, missing=missing)
    parts = random.normal(0, 0.3, rows.shape)
    parts[:100] = np.round(parts[:100], 1)  # so that topics are equal, and the name decides
    parts[100:200] *= 0.05  # so that many are too small to be told
    own = [evidence(bundle, random) for _ in rows]
    members = [parts + random.normal(0, 0.2, parts.shape) for _ in range(5)]
    sums = topic_sums(bundle, rows, parts)
    many = explain_many(bundle, rows, parts, sums, own.__getitem__, members)
    assert many == [
        explain(bundle, *of) for of in zip(rows, parts, own, zip(*members, strict=True), strict=True)
    ]
    assert many != explain_many(bundle, rows, parts, sums, own.__getitem__)
    assert any(found.reasons for found in many)
    assert any(found.speaks_for for found in many)


@pytest.mark.parametrize("columns", [3, UNROLLED, 13, 40])
def test_a_sum_over_known_columns_is_the_sum_of_those_alone(columns):
    random = np.random.default_rng(columns)
    parts, known = random.normal(size=(300, columns)), random.random((300, columns)) < 0.8
    alone = [float(row[there].sum()) for row, there in zip(parts, known, strict=True)]
    assert _sums(parts, known).tolist() == alone
    assert _sums(parts, np.ones_like(known)).tolist() == [float(row.sum()) for row in parts]


@pytest.mark.parametrize("question", sorted(SPECS))
def test_each_member_of_a_bag_tells_its_own_and_all_are_told_by_their_mean(question):
    rows = example_rows(example_spec(question), 40, seed=5)
    one, other = (example_bundle(question, seed=seed) for seed in (1, 2))
    parts = [c for c in one.components if not c.boosters]
    bags = [next(c.boosters[0] for c in made.components if c.boosters) for made in (one, other)]

    def told(*boosters):
        return score(replace(one, components=(*parts, Component(0.7, boosters=boosters))), rows)

    both = told(*bags)
    for own, booster in zip(both.members, bags, strict=True):
        assert np.abs(own - told(booster).contributions).max() < 1e-12
    assert np.abs(both.members[0] - both.members[1]).max() > 1e-6
    assert np.abs(np.mean(both.members, axis=0) - both.contributions).max() < 1e-12
    assert told(bags[0]).members == ()


def test_a_score_does_not_hang_on_how_many_are_asked_about():
    bundle = example_bundle("exit_due")
    rows = example_rows(example_spec("exit_due"), 70, seed=2)
    many = score(bundle, rows)
    for place in range(0, 70, 9):
        one = score(bundle, rows[place : place + 1])
        assert one.raw.tolist() == many.raw[place : place + 1].tolist()
        assert one.contributions.tolist() == many.contributions[place : place + 1].tolist()
