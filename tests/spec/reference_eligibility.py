"""The law once more, written as plainly as a clerk would: Python, fractions, one household at a time.

The Ibis rules are tested against it. It shares no code with them but the parameters and the declared shape
of a situation. The latest month of every monthly source is taken to be `LATEST`.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from features.parameters import Parameters
from features.rules.situations import Situation

LATEST = 2025 * 12 + 11  # November 2025, as year * 12 + month
PROPERTY = ("balances", "real_estate", "vehicles", "entities")


def yuan(value: object) -> Fraction:
    """Any written amount, exactly."""
    return Fraction(Decimal(str(value)))


def month_no(day: object) -> int:
    """Months since year 0 of a date or of text like 2025-11."""
    text = str(day)
    return int(text[:4]) * 12 + int(text[5:7])


def expanded(situation: Situation, source: str) -> list[dict]:
    """Records with one row a month."""
    rows = []
    for record in situation.records.get(source, []):
        if "from_month" not in record:
            rows.append(dict(record))
            continue
        for number in range(month_no(record["from_month"]), month_no(record["to_month"]) + 1):
            rows.append({**record, "month_no": number})
    return rows


class Clerk:
    """Judges one situation on file."""

    def __init__(self, situation: Situation, parameters: Parameters) -> None:
        self.s = situation
        self.parameters = parameters
        self.members = self._members()

    def value(self, name: str) -> object:
        return self.parameters.value(name, self.s.region, self.s.urban_rural, self.s.as_of)

    def answered(self, source: str) -> bool:
        return source not in self.s.silent

    def rows(self, source: str) -> list[dict]:
        """Rows that speak of members who count; plane A only under authorisation."""
        shared = ("unemployment_benefits", "settlements")
        if not self.s.authorised and source not in shared:
            return []
        return [row for row in expanded(self.s, source) if row["who"] in self.members]

    def _members(self) -> dict[str, date]:
        present = {member["who"]: member["born_on"] for member in self.s.members}
        for row in self.s.records.get("deaths", []):
            if row["died_on"] <= self.s.as_of:
                present.pop(row["who"], None)
        if self.s.authorised:
            for row in self.s.records.get("custody", []):
                if row["from"] <= self.s.as_of and (row.get("to") is None or row["to"] > self.s.as_of):
                    present.pop(row["who"], None)
        return present

    def age(self, born: date) -> int:
        on = self.s.as_of
        return on.year - born.year - ((born.month, born.day) > (on.month, on.day))

    def window(self, back: int) -> list[int]:
        size = self.value("income_window_months")
        return [LATEST - back * size - step for step in range(size)]

    def earned(self, back: int, sure: bool = True) -> Fraction:
        """Wages and other pay of one window, a year; not `sure`: with bases at the legal floor."""
        total, floor_base = Fraction(0), yuan(self.value("contribution_base_floor_yuan"))
        for who in self.members:
            for month in self.window(back):
                paid = [r for r in self.rows("withholding") if r["who"] == who and r["month_no"] == month]
                wages = sum(yuan(r["income_yuan"]) for r in paid if r["kind"] == "wages")
                other = sum(yuan(r["income_yuan"]) for r in paid if r["kind"] in ("labour", "platform"))
                base = sum(
                    yuan(r["base_yuan"])
                    for r in self.rows("contributions")
                    if r["who"] == who and r["month_no"] == month and r.get("employer_name")
                    if not sure or yuan(r["base_yuan"]) > floor_base
                )
                net = max(wages, base) + other - yuan(self.value("necessary_employment_cost_yuan"))
                total += max(net, Fraction(0))
        return total * 12 / self.value("income_window_months")

    def windowed(self, source: str, amount) -> Fraction:
        rows = [row for row in self.rows(source) if row["month_no"] in self.window(0)]
        return sum((amount(row) for row in rows), Fraction(0)) * 12 / self.value("income_window_months")

    def deposits(self) -> Fraction:
        latest: dict[tuple, dict] = {}
        for row in self.rows("balances"):
            account = (row["who"], row["institution"], row["kind"])
            if account not in latest or row["as_of_on"] > latest[account]["as_of_on"]:
                latest[account] = row
        return sum((yuan(row["balance_yuan"]) for row in latest.values()), Fraction(0))

    def recorded(self, sure: bool = True) -> Fraction:
        """Countable income on record, a year."""
        basic = yuan(self.value("resident_basic_pension_not_counted_yuan"))

        def pension(row: dict) -> Fraction:
            paid = yuan(row["amount_yuan"])
            return max(paid - basic, Fraction(0)) if row["kind"] == "resident" else paid

        def business(row: dict) -> Fraction:
            return yuan(row["income_yuan"]) if row["kind"] == "business" else Fraction(0)

        interest = self.deposits() * yuan(self.value("deposit_interest_rate_year"))
        gross = (
            self.earned(0, sure)
            + self.windowed("withholding", business)
            + self.windowed("pensions", pension)
            + self.windowed("unemployment_benefits", lambda row: yuan(row["amount_yuan"]))
            + Fraction(floor(interest * 100), 100)
        )
        paid = sum(
            (
                yuan(row["self_paid_yuan"])
                for row in self.rows("settlements")
                if month_no(self.s.as_of) - 12 < month_no(row["settled_on"])
                and row["settled_on"] <= self.s.as_of
            ),
            Fraction(0),
        )
        most = Fraction(floor(gross * yuan(self.value("medical_deduction_share_max")) * 100), 100)
        return gross - min(paid, most)

    def declared(self) -> Fraction | None:
        stated = self.s.household.get("declared_income_yuan")
        if stated is None:
            return None
        return yuan(stated) * (1 if self.s.household.get("income_period") == "year" else 12)

    def bounds(self) -> tuple[Fraction, Fraction]:
        recorded, declared = self.recorded(), self.declared() or Fraction(0)
        fallen = Fraction(0)
        if self.answered("withholding") and self.answered("contributions"):
            best = max(self.earned(back) for back in (1, 2, 3))
            fallen = max(best - self.earned(0), Fraction(0))
        low = max(recorded, declared - fallen)
        ages = [self.age(born) for born in self.members.values()]
        high = max(self.recorded(sure=False), declared)
        if not self.answered("withholding"):
            first, last = self.value("working_age_from"), self.value("working_age_until")
            working = sum(first <= age <= last for age in ages)
            insured = {
                r["who"]
                for r in self.rows("contributions")
                if r["month_no"] in self.window(0) and yuan(r["base_yuan"]) > 0 and r.get("employer_name")
            }
            high += max(working - len(insured), 0) * yuan(self.value("missing_wage_bound_yuan")) * 12
        if not self.answered("pensions"):
            old = sum(age >= self.value("old_age_from") for age in ages)
            high += old * yuan(self.value("missing_pension_bound_yuan")) * 12
        return low, high

    def over_property(self) -> bool:
        standard, count = yuan(self.value("standard")), len(self.members)
        cars = [row for row in self.rows("vehicles") if row["kind"] == "car"]
        limit = yuan(self.value("vehicle_value_limit_yuan"))
        homes = self.rows("real_estate")
        dwellings = {
            row["unit_no"]
            for row in homes
            if row["use"] == "dwelling" or (row["use"] == "homestead" and self.value("homestead_counted"))
        }
        return (
            self.deposits() > standard * self.value("deposit_limit_months") * count
            or any(yuan(row["listed_price_yuan"]) > limit for row in cars)
            or len(dwellings) > self.value("dwellings_limit")
            or any(row["use"] == "shop" for row in homes)
        )

    def line(self) -> Fraction:
        """One person's line, a year."""
        factor = {"dibao_marginal": "marginal_factor", "tekun": "tekun_factor"}.get(self.s.category)
        return yuan(self.value("standard")) * 12 * (yuan(self.value(factor)) if factor else 1)

    def amount(self, income: Fraction) -> int:
        count = len(self.members)
        if self.s.category == "dibao_marginal":
            return 0
        if self.s.category == "tekun":
            return ceil(self.line() * count / 12)
        return ceil(max(self.line() * count - income, Fraction(0)) / 12)

    def judge(self) -> dict[str, object]:
        """eligibility, income_low, income_high (a month, rounded down to the fen), entitled_low and _high."""
        low, high = self.bounds()
        limit = self.line() * len(self.members)
        silent = any(not self.answered(source) for source in PROPERTY)
        if not self.members or self.over_property() or low >= limit:
            answer = "not_eligible"
        elif high < limit and not silent and self.declared() is not None:
            answer = "eligible"
        else:
            answer = "unknown"
        return {
            "eligibility": answer,
            "income_low_yuan": Fraction(floor(low * 100 / 12), 100),
            "income_high_yuan": Fraction(floor(high * 100 / 12), 100),
            "entitled_low_yuan": self.amount(high) if answer == "eligible" else 0,
            "entitled_high_yuan": 0 if answer == "not_eligible" else self.amount(low),
        }
