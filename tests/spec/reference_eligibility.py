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
FACTORS = {
    "dibao_marginal": "marginal_factor",
    "rigid_expenditure": "marginal_factor",
    "tekun": "tekun_factor",
}
PROPERTY = ("balances", "real_estate", "vehicles", "entities")
PLANE_A = {
    "withholding", "contributions", "pensions", "housing_fund", "custody", "balances", "vehicles",
    "real_estate", "entities", "shareholders",
}  # fmt: skip
#: What a place may count although most leave it out: programme -> code of the list it may stand in.
ALLOWANCES = {"old_age": "old_age_allowance", "disability": "disability_allowance"}


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
        self._found: dict[object, object] = {}
        self.members = self._members()

    def value(self, name: str) -> object:
        return self.once(("value", name), lambda: self._value(name))

    def _value(self, name: str) -> object:
        own = dict(self.s.parameters)
        if name in own:
            return own[name]
        return self.parameters.value(name, self.s.region, self.s.urban_rural, self.s.as_of)

    def answered(self, source: str) -> bool:
        return source not in self.s.silent

    def rows(self, source: str) -> list[dict]:
        """Rows that speak of members who count; plane A only under authorisation."""
        return self.once(source, lambda: self._rows(source))

    def once(self, key: object, find) -> object:
        """What was found before is not looked for again."""
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]

    def _rows(self, source: str) -> list[dict]:
        if not self.s.authorised and source in PLANE_A:
            return []
        return [row for row in expanded(self.s, source) if row["who"] in self.members]

    def _members(self) -> dict[str, date]:
        present = {member["who"]: member["born_on"] for member in self.s.members}
        for row in self.s.records.get("deaths", []):
            if row["died_on"] <= self.s.as_of:
                present.pop(row["who"], None)
        if self.s.authorised:
            for row in self.s.records.get("custody", []):
                if row["from"] <= self.s.as_of <= (row.get("to") or self.s.as_of):
                    present.pop(row["who"], None)
        return present

    def open_rows(self, source: str) -> list[dict]:
        """Rows of a state that holds on the date; its last day is one of it."""
        on = self.s.as_of
        return [r for r in self.rows(source) if r["from"] <= on <= (r.get("to") or on)]

    def who(self, source: str, when=lambda row: True) -> set[str]:
        """Members of whom a row on the date says so."""
        rows = self.open_rows(source)
        return {row["who"] for row in rows if when(row)}

    def certified(self) -> list[dict]:
        on = self.s.as_of
        rows = self.rows("certificates")
        return [r for r in rows if r["issued_on"] <= on and (r.get("valid_until") or on) >= on]

    def severe(self) -> set[str]:
        return {r["who"] for r in self.certified() if r["grade"] <= self.value("severe_disability_grade")}

    def alone(self) -> set[str]:
        """Severely disabled, or grade 3 of the mind."""
        mind = ("intellectual", "mental")
        return self.severe() | {
            r["who"] for r in self.certified() if r["grade"] == 3 and r["category"] in mind
        }

    def ill(self) -> set[str]:
        return {r["who"] for r in self.rows("serious_illness") if r["registered_on"] <= self.s.as_of}

    def pupils(self) -> set[str]:
        return self.who("enrolments", lambda row: row["stage"] != "postgraduate")

    def ages(self) -> dict[str, int]:
        """Of members whose birthday is known."""
        return {who: self.age(born) for who, born in self.members.items() if born}

    def working(self) -> set[str]:
        first, last = self.value("working_age_from"), self.value("working_age_until")
        return {who for who, age in self.ages().items() if first <= age <= last}

    def able(self) -> set[str]:
        return self.working() - self.alone() - self.ill() - self.pupils()

    def insured(self) -> set[str]:
        """Members with a base in the latest window."""
        return {
            r["who"]
            for r in self.rows("contributions")
            if r["month_no"] in self.window(0) and yuan(r["base_yuan"]) > 0 and r.get("employer_name")
        }

    def age(self, born: date) -> int:
        on = self.s.as_of
        return on.year - born.year - ((born.month, born.day) > (on.month, on.day))

    def window(self, back: int) -> list[int]:
        size = self.value("income_window_months")
        return [LATEST - back * size - step for step in range(size)]

    def earned(self, back: int, sure: bool = True) -> Fraction:
        """Wages and other pay of one window, a year; not `sure`: with bases at the legal floor."""
        return self.once((back, sure), lambda: self._earned(back, sure))

    def _earned(self, back: int, sure: bool) -> Fraction:
        total, floor_base = Fraction(0), yuan(self.value("contribution_base_floor_yuan"))
        deductible = "employment_cost" in self.value("income_deductible")
        cost = yuan(self.value("necessary_employment_cost_yuan")) if deductible else Fraction(0)
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
                net = max(wages, base) + other - cost
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

    def business(self) -> Fraction:
        return self.windowed(
            "withholding", lambda row: yuan(row["income_yuan"]) if row["kind"] == "business" else Fraction(0)
        )

    def allowances(self) -> Fraction:
        """Allowances for age and disability a year, where the place does not leave them out."""
        exempt = self.value("income_exempt")
        counted = [name for name, code in ALLOWANCES.items() if code not in exempt]
        rows = [row for row in self.open_rows("other_benefits") if row["programme"] in counted]
        return sum((yuan(row["amount_yuan_month"]) for row in rows), Fraction(0)) * 12

    def gross(self, sure: bool = True) -> Fraction:
        """Income on record of the kinds that count, a year, before medical costs."""
        return self.once(("gross", sure), lambda: self._gross(sure))

    def _gross(self, sure: bool) -> Fraction:
        basic = yuan(self.value("resident_basic_pension_not_counted_yuan"))

        def pension(row: dict) -> Fraction:
            paid = yuan(row["amount_yuan"])
            return max(paid - basic, Fraction(0)) if row["kind"] == "resident" else paid

        interest = self.deposits() * yuan(self.value("deposit_interest_rate_year"))
        kinds = {
            "wages": self.earned(0, sure),
            "business": self.business(),
            "property": Fraction(floor(interest * 100), 100),
            "transfer": self.windowed("pensions", pension)
            + self.windowed("unemployment_benefits", lambda row: yuan(row["amount_yuan"]))
            + self.allowances(),
        }
        counted = self.value("income_kinds_counted")
        return sum((amount for kind, amount in kinds.items() if kind in counted), Fraction(0))

    def self_paid(self) -> Fraction:
        on = self.s.as_of
        rows = [row for row in self.rows("settlements") if row["settled_on"] <= on]
        rows = [row for row in rows if month_no(row["settled_on"]) > month_no(on) - 12]
        return sum((yuan(row["self_paid_yuan"]) for row in rows), Fraction(0))

    def recorded(self, sure: bool = True) -> Fraction:
        """Countable income on record, a year."""
        gross = self.gross(sure)
        if "illness_cost" not in self.value("income_deductible"):
            return gross
        most = Fraction(floor(gross * yuan(self.value("medical_deduction_share_max")) * 100), 100)
        return gross - min(self.self_paid(), most)

    def declared(self) -> Fraction | None:
        stated = self.s.household.get("declared_income_yuan")
        if stated is None:
            return None
        return yuan(stated) * (1 if self.s.household.get("income_period") == "year" else 12)

    def fallen(self) -> Fraction:
        """Wages of an earlier window of the year that the latest does not show."""
        if not (self.answered("withholding") and self.answered("contributions")):
            return Fraction(0)
        best = max(self.earned(back) for back in (1, 2, 3))
        return max(best - self.earned(0), Fraction(0))

    def standing(self) -> Fraction:
        return max((self.declared() or Fraction(0)) - self.fallen(), Fraction(0))

    def assumed(self) -> Fraction:
        return self.idle_bound(self.able()) if self.value("earnings_assumed") else Fraction(0)

    def idle_bound(self, members: set[str]) -> Fraction:
        idle = max(len(members) - len(self.insured()), 0)
        return idle * yuan(self.value("missing_wage_bound_yuan")) * 12

    def wage_bound(self) -> Fraction:
        if self.answered("withholding"):
            return Fraction(0)
        return max(self.idle_bound(self.working()) - self.assumed(), Fraction(0))

    def pension_bound(self) -> Fraction:
        if self.answered("pensions"):
            return Fraction(0)
        old = sum(age >= self.value("old_age_from") for age in self.ages().values())
        return old * yuan(self.value("missing_pension_bound_yuan")) * 12

    def between(self, sure: Fraction, possible: Fraction) -> tuple[Fraction, Fraction]:
        """Low and high from what is surely and possibly on record."""
        low = max(sure, self.standing()) + self.assumed()
        high = max(possible, self.declared() or Fraction(0)) + self.assumed()
        return low, high + self.wage_bound() + self.pension_bound()

    def bounds(self) -> tuple[Fraction, Fraction]:
        return self.between(self.recorded(), self.recorded(sure=False))

    def company_over(self) -> bool:
        companies = {
            row["uscc"]: row
            for row in self.rows("entities")
            if row["kind"] == "company" and row["status"] == "active" and row["registered_on"] <= self.s.as_of
        }
        capital = yuan(self.value("company_capital_limit_yuan"))
        return len(companies) > self.value("market_entities_limit") or any(
            yuan(row["registered_capital_yuan"]) > capital for row in companies.values()
        )

    def dwellings(self) -> dict[str, dict]:
        """Dwellings that count, each once."""
        kinds = ("dwelling", "homestead") if self.value("homestead_counted") else ("dwelling",)
        return {row["unit_no"]: row for row in self.rows("real_estate") if row["use"] in kinds}

    def over_property(self) -> bool:
        standard, count = yuan(self.value("standard")), len(self.members)
        cars = [row for row in self.rows("vehicles") if row["kind"] == "car"]
        limit = yuan(self.value("vehicle_value_limit_yuan"))
        homes = self.dwellings()
        area = sum((yuan(row["area_m2"]) for row in homes.values()), Fraction(0))
        spacious = area > yuan(self.value("dwelling_area_limit_m2")) * count
        return (
            self.deposits() > standard * self.value("deposit_limit_months") * count
            or any(yuan(row["listed_price_yuan"]) > limit for row in cars)
            or len(cars) > self.value("vehicles_limit")
            or len(homes) > self.value("dwellings_limit")
            or (len(homes) > 1 and spacious)
            or any(row["use"] == "shop" for row in self.rows("real_estate"))
            or (self.company_over() and self.business() > 0)
        )

    def supplements(self) -> Fraction:
        """A month."""
        ages = self.ages().values()
        old_from = self.value("supplement_old_age_from")
        counts = {
            "supplement_severe_disability_yuan": len(self.severe()),
            "supplement_serious_illness_yuan": len(self.ill()),
            "supplement_child_yuan": sum(age < 18 for age in ages),
            "supplement_old_age_yuan": sum(age >= old_from for age in ages),
        }
        return sum((count * yuan(self.value(name)) for name, count in counts.items()), Fraction(0))

    def line(self) -> Fraction:
        """One person's line, a year."""
        factor = FACTORS.get(self.s.category)
        return yuan(self.value("standard")) * 12 * (yuan(self.value(factor)) if factor else 1)

    def amount(self, income: Fraction) -> Fraction:
        count = len(self.members)
        if self.s.category in ("dibao_marginal", "rigid_expenditure"):
            return Fraction(0)
        if self.s.category == "tekun":
            return self.paid(self.line() * count)
        return self.paid(max(self.line() * count - income, Fraction(0)))

    def paid(self, year: Fraction) -> Fraction:
        """A year's sum as whole yuan a month, rounded up once, and supplements where it is anything."""
        return ceil(year / 12) + self.supplements() if year > 0 else Fraction(0)

    def silent_property(self) -> list[str]:
        return [source for source in PROPERTY if not self.answered(source)]

    def rest_known(self) -> bool:
        return not self.silent_property() and not self.company_over() and self.declared() is not None

    def eligibility(self) -> str:
        low, high = self.bounds()
        limit = self.line() * len(self.members)
        if not self.members or self.over_property() or low >= limit:
            return "not_eligible"
        return "eligible" if high < limit and self.rest_known() else "unknown"

    def judge(self) -> dict[str, object]:
        """eligibility, income_low, income_high (a month, rounded down to the fen), entitled_low and _high."""
        (low, high), answer = self.bounds(), self.eligibility()
        return {
            "eligibility": answer,
            "income_low_yuan": Fraction(floor(low * 100 / 12), 100),
            "income_high_yuan": Fraction(floor(high * 100 / 12), 100),
            "entitled_low_yuan": self.amount(high) if answer == "eligible" else Fraction(0),
            "entitled_high_yuan": Fraction(0) if answer == "not_eligible" else self.amount(low),
        }

    def missing_item(self) -> str | None:
        """What is worth most: the room it may fill, and the room again where it leaves nothing open."""
        if self.eligibility() != "unknown":
            return None
        if not self.s.authorised:
            return "authorisation"
        (low, high), limit = self.bounds(), self.line() * len(self.members)
        room = limit - low
        needed = self.silent_property()
        needed += ["declared_income"] * (self.declared() is None) + ["business_check"] * self.company_over()
        widths = {"withholding": self.wage_bound(), "pensions": self.pension_bound()}
        widths["wage_proof"] = high - low - sum(widths.values())
        worth: dict[str, Fraction] = {}
        for item in ("withholding", "pensions", *PROPERTY, "declared_income", "business_check", "wage_proof"):
            if item in widths:
                settles = not needed and high - widths[item] < limit
                worth[item] = min(widths[item], room) + room * settles if high >= limit else Fraction(0)
            else:
                settles = needed == [item] and high < limit
                worth[item] = room + room * settles if item in needed else Fraction(0)
        return max(worth, key=worth.__getitem__)
