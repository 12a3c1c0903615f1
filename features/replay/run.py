"""The real profile and the real rules on a warehouse, judged once for each set of values."""

from datetime import date

import ibis

from features import profile, rules
from features.engines import Warehouse
from features.household import Universe, standards
from features.known import Calendar, Sight
from features.parameters import Parameters, in_force, schema
from features.plan import Plan
from features.replay.linked import with_linked
from features.rules.core import Rule
from features.rules.core import Universe as RulesUniverse
from features.rules.judgement import rules_of

#: Of a household's facts and answer, what changes and the exit are told from.
KEPT = (
    "household_id",
    "district_code",
    "urban_rural",
    "category",
    "eligibility",
    "entitled_low_fen",
    "entitled_high_fen",
    "benefit_fen",
    "income_high_year_fen",
    "line_fen",
    "line_marginal_fen",
    "over_property",
    "persons",
    "pupils",
)


class Replay:
    """Households of a universe, described once: `see` a date, then `judge` it by as many values as wanted.

    values: parameters of every district that any of the judgements will know of. What is computed are
    temporary tables of the engine's own session; the warehouse is only read.
    """

    def __init__(
        self, warehouse: Warehouse, calendar: Calendar, values: Parameters, universe: Universe, key: str
    ) -> None:
        self._connection, self._values, self._universe = warehouse.connection, values, universe
        self._sight = Sight(warehouse, calendar, Plan(self._connection, universe.value))
        self._law = Plan(self._connection, f"replay_{universe.value}")
        tables = profile.describe(self._sight, universe, values, key)
        given = self._law.given("values", schema())
        rules.describe(tables["profile"], tables, self._sight.as_of, given, universe.value, self._law.keep)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that speak of the universe."""
        return rules_of(RulesUniverse(self._universe.value))

    def see(self, as_of: date) -> None:
        """Compute who the households are and what was known of them on a date."""
        self._sight.plan.run({**self._sight.values(as_of), **standards(self._values, as_of)}, {})

    def judge(self, name: str, values: Parameters, in_force_on: date) -> ibis.Table:
        """Judge what was seen by the values in force on a date; a table of that name holds the answers.

        One row a household: `KEPT`, street_code, linked_fen, kept_fen and each rule's verdict by its code.
        """
        self._law.run({}, {"values": in_force(values, in_force_on).to_pyarrow()})
        answers = with_linked(self._law.table("law_answers").select(*KEPT), self._law.table("values"))
        verdicts = self._law.table("law_verdicts")
        verdicts = verdicts.select(
            "household_id", **{r.code: verdicts[f"{r.code}__verdict"] for r in self.rules}
        )
        streets = self._sight.plan.table("profile").select("household_id", "street_code")
        whole = answers.inner_join(streets, "household_id").inner_join(verdicts, "household_id")
        return self.keep(name, whole)

    def keep(self, name: str, rows: ibis.Table) -> ibis.Table:
        """Compute rows once, for as long as the session lasts."""
        stored = f"replayed_{self._universe.value}_{name}"
        return self._connection.create_table(stored, rows, temp=True, overwrite=True)
