"""The statuses once more, as plainly as a clerk would: see `reference_eligibility`."""

from calendar import monthrange
from datetime import date
from fractions import Fraction
from math import ceil

from tests.spec.reference_eligibility import Clerk, yuan

RIGID_SINCE = date(2025, 1, 1)
NOTHING: dict[str, object] = {}


def word(met: bool, refused: bool) -> str:
    """Met, refused, or left open."""
    return "true" if met else "false" if refused else "unknown"


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def completed(start: date, day: date) -> int:
    """Whole months between two days."""
    return (day.year - start.year) * 12 + day.month - start.month - (day.day < start.day)


class StatusClerk(Clerk):
    """Tells the statuses of one situation on file: `status_<code>`, `_yuan` and `_on`."""

    def statuses(self) -> dict[str, object]:
        told: dict[str, object] = {}
        for name in dir(self):
            if name.startswith("tell_"):
                told |= getattr(self, name)()
        return told

    def line_of(self, factor: str | None) -> Fraction:
        """Of all members, a year."""
        whole = yuan(self.value("standard")) * 12 * len(self.members)
        return whole * yuan(self.value(factor)) if factor else whole

    def barred(self) -> bool:
        return not self.members or self.over_property()

    def surely_below(self, line: Fraction) -> bool:
        return self.bounds()[1] < line and self.rest_known() and not self.barred()

    def reaches(self, line: Fraction) -> bool:
        return self.bounds()[0] >= line

    def tell_dibao(self) -> dict[str, object]:
        line = self.line_of(None)
        met = self.surely_below(line)
        return {
            "status_dibao": word(met, self.barred() or self.reaches(line)),
            "status_dibao_yuan": self.paid(line - self.bounds()[1]) if met else Fraction(0),
        }

    def marginal(self) -> str:
        standard, line = self.line_of(None), self.line_of("marginal_factor")
        poorer = self.bounds()[1] < standard
        met = self.reaches(standard) and self.surely_below(line)
        return word(met, self.barred() or self.reaches(line) or poorer)

    def tell_marginal(self) -> dict[str, object]:
        persons = len(self.alone() | self.ill())
        told = self.answered("certificates") and self.answered("serious_illness")
        refused = self.marginal() == "false" or (not persons and told)
        answer = word(self.marginal() == "true" and persons > 0, refused)
        possible = Fraction(ceil(persons * yuan(self.value("standard"))))
        return {
            "status_dibao_marginal": self.marginal(),
            "status_single_person_dibao": answer,
            "status_single_person_dibao_yuan": Fraction(0) if answer == "false" else possible,
        }

    def unable(self) -> set[str]:
        first, old = self.value("working_age_from"), self.value("old_age_from")
        return {who for who, age in self.ages().items() if age < first or age >= old} | self.alone()

    def ageless(self) -> set[str]:
        return set(self.members) - set(self.ages()) - self.alone()

    def tell_tekun(self) -> dict[str, object]:
        line = self.line_of("tekun_factor")
        may_be = len(self.members) == len(self.unable() | self.ageless())
        refused = self.barred() or self.reaches(line) or (not may_be and self.answered("certificates"))
        met = len(self.unable()) == len(self.members) and self.surely_below(line)
        return {"status_tekun": word(met, refused)}

    def tell_rigid_expenditure(self) -> dict[str, object]:
        spent, dear = self.self_paid(), set()
        for row in self.open_rows("enrolments"):
            cost = max(yuan(row.get("fee_yuan_year") or 0) - yuan(row.get("aid_yuan_year") or 0), Fraction(0))
            if row["stage"] == "postgraduate":
                continue
            if row.get("school_kind") == "public":
                spent += cost
            elif cost:
                dear.add(row["who"])
        low, high = self.between(self.gross(), self.gross(sure=False))
        ratio = yuan(self.value("rigid_expenditure_ratio"))
        dibao = self.surely_below(self.line_of(None))
        unseen = bool(self.certified()) or bool(dear)
        met = spent > high * ratio and self.rest_known() and not self.barred() and not dibao
        refused = self.barred() or dibao or (spent <= low * ratio and not unseen)
        granted = self.s.household.get("granted_on")
        months = min(
            self.value("rigid_expenditure_valid_months"), self.value("rigid_expenditure_valid_months_max")
        )
        held = self.s.category == "rigid_expenditure" and granted
        return {
            "status_rigid_expenditure": word(met, refused) if self.s.as_of >= RIGID_SINCE else "false",
            "status_rigid_expenditure_yuan": spent,
            "status_rigid_expenditure_on": later(granted, months) if held else None,
        }

    def tell_categorised_supplement(self) -> dict[str, object]:
        covered = self.s.category in ("dibao", "tekun")
        told = self.answered("certificates") and self.answered("serious_illness")
        paid_here = self.value("supplement_severe_disability_yuan") or self.value(
            "supplement_serious_illness_yuan"
        )
        due = self.supplements()
        open_ = covered and not told and paid_here
        return {
            "status_categorised_supplement": "true"
            if covered and due
            else "unanswered"
            if open_
            else "false",
            "status_categorised_supplement_yuan": due if covered else Fraction(0),
        }

    def met_visits(self) -> list[dict]:
        return [row for row in self.s.records.get("verifications", []) if row["visited_on"] <= self.s.as_of]

    def tell_gradual_exit(self) -> dict[str, object]:
        on, benefit = self.s.as_of, self.s.household.get("benefit_yuan_month")
        granted = self.s.household.get("granted_on")
        exits = [r["visited_on"] for r in self.met_visits() if r.get("action") == "gradual_exit"]
        start = max(exits, default=None)
        decided = start is not None and (granted is None or start >= granted)
        start = start if decided else on
        months = min(self.value("gradual_exit_months"), self.value("gradual_exit_months_max"))
        here = bool(self.members) and bool(benefit) and yuan(benefit) > 0
        ends = later(start, months)
        running = decided and on < ends and here
        low = self.bounds()[0]
        passed = low >= self.line() * len(self.members) and not self.over_property()
        may_begin = passed and self.s.category == "dibao" and not decided and here
        answer = "true" if running else "unknown" if may_begin and months else "false"
        if answer == "false" and not decided and not self.answered("verifications"):
            answer = "unanswered"
        kept = Fraction(0)
        if running or may_begin:
            listed = len({member["who"] for member in self.s.members})
            share = Fraction(len(self.members), listed) * self.share(months, completed(start, on))
            kept = Fraction(ceil(yuan(benefit) * share))
        return {
            "status_gradual_exit": answer,
            "status_gradual_exit_yuan": kept,
            "status_gradual_exit_on": ends if running or may_begin else None,
        }

    def share(self, months: int, gone: int) -> Fraction:
        return {
            "full": Fraction(1),
            "half": Fraction(1, 2),
            "full_then_half": Fraction(1) if gone * 2 < months else Fraction(1, 2),
            "stepped_down": Fraction(max(months - gone, 0), max(months, 1)),
        }[self.value("gradual_exit_formula")]

    def unstable(self) -> bool:
        def other(row: dict) -> Fraction:
            return yuan(row["income_yuan"]) if row["kind"] in ("labour", "platform") else Fraction(0)

        unemployed = self.windowed("unemployment_benefits", lambda row: yuan(row["amount_yuan"]))
        pay = self.windowed("withholding", other) + self.business()
        return pay + unemployed + self.fallen() > 0 or self.newly_insured()

    def newly_insured(self) -> bool:
        """An employer's first month: after the grant, in the year, still running, not where data begin."""
        granted, begins = self.s.household.get("granted_on"), self.begins
        today = self.s.as_of.year * 12 + self.s.as_of.month
        for who in self.members:
            rows = [r for r in self.rows("contributions") if r["who"] == who and r.get("employer_name")]
            months = [row["month_no"] for row in rows if row["month_no"] <= today]
            if not months or granted is None:
                continue
            first = min(months)
            after = date((first - 1) // 12, (first - 1) % 12 + 1, 1) > granted
            if after and first > today - 12 and max(months) > today - 4 and first > begins + 1:
                return True
        return False

    #: The first month in which anybody of the city is insured by an employer.
    begins = 2025 * 12 + 3

    def class_of(self) -> dict[str, str]:
        """Each class with its word."""
        on, granted = self.s.as_of, self.s.household.get("granted_on")
        seen = self.answered("withholding") and self.answered("contributions")
        unstable, able, may_be = self.unstable(), bool(self.able()), bool(self.able() or self.ageless())
        new = granted is not None and later(granted, 12) > on
        conditions = {
            "income_unstable": (unstable, unstable or not seen),
            "able_to_work": (able, may_be),
            "newly_granted": (new, new or granted is None),
            "income_stable": (not unstable and seen, not unstable),
            "none_able_to_work": (not may_be, not able),
        }
        (sure_a, may_a), (sure_c, may_c) = (
            tuple(all(conditions[code][part] for code in self.value(name)) for part in (0, 1))
            for name in ("review_class_a_when", "review_class_c_when")
        )
        here = bool(self.members)
        return {
            "a": word(sure_a and here, not may_a or not here),
            "b": word(not may_a and not may_c and here, sure_a or sure_c or not here),
            "c": word(sure_c and not may_a and here, not may_c or sure_a or not here),
        }

    def tell_review(self) -> dict[str, object]:
        classes = self.class_of()
        letter = (self.s.household.get("review_class") or "").lower() or next(
            (letter for letter, answer in classes.items() if answer == "true"), None
        )
        met = [r["visited_on"] for r in self.met_visits() if r["finding"] not in ("refused", "unreachable")]
        granted = self.s.household.get("granted_on")
        last = max([*met, *([granted] if granted else [])], default=None)
        due = None
        if letter and last:
            restless = self.unstable() and self.able()
            most = self.value("review_unstable_months_max" if restless else "review_stable_months_max")
            due = later(last, min(self.value(f"review_class_{letter}_months"), most))
        answer = "unanswered" if due is None else "true" if due <= self.s.as_of else "false"
        told: dict[str, object] = {f"status_review_class_{one}": classes[one] for one in classes}
        return told | {"status_review_due": answer, "status_review_due_on": due}

    def tell_relatives(self) -> dict[str, object]:
        stated = self.s.household.get("staff_relative")
        return {"status_staff_relative": {"yes": "true", "no": "false"}.get(stated, "unanswered")}

    def tell_deaths(self) -> dict[str, object]:
        listed = {member["who"] for member in self.s.members}
        died = {
            row["who"]: row["died_on"]
            for row in self.s.records.get("deaths", [])
            if row["died_on"] <= self.s.as_of and row["who"] in listed
        }
        due = later(min(died.values()), self.value("death_follow_up_months")) if died else None
        late = due is not None and due < self.s.as_of
        return {
            "status_death_follow_up_overdue": "true"
            if late
            else "false"
            if self.answered("deaths")
            else "unanswered",
            "status_death_follow_up_overdue_yuan": len(died) * yuan(self.value("standard")),
            "status_death_follow_up_overdue_on": due,
        }

    def tell_covered_twice(self) -> dict[str, object]:
        orphans = self.who("other_benefits", lambda row: row["programme"] == "orphan")
        if self.s.category == "tekun" and orphans:
            return {"status_covered_twice": "true"}
        return {"status_covered_twice": "false" if self.answered("other_benefits") else "unanswered"}

    def tell_programmes(self) -> dict[str, object]:
        told = {
            "medical": self.medical(),
            "education": self.asked(len(self.pupils()) > len(self.aided()), "enrolments"),
            "housing": self.housing(),
            "disability": self.disability(),
            "employment": self.employment(),
            "old_age": self.asked(len(self.very_old()) > len(self.drawn("old_age")), "other_benefits"),
        }
        answers: dict[str, object] = {f"status_programme_{name}": answer for name, answer in told.items()}
        return answers | {"status_programme_medical_yuan": self.self_paid()}

    def asked(self, met: bool, *sources: str) -> str:
        return "true" if met else "false" if all(map(self.answered, sources)) else "unanswered"

    def aided(self) -> set[str]:
        return self.who(
            "enrolments",
            lambda row: row["stage"] != "postgraduate" and yuan(row.get("aid_yuan_year") or 0) > 0,
        )

    def very_old(self) -> set[str]:
        return {who for who, age in self.ages().items() if age >= self.value("supplement_old_age_from")}

    def drawn(self, programme: str) -> set[str]:
        return self.who("other_benefits", lambda row: row["programme"] == programme)

    def medical(self) -> str:
        high = self.self_paid() >= yuan(self.value("hardship_self_paid_yuan_year"))
        if self.members and (self.ill() or high):
            return "true"
        return self.asked(False, "serious_illness", "settlements")

    def housing(self) -> str:
        homes = [row for row in self.rows("real_estate") if row["use"] in ("dwelling", "homestead")]
        none = bool(self.members) and not homes and not self.open_rows("public_rental")
        told = self.answered("real_estate") and self.answered("public_rental")
        return word(none and told, not none)

    def disability(self) -> str:
        drawn = len(self.drawn("disability"))
        disabled = len({row["who"] for row in self.certified()})
        if len(self.severe()) > drawn or (self.s.category == "dibao" and disabled > drawn):
            return "true"
        return "unknown" if disabled > drawn else self.asked(False, "certificates", "other_benefits")

    def employment(self) -> str:
        idle = len(self.able()) > len(self.insured())
        told = self.answered("contributions") and self.answered("certificates")
        return word(idle and told, not idle and not self.ageless())
