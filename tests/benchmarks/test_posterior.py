"""The share of true labels in a cell is the posterior given the reading, also where it is known by hand."""

import numpy as np
import pytest

from benchmarks.deciles import calibration
from benchmarks.flexible import fit_flexible
from benchmarks.posterior import READINGS, Field, cells, posterior
from features.catalogue import CATALOGUE
from models import metrics
from models.questions import SPECS
from synthetic_data.outreach import DECLINED
from synthetic_data.population import OLD_ALONE
from synthetic_data.world import make_world
from tests.benchmarks.toy_world import toy_world

CAR, WORK = Field("car", (1,)), Field("work", (1,))


def test_every_cell_holds_the_exact_posterior_up_to_its_error():
    world = toy_world(20_000, seed=1)
    found = posterior(cells((CAR, WORK), world.rows), world.label, world.household)
    assert len(found.cells) == 4
    exact = np.array([world.exact[cells((CAR, WORK), world.rows)[:, 1] == one][0] for one in found.cells])
    assert np.all(np.abs(found.share[:-1] - exact) < 4 * found.error[:-1])
    assert found.households[:-1].sum() == 20_000


def test_months_of_one_household_make_the_error_no_smaller():
    world = toy_world(20_000, seed=1)
    once = np.arange(len(world.label)) % 6 == 0
    cell = cells((CAR, WORK), world.rows)
    often = posterior(cell, world.label, world.household)
    alone = posterior(cell[once], world.label[once], world.household[once])
    assert often.error == pytest.approx(alone.error, rel=1e-6)


def test_a_reading_of_another_seed_keeps_its_word():
    learnt, judged = toy_world(20_000, seed=1), toy_world(20_000, seed=2)
    found = posterior(cells((CAR, WORK), learnt.rows), learnt.label, learnt.household)
    cell = cells((CAR, WORK), judged.rows)
    kept = calibration(
        judged.label,
        found.said(cell),
        judged.household,
        source=found.place(cell),
        source_error=found.error,
    )
    assert kept.tenths_hold is True


def test_rare_cells_are_read_without_their_last_field():
    """Ninety without a car; ten with one, each in another kind of work: too few to tell the work apart."""
    rows = np.stack([np.r_[np.zeros(90), np.ones(10)], np.r_[np.zeros(90), np.arange(10)]], axis=1)
    label = np.r_[np.zeros(90), np.ones(10)]
    names = np.array([f"H{k}" for k in range(100)], dtype=object)
    reading = (CAR, Field("work", tuple(range(1, 10))))
    found = posterior(cells(reading, rows), label, names, least=8)
    asked = cells(reading, np.array([[0, 0], [1, 3], [1, np.nan], [0, 7], [np.nan, 0]]))
    assert found.said(asked).tolist() == pytest.approx([0.0, 1.0, 1.0, 0.1, 0.1])
    assert found.households.tolist() == [10, 90, 0] or found.households.tolist() == [90, 10, 0]
    assert found.error[found.share == 0][0] > 0  # nothing found among ninety is not nothing there


def test_unknown_is_a_band_of_its_own():
    field = Field("income", (0.5, 1.0))
    assert field.band([np.nan, 0.1, 0.5, 0.9, 7.0]).tolist() == [0, 1, 2, 2, 3]
    assert field.bands == 4


def test_different_readings_never_share_a_cell():
    fields = (Field("a", (1, 2)), Field("b", (1,)))
    values = [np.nan, 0, 1, 2]
    rows = np.array([(a, b) for a in values for b in values[:3]])
    found = cells(fields, rows)
    assert len(np.unique(found[:, 1])) == len(rows)
    assert len(np.unique(found)) == len(rows) + 4


def test_every_question_has_a_reading_of_features_it_may_read():
    assert set(READINGS) == set(SPECS)
    for question, reading in READINGS.items():
        assert {field.name for field in reading} <= set(SPECS[question](CATALOGUE).names), question
        assert all(sorted(field.edges) == list(field.edges) for field in reading)


def test_the_learner_shown_the_coarse_reading_reaches_its_posterior():
    learnt, judged = toy_world(3_000, seed=3), toy_world(3_000, seed=4)
    learner = fit_flexible(("car", "work"), learnt.rows, learnt.label, learnt.household, seed=0, threads=1)
    reached = metrics.average_precision(judged.label, learner.said(judged.rows, threads=1))
    possible = metrics.average_precision(judged.label, judged.exact)
    assert reached > 0.98 * possible


def test_what_a_reading_says_of_one_half_of_a_district_holds_in_the_other():
    """Halves of one district: the register is filled to a quota, so two small districts differ by more."""
    cell, label, household = _eligible(make_world(5_000, 4, 11, np.datetime64("2024-01", "M")))
    learnt = household % 2 == 0
    found = posterior(cell[learnt], label[learnt], household[learnt])
    place = found.place(cell[~learnt])
    kept = calibration(
        label[~learnt], found.share[place], household[~learnt], source=place, source_error=found.error
    )
    assert len(found.cells) > 4
    assert kept.mean_holds is not False
    assert kept.tenths_hold is True


def _eligible(world):
    """Cell, label and household of every household and month of the outreach census."""
    audit = {
        name: np.concatenate([one[name] for one in world.work.outreach_audits])
        for name in ("household", "result")
    }
    home, people = audit["household"], world.people
    disabled = np.bincount(people.home, weights=people.disability_grade > 0, minlength=people.households)
    fields = (people.household_kind == OLD_ALONE, disabled > 0, people.places.rural, people.migrant)
    rows = np.stack(fields, axis=1).astype(float)[home]
    reading = tuple(Field(name, (1,)) for name in ("old_alone", "disabled", "rural", "migrant"))
    return cells(reading, rows), (audit["result"] <= DECLINED).astype(float), home.astype(object)
