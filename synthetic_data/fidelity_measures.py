"""How each published figure is measured in a practice world: one function a figure, named as the figure says.

Each returns a `Measured`: a share of counted units, or a mean of values, with its 95 % interval.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from features.errors import UserError
from synthetic_data import law
from synthetic_data.landing_rows import delivered

Z = 1.959964
ON_FILE = ("dibao", "dibao_marginal", "tekun", "rigid_expenditure")
CONCEALED = ("income_undeclared", "property_undeclared")
CLOSED = ("refused", "unreachable")
SELF_REPORTED = "家庭主动申报收入超过标准"
INCOME_ENDS = (SELF_REPORTED, "核查发现未申报收入", "家庭收入超过标准")


@dataclass(frozen=True)
class Measured:
    """value and its 95 % interval, in the figure's unit; of: units or values counted."""

    value: float
    low: float
    high: float
    of: int


def share(hits: float, of: int, units: int | None = None) -> Measured:
    """A share with Wilson's interval; units: independent ones, where each is counted in several months."""
    if not of:
        return Measured(float("nan"), 0.0, 1.0, 0)
    part, count = hits / of, units or of
    middle = part + Z**2 / (2 * count)
    width = Z * np.sqrt(part * (1 - part) / count + Z**2 / (4 * count**2))
    scale = 1 + Z**2 / count
    return Measured(part, float((middle - width) / scale), float((middle + width) / scale), of)


def mean(values: pd.Series) -> Measured:
    """A mean with its normal interval."""
    known = values.dropna()
    half = Z * float(known.std()) / np.sqrt(max(len(known), 1))
    value = float(known.mean())
    return Measured(value, value - half, value + half, len(known))


class Seen:
    """Files of a world, each read once when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.landing, self.truth = folder / "landing", folder / "truth"
        if not self.truth.is_dir() or not self.landing.is_dir():
            raise UserError(
                f"{folder}：不是练习世界（缺 landing 或 truth） / is no practice world (no landing or truth),"
                " so nothing can be compared; make one: python -m synthetic_data generate --out FOLDER."
            )

    def told(self, name: str) -> pd.DataFrame:
        """One file of the hidden truth."""
        return pd.read_parquet(self.truth / f"{name}.parquet")

    @cached_property
    def households(self) -> pd.DataFrame:
        rows = self.told("households")
        rows["urban"] = rows.region_code.str.startswith(law.URBAN)
        rows["migrant"] = ~rows.hukou_household_no.str[2:8].isin([law.URBAN, law.RURAL])
        rows["per_capita_yuan_month"] = rows.countable_yuan_month / rows.persons.where(rows.persons > 0)
        return rows

    @cached_property
    def audits(self) -> pd.DataFrame:
        return self.told("census_verifications")

    @property
    def as_of(self) -> pd.Timestamp:
        """Last delivered month-end."""
        return pd.Timestamp(self.audits.as_of.max())

    @cached_property
    def register(self) -> pd.DataFrame:
        rows = delivered(self.landing, "household_register", latest=True)
        return rows.drop_duplicates("household_no")

    @cached_property
    def on_file(self) -> pd.DataFrame:
        return self.register[self.register.category.isin(ON_FILE)]

    @cached_property
    def members(self) -> pd.DataFrame:
        """Members on the files now."""
        rows = delivered(self.landing, "household_members", latest=True)
        return rows[rows.left_on.isna()]

    @cached_property
    def residents(self) -> pd.DataFrame:
        rows = delivered(self.landing, "residents", latest=True)
        rows = rows[rows.died_or_cancelled_on.isna()].drop_duplicates("id_no")
        return rows.assign(age=(self.as_of - rows.born_on).dt.days / 365.25)

    @cached_property
    def verifications(self) -> pd.DataFrame:
        return delivered(self.landing, "verifications").drop_duplicates(["household_no", "selected_on"])

    @cached_property
    def last_year(self) -> pd.DataFrame:
        since = self.as_of - pd.DateOffset(months=12)
        return self.verifications[self.verifications.visited_on > since]

    @cached_property
    def outreach(self) -> pd.DataFrame:
        return delivered(self.landing, "outreach")

    @cached_property
    def low_income(self) -> pd.DataFrame:
        """Households under the line of dibao_marginal by their true income; `covered`: on dibao."""
        rows = self.households
        standard = np.where(rows.urban, *(self._standard(area) for area in (law.URBAN, law.RURAL)))
        rows = rows[rows.per_capita_yuan_month < law.MARGINAL_FACTOR * standard]
        dibao = self.register.household_no[self.register.category == "dibao"]
        return rows.assign(covered=rows.household_no.isin(dibao))

    def _standard(self, area: str) -> int:
        values = json.loads((self.truth / "knobs.json").read_text("utf-8"))["standards"][area]
        return [int(yuan) for since, yuan in values if pd.Timestamp(since) <= self.as_of][-1]


def dibao_share(seen: Seen) -> Measured:
    return share((seen.register.category == "dibao").sum(), len(seen.households))


def dibao_of_low_income(seen: Seen) -> Measured:
    return share((seen.on_file.category == "dibao").sum(), len(seen.on_file))


def urban_households(seen: Seen) -> Measured:
    return share(seen.households.urban.sum(), len(seen.households))


def persons_registered(seen: Seen) -> Measured:
    return mean(seen.residents.groupby("hukou_household_no").size())


def persons_living(seen: Seen) -> Measured:
    return mean(seen.households.persons[seen.households.persons > 0])


def old_60(seen: Seen) -> Measured:
    return share((seen.residents.age >= 60).sum(), len(seen.residents))


def children_under_15(seen: Seen) -> Measured:
    return share((seen.residents.age < 15).sum(), len(seen.residents))


def hidden_income(seen: Seen) -> Measured:
    rows = seen.audits
    hidden = rows.finding.isin(CONCEALED) & (rows.action == "stop") & (rows.months_affected >= 3)
    return share(hidden.sum(), len(rows), rows.household_no.nunique())


def exit_due(seen: Seen) -> Measured:
    rows = seen.audits
    due = rows.action.isin(("stop", "gradual_exit")) & ~rows.finding.isin(CONCEALED)
    return share(due.sum(), len(rows), rows.household_no.nunique())


def unapplied_eligible(seen: Seen) -> Measured:
    rows = seen.told("census_outreach")
    eligible = rows.result.str.startswith("eligible").sum()
    return share(eligible, len(rows), rows.household_key.nunique())


def paid_rightly(seen: Seen) -> Measured:
    wrong = seen.audits.action.isin(("stop", "gradual_exit", "increase"))
    return share((~wrong).sum(), len(wrong), seen.audits.household_no.nunique())


def manual_check_right(seen: Seen) -> Measured:
    visits = seen.verifications[~seen.verifications.finding.isin(CLOSED)]
    before = visits.selected_on.dt.to_period("M").dt.start_time - pd.Timedelta(days=1)
    visits = visits.assign(as_of=before.astype("datetime64[us]"))
    audits = seen.audits.assign(as_of=pd.to_datetime(seen.audits.as_of).astype("datetime64[us]"))
    both = visits.merge(audits, on=["household_no", "as_of"], suffixes=("", "_true"))
    concealed = both[both.finding_true.isin(CONCEALED)]
    return share(concealed.finding.isin(CONCEALED).sum(), len(concealed))


def verified_a_year(seen: Seen) -> Measured:
    recipients = round(len(seen.audits) / seen.audits.as_of.nunique())
    return share(min(seen.last_year.household_no.nunique(), recipients), recipients)


def reported_unasked(seen: Seen) -> Measured:
    ended = seen.register.end_reason
    return share((ended == SELF_REPORTED).sum(), int(ended.isin(INCOME_ENDS).sum()))


def flexible_not_applied(seen: Seen) -> Measured:
    rows = seen.households[seen.households.eligible]
    never = rows.flexible_workers[~rows.ever_authorised]
    return share(never.sum(), int(rows.flexible_workers.sum()))


def coverage_migrants(seen: Seen) -> Measured:
    rows = seen.low_income[seen.low_income.migrant]
    return share(rows.covered.sum(), len(rows))


def coverage_locals(seen: Seen) -> Measured:
    rows = seen.low_income[~seen.low_income.migrant]
    return share(rows.covered.sum(), len(rows))


def overlap_unemployment(seen: Seen) -> Measured:
    paid = delivered(seen.landing, "unemployment_benefits")
    drawing = paid.id_no[paid.month > seen.as_of - pd.DateOffset(months=4)].drop_duplicates()
    dibao = seen.register.household_no[seen.register.category == "dibao"]
    current = seen.members.id_no[seen.members.household_no.isin(dibao)]
    return share(drawing.isin(current).sum(), len(drawing))


def contacts_stale(seen: Seen) -> Measured:
    rows = seen.households[seen.households.household_no.isin(seen.on_file.household_no)]
    return share(rows.contact_stale.sum(), len(rows))


def address_mismatch(seen: Seen) -> Measured:
    listed = seen.on_file.merge(seen.members, on="household_no")
    both = listed.merge(seen.residents, on="id_no")
    differs = (both.address != both.residence_address).groupby(both.household_no).any()
    return share(differs.sum(), len(differs))


def record_mismatch(seen: Seen) -> Measured:
    damage = seen.told("identity")
    other = (damage.table == "contributions") & (damage.damage == "mismatch")
    return share(other.sum(), len(delivered(seen.landing, "contributions")))


def found_different(seen: Seen) -> Measured:
    last = seen.audits[seen.audits.as_of == seen.audits.as_of.max()]
    return share((last.finding != "no_change").sum(), len(last))


def random_audit_errors(seen: Seen) -> Measured:
    rows = seen.verifications
    rows = rows[(rows.arm == "random") & ~rows.finding.isin(CLOSED)]
    return share((rows.finding != "no_change").sum(), len(rows))


def alerts_included(seen: Seen) -> Measured:
    rows = seen.outreach[seen.outreach.arm == "rule"]
    return share((rows.result == "eligible_applied").sum(), len(rows))


def outreach_unopened(seen: Seen) -> Measured:
    rows = seen.outreach[seen.outreach.result != "unreachable"]
    return share(rows.result.str.startswith("eligible", na=False).sum(), len(rows))


def outreach_claimed(seen: Seen) -> Measured:
    rows = seen.outreach[seen.outreach.result.str.startswith("eligible", na=False)]
    return share((rows.result == "eligible_applied").sum(), len(rows))


def days_to_decide(seen: Seen) -> Measured:
    rows = delivered(seen.landing, "applications").dropna(subset=["applied_on", "decided_on"])
    first, last = (rows[name].to_numpy().astype("datetime64[D]") for name in ("applied_on", "decided_on"))
    return mean(pd.Series(np.busday_count(first, last), dtype=float))


def households_a_worker(seen: Seen) -> Measured:
    """The whole district's, so there is no sampling to speak of."""
    homes, workers = len(seen.on_file), seen.last_year.worker_code.nunique()
    value = homes / workers if workers else float("nan")
    return Measured(value, value, value, homes)


MEASURES: dict[str, Callable[[Seen], Measured]] = {
    function.__name__: function
    for function in (
        dibao_share, dibao_of_low_income, urban_households, persons_registered, persons_living, old_60,
        children_under_15, hidden_income, exit_due, unapplied_eligible, paid_rightly, manual_check_right,
        verified_a_year, reported_unasked, flexible_not_applied, coverage_migrants, coverage_locals,
        overlap_unemployment, contacts_stale, address_mismatch, record_mismatch, found_different,
        random_audit_errors, alerts_included, outreach_unopened, outreach_claimed, days_to_decide,
        households_a_worker,
    )
}  # fmt: skip
