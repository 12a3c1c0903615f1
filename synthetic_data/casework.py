"""Civil affairs month by month: visits, follow-up, applications, outreach; registers and audits are kept."""

import numpy as np

from synthetic_data import verification
from synthetic_data.contacts import audit_outreach, contact
from synthetic_data.files import ENDED, NEVER, Casework
from synthetic_data.follow_up import follow_up
from synthetic_data.granting import apply, open_register
from synthetic_data.office import Office
from synthetic_data.visiting import count_months, visits


def run_casework(office: Office) -> Casework:
    """Live all months; registers and audits are kept for the delivered ones."""
    clock, work = office.clock, office.work
    open_register(office)
    for month in range(1, clock.total):
        homes = office.files.recipients
        facts = office.facts(homes, month)
        count_months(office, homes, facts)
        truth = verification.exact(office.facts(homes, month))
        if month > clock.first:
            work.audits.append(
                {
                    "household": homes,
                    "month": np.full(len(homes), month - 1),
                    "finding": truth.finding,
                    "income": truth.income,
                    "months": truth.months,
                    "action": truth.action,
                    "persons": office.household.persons[homes, month].astype(int),
                    "category": office.files.category[homes].copy(),
                    "wallet": office.household.to_wallets(homes, month),
                }
            )
        if month > clock.last:
            break
        if month < office.quiet_from:
            visits(office, homes, facts, truth, month)
        follow_up(office, month)
        apply(office, month)
        contact(office, month)
        if (office.household.standard[:, month] != office.household.standard[:, month - 1]).any():
            office.pay(office.files.recipients, month)
        if month >= clock.first:
            snapshot(office, month)
            audit_outreach(office, month)
    return work


def snapshot(office: Office, month: int) -> None:
    """Keep the register as it stands in that month; ended files stay listed for 16 months."""
    files = office.files
    homes = np.flatnonzero(
        (files.category != NEVER) & ((files.category != ENDED) | (files.ended > month - 17))
    )
    columns = (
        "category",
        "granted",
        "granted_day",
        "ended",
        "end_reason",
        "stated",
        "stated_deposit",
        "benefit",
        "review",
        "authorised_from",
        "authorised_until",
        "refused",
    )
    office.work.snapshots.append(
        {"household": homes, "month": np.array(month)} | {c: getattr(files, c)[homes] for c in columns}
    )
