"""Outreach of a month, and the audit of every family without benefit that nobody made."""

import numpy as np

from synthetic_data import outreach
from synthetic_data.files import NEVER
from synthetic_data.office import Office
from synthetic_data.take_up import INFORMED_BY, VISIT


def contact(office: Office, month: int) -> None:
    """Outreach to families without benefit; those who decide to apply do so next month."""
    rng, household = office.rng, office.household
    free = (office.files.category == NEVER) & ~office.on_file()
    free[office.undecided] = False
    pool = np.flatnonzero(free)
    eligible = household.eligible[pool, month]
    # What neighbours and the registers of hardship show: disability, illness, nobody who goes to work.
    need = 1.2 * office.disabled[pool] + 1.3 * office.ill[pool] + 0.8 * (office.people.hardship[pool] > 1)
    idle = (household.formal + household.cash + household.pension)[pool, month] < 300
    need = need + 1.0 * (idle & (household.persons[pool, month] > 0))
    mind = 1.0 * eligible + 1.1 * office.reporting.impression[pool]
    chosen = outreach.select(rng, office.people.places.street[pool], need, mind, office.scale)
    homes, count = pool[chosen.row], len(chosen.row)
    channel = rng.choice(3, count, p=[0.35, 0.55, 0.1])
    truth = outreach.exact(eligible[chosen.row], office.reporting.take_up.agrees(homes, channel))
    result = outreach.recorded(truth, office.people.migrant[homes], rng)
    selected = office.clock.day(month, rng.integers(1, 9, count))
    office.work.contacts.append(
        {
            "household": homes,
            "selected": selected,
            "arm": chosen.arm,
            "probability": chosen.probability,
            "channel": channel,
            "contacted": selected + rng.integers(3, 19, count),
            "result": result,
        }
    )
    office.wants = homes[result == outreach.APPLIED]
    told = result != outreach.UNREACHABLE
    office.information[homes[told]] += INFORMED_BY[channel[told]]


def audit_outreach(office: Office, month: int) -> None:
    """The exact state next month of every hukou household without benefit this month."""
    pool = np.flatnonzero(~office.on_file())
    here = office.household.eligible[pool, month + 1]
    office.work.outreach_audits.append(
        {
            "household": pool,
            "month": np.full(len(pool), month),
            "result": outreach.exact(here, office.reporting.take_up.agrees(pool, VISIT)),
        }
    )
