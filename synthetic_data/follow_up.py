"""What changes a file without a visit: deaths and moves noticed, families that tell, renewals."""

import numpy as np

from synthetic_data.files import DIBAO, ENDED, MARGINAL, NO_MONTH, RIGID
from synthetic_data.office import Office

CALLED_FROM = 1.1  # of the line, on record


def follow_up(office: Office, month: int) -> None:
    """Deaths and moves that records or neighbours reveal; ends of gradual exit; renewals; reports."""
    rng, files = office.rng, office.files
    homes = np.flatnonzero((files.category >= DIBAO) & (files.category <= RIGID))
    died, left, _ = office.work.membership.marks(homes, month)
    empty = office.household.persons[homes, month] == 0
    noticed = rng.random(len(homes)) < np.where(died, 0.3, np.where(empty, 0.3, 0.03))
    gone = noticed & empty
    office.end(homes[gone], month, np.where(died[gone], "人员死亡", "迁出本地").astype(object))
    office.restate(homes[noticed & ~empty & (died | left)], month)
    graded = homes[(files.gradual_until[homes] != NO_MONTH) & (files.gradual_until[homes] < month)]
    office.end(graded[files.category[graded] != ENDED], month, "渐退期满")
    expiring = homes[(files.authorised_until[homes] <= month + 1) & (files.category[homes] != ENDED)]
    renewing = expiring[rng.random(len(expiring)) < 0.75]
    office.authorise(renewing, month)
    dibao = (files.category[renewing] == DIBAO) | (files.category[renewing] == MARGINAL)
    office.declare(renewing[dibao], month, "家庭收入超过标准")
    compare_records(office, month)
    reports(office, month)


def compare_records(office: Office, month: int) -> None:
    """Some families whose wages and pensions on record are over the line are called in and asked.

    They say what they would say to anybody: a change comes to light, concealment does not.
    """
    homes, before = office.files.recipients, max(month - 2, 0)
    line = office.line(homes, month) * np.maximum(office.files.persons[homes], 1)
    over = office.sightings.income[homes, before] > CALLED_FROM * line
    called = over & (office.rng.random(len(homes)) < office.called_share)
    office.declare(homes[called], month, "家庭收入超过标准")


def reports(office: Office, month: int) -> None:
    """Families that tell of a change unasked: under 30 in 100 do."""
    rng, files = office.rng, office.files
    homes = files.recipients
    told = office.reporting.would_declare[homes, month]
    line = office.line(homes, month)
    persons = np.maximum(office.household.persons[homes, month], 1)
    margin = 0.15 * line * persons
    rise, fall = told > files.stated[homes] + margin, told < files.stated[homes] - margin
    hazard = np.where(rise, office.reporting.reports_rise[homes], 0)
    hazard = np.where(fall, office.reporting.reports_fall[homes], hazard)
    tells = (rng.random(len(homes)) < hazard) & (office.household.persons[homes, month] > 0)
    office.declare(homes[tells], month, "家庭主动申报收入超过标准")
