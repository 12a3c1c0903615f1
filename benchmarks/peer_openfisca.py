"""The same few rules in OpenFisca-core: income, line, property, amount, for the same households.

Run in an environment of its own (`uv run --isolated --with openfisca-core`), so it imports nothing of the
product. It reads the stored tables that `benchmarks/rules_city.py` wrote, lays them out as arrays a person or
household and month, as OpenFisca wants its inputs, and lets OpenFisca compute; it is vectorised throughout.
Amounts are whole fen, so that its answers can be compared exactly. Prints seconds: of laying out, of
OpenFisca, of all.

    python peer_openfisca.py CITY VALUES.json ANSWERS.parquet
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import ETERNITY, MONTH, YEAR
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD, LATEST = "2025", (2025, 11)
AS_OF = (2025, 12)
MONTHS, MILLION = 12, 1_000_000
CATEGORIES = ("dibao", "dibao_marginal", "tekun")
ANSWERS = ("not_eligible", "eligible", "unknown")

Person = Entity("person", "persons", "A member", "")
Household = GroupEntity("household", "households", "A household", "", roles=[{"key": "member"}])
SYSTEM = TaxBenefitSystem([Person, Household])


def declare(name, entity, formula=None, period=MONTH, kind=int):
    """Add a variable; without a formula it is an input."""
    members = {"value_type": kind, "entity": entity, "definition_period": period, "label": name}
    SYSTEM.add_variable(type(name, (Variable,), members | ({"formula": formula} if formula else {})))


def window(period, back):
    """The three months that end `back` windows of three before the latest month."""
    last = period.first_month.offset(LATEST[1] - 1, "month")
    return [last.offset(-3 * back - step, "month") for step in range(3)]


def local(parameters, household, period, name):
    """A parameter of each household's region."""
    return parameters(period)[name][np.where(household("rural", period), "rural", "urban")].astype(np.int64)


def divide_up(amount, divisor):
    return -(-amount // divisor)


for source in ("wages", "other_pay", "base", "business", "pension", "resident_pension", "unemployment"):
    declare(source, Person)
for given in (
    "deposits", "self_paid", "declared", "cars", "cars_over_limit", "dwellings", "dwelling_area", "shops",
    "category", "minors", "aged",
):  # fmt: skip
    declare(given, Household, period=YEAR)
declare("rural", Household, period=ETERNITY, kind=bool)
declare("says_income", Household, period=YEAR, kind=bool)


def earned(person, period, parameters, floor_counts):
    """Wages or the contribution base, whichever is more, and other pay, less the cost of working."""
    household, year = person.household, period.this_year  # a projector: its answers are a person's
    base = person("base", period)
    if not floor_counts:
        floor = local(parameters, household, year, "floor")
        base = np.where(base > floor, base, 0)
    cost = local(parameters, household, year, "employment_cost")
    return np.maximum(np.maximum(person("wages", period), base) + person("other_pay", period) - cost, 0)


def net_pay(person, period, parameters):
    return earned(person, period, parameters, floor_counts=False)


def net_pay_at_most(person, period, parameters):
    return earned(person, period, parameters, floor_counts=True)


def of_window(household, period, name, back=0):
    """A monthly amount of all members over a window, as fen a year."""
    return 4 * sum(household.sum(household.members(name, month)) for month in window(period, back))


def earned_before(household, period):
    windows = [of_window(household, period, "net_pay", back) for back in (1, 2, 3)]
    return np.maximum(np.maximum(windows[0], windows[1]), windows[2])


def besides(household, period, parameters):
    """Income beside work: business, pensions, unemployment benefit, interest."""
    not_counted = local(parameters, household, period, "basic_pension")
    resident = 4 * sum(
        household.sum(
            np.maximum(household.members("resident_pension", month) - household.project(not_counted), 0)
        )
        for month in window(period, 0)
    )
    rate = local(parameters, household, period, "interest")
    interest = household("deposits", period).astype(np.int64) * rate // MILLION
    monthly = sum(of_window(household, period, name) for name in ("business", "pension", "unemployment"))
    return monthly + resident + interest


def after_deduction(household, period, parameters, gross):
    ceiling = gross.astype(np.int64) * local(parameters, household, period, "medical_share") // MILLION
    return gross - np.minimum(household("self_paid", period), ceiling)


def recorded(household, period, parameters):
    gross = of_window(household, period, "net_pay") + household("besides", period)
    return after_deduction(household, period, parameters, gross)


def possible(household, period, parameters):
    gross = of_window(household, period, "net_pay_at_most") + household("besides", period)
    return after_deduction(household, period, parameters, gross)


def income_low(household, period):
    fallen = np.maximum(household("earned_before", period) - of_window(household, period, "net_pay"), 0)
    standing = np.maximum(household("declared", period) - fallen, 0)
    return np.maximum(household("recorded", period), standing)


def income_high(household, period):
    return np.maximum(household("possible", period), household("declared", period))


def persons(household, period):
    return household.nb_persons()


def line(household, period, parameters):
    """Yearly line of one person for the category held."""
    factors = [local(parameters, household, period, name) for name in ("one", "marginal", "tekun")]
    year = local(parameters, household, period, "standard") * MONTHS
    return divide_up(
        year * np.select([household("category", period) == n for n in range(3)], factors), MILLION
    )


def property_over(household, period, parameters):
    limit = local(parameters, household, period, "standard") * local(
        parameters, household, period, "deposit_months"
    )
    area = household("persons", period) * local(parameters, household, period, "area_limit")
    dwellings = household("dwellings", period)
    return (
        (household("deposits", period) > household("persons", period) * limit)
        | (household("cars_over_limit", period) > 0)
        | (household("cars", period) > local(parameters, household, period, "cars_limit"))
        | (dwellings > local(parameters, household, period, "dwellings_limit"))
        | ((dwellings > 1) & (household("dwelling_area", period) > area))
        | (household("shops", period) > local(parameters, household, period, "shops_limit"))
    )


def eligibility(household, period):
    most = household("line", period).astype(np.int64) * household("persons", period)
    refused = household("property_over", period) | (household("income_low", period) >= most)
    certain = (household("income_high", period) < most) & household("says_income", period)
    return np.select([refused, certain], [0, 1], 2)


def entitled(household, period, parameters, income):
    """Line times people less income, a month, rounded up once to the yuan; fen."""
    year = local(parameters, household, period, "standard") * MONTHS * household("persons", period)
    topped = np.maximum(year - household(income, period), 0)
    tekun = household("line", period).astype(np.int64) * household("persons", period)
    basis = np.select([household("category", period) == n for n in range(3)], [topped, 0, tekun])
    step = local(parameters, household, period, "rounding")
    supplements = household("minors", period) * local(parameters, household, period, "child_supplement")
    supplements += household("aged", period) * local(parameters, household, period, "age_supplement")
    return divide_up(basis, step * MONTHS) * step + np.where(basis > 0, supplements, 0)


def entitled_low(household, period, parameters):
    amount = entitled(household, period, parameters, "income_high")
    return np.where(household("eligibility", period) == 1, amount, 0)


def entitled_high(household, period, parameters):
    amount = entitled(household, period, parameters, "income_low")
    return np.where(household("eligibility", period) == 0, 0, amount)


for computed in (net_pay, net_pay_at_most):
    declare(computed.__name__, Person, computed)
for computed in (
    earned_before, besides, recorded, possible, income_low, income_high, persons, line, eligibility,
    entitled_low, entitled_high,
):  # fmt: skip
    declare(computed.__name__, Household, computed, YEAR)
declare("property_over", Household, property_over, YEAR, bool)


def laid_out(city: Path, values: dict) -> tuple[Simulation, pa.Array]:
    """The tables as OpenFisca's inputs, and the households' ids in its order."""
    profile, members = (pq.read_table(city / f"{name}.parquet") for name in ("profile", "members"))
    households, people = profile["household_id"], members["person_id"].combine_chunks()
    home = pc.index_in(members["household_id"], households.combine_chunks()).to_numpy()
    builder = SimulationBuilder()
    builder.create_entities(SYSTEM)
    builder.declare_person_entity("person", range(len(people)))
    group = builder.declare_entity("household", range(len(households)))
    builder.join_with_persons(group, home, ["member"] * len(people))
    simulation = builder.build(SYSTEM)
    _set_monthly(simulation, city, people)
    _set_ages(simulation, members, home, values["urban"]["age_supplement_from"])
    _set_households(simulation, city, profile, people, home, values)
    return simulation, households


def _fen(column) -> np.ndarray:
    return pc.multiply(column, pa.scalar(100)).cast(pa.int64()).to_numpy()


def _set_monthly(simulation, city, people):
    withheld = pq.read_table(
        city / "withholding.parquet", columns=["person_id", "month", "kind", "income_yuan"]
    )
    kinds = {"wages": ("wages",), "other_pay": ("labour", "platform"), "business": ("business",)}
    for name, wanted in kinds.items():
        chosen = withheld.filter(pc.is_in(withheld["kind"], pa.array(wanted)))
        _set_months(simulation, name, chosen, "income_yuan", people)
    paid = pq.read_table(
        city / "contributions.parquet", columns=["person_id", "month", "employer_name", "base_yuan"]
    )
    _set_months(simulation, "base", paid.filter(pc.is_valid(paid["employer_name"])), "base_yuan", people)
    pensions = pq.read_table(city / "pensions.parquet", columns=["person_id", "month", "kind", "amount_yuan"])
    for name, wanted in (("pension", "employee"), ("resident_pension", "resident")):
        chosen = pensions.filter(pc.equal(pensions["kind"], wanted))
        _set_months(simulation, name, chosen, "amount_yuan", people)
    benefits = pq.read_table(
        city / "unemployment_benefits.parquet", columns=["person_id", "month", "amount_yuan"]
    )
    _set_months(simulation, "unemployment", benefits, "amount_yuan", people)


def _set_months(simulation, name, rows, column, people):
    """Sums by person and month of the last twelve, each an array over everybody."""
    person = pc.index_in(rows["person_id"], people).to_numpy()
    amount = _fen(rows[column])
    month = rows["month"].to_numpy().astype("datetime64[M]").astype(int)
    latest = (LATEST[0] - 1970) * 12 + LATEST[1] - 1
    for back in range(MONTHS):
        here = month == latest - back
        sums = np.bincount(person[here], weights=amount[here], minlength=len(people))
        simulation.set_input(name, str(np.datetime64(latest - back, "M")), sums.astype(np.int32))


def _set_ages(simulation, members, home, aged_from):
    born = members["born_on"].to_numpy()
    age = AS_OF[0] - (born.astype("datetime64[Y]").astype(int) + 1970)  # on the last day of the year
    for name, chosen in (("minors", age < 18), ("aged", age >= aged_from)):
        simulation.set_input(name, PERIOD, np.bincount(home, weights=chosen).astype(np.int32))


def _set_households(simulation, city, profile, people, home, values):
    count = len(profile)
    rural = profile["urban_rural"].to_numpy() == "rural"
    simulation.set_input("rural", "ETERNITY", rural)
    category = pc.index_in(profile["category"], pa.array(CATEGORIES)).to_numpy()
    simulation.set_input("category", PERIOD, category.astype(np.int32))

    def told(name, rows, amounts, person="person_id"):
        of = home[pc.index_in(rows[person], people).to_numpy()]
        sums = np.bincount(of, weights=amounts, minlength=count)
        simulation.set_input(name, PERIOD, sums.astype(np.int32))

    balances = pq.read_table(city / "balances.parquet", columns=["person_id", "balance_yuan"])
    told("deposits", balances, _fen(balances["balance_yuan"]))
    bills = pq.read_table(city / "settlements.parquet", columns=["person_id", "settled_on", "self_paid_yuan"])
    month = bills["settled_on"].to_numpy().astype("datetime64[M]").astype(int)
    recent = month > (AS_OF[0] - 1970) * 12 + AS_OF[1] - 1 - MONTHS
    told("self_paid", bills, np.where(recent, _fen(bills["self_paid_yuan"]), 0))
    cars = pq.read_table(city / "vehicles.parquet", columns=["owner_person_id", "listed_price_yuan"])
    owner = home[pc.index_in(cars["owner_person_id"], people).to_numpy()]
    limit = np.where(rural, values["rural"]["vehicle_limit"], values["urban"]["vehicle_limit"])[owner]
    told("cars", cars, np.ones(len(cars)), "owner_person_id")
    told("cars_over_limit", cars, _fen(cars["listed_price_yuan"]) > limit, "owner_person_id")
    homes = pq.read_table(city / "real_estate.parquet", columns=["person_id", "use", "area_m2"])
    use = homes["use"].to_numpy()
    held = home[pc.index_in(homes["person_id"], people).to_numpy()]
    counted = np.where(rural, values["rural"]["homestead"], values["urban"]["homestead"])[held] > 0
    dwelling = (use == "dwelling") | ((use == "homestead") & counted)
    told("dwellings", homes, dwelling)
    area = np.rint(homes["area_m2"].to_numpy() * 100)  # hundredths of a square metre
    told("dwelling_area", homes, np.where(dwelling, area, 0))
    told("shops", homes, use == "shop")
    _set_declared(simulation, city, profile)


def _set_declared(simulation, city, profile):
    columns = ["household_no", "declared_income_yuan", "income_period"]
    register = pq.read_table(city / "household_register.parquet", columns=columns)
    place = pc.index_in(profile["number"], register["household_no"].combine_chunks())
    register = register.take(place)
    declared = _fen(pc.fill_null(register["declared_income_yuan"], pa.scalar(0)))
    yearly = register["income_period"].to_numpy() == "year"
    simulation.set_input("declared", PERIOD, np.where(yearly, declared, declared * MONTHS).astype(np.int32))
    simulation.set_input("says_income", PERIOD, pc.is_valid(register["declared_income_yuan"]).to_numpy())


def _with_parameters(values: dict) -> None:
    tree = {
        name: {side: {"values": {"2023-01-01": {"value": values[side][name]}}} for side in ("urban", "rural")}
        for name in values["urban"]
    }
    SYSTEM.parameters = ParameterNode("", data=tree)


def main(city: Path, values: dict, answers: Path) -> dict[str, float]:
    """Write the answers; seconds of each part."""
    began = time.perf_counter()
    _with_parameters(values)
    simulation, households = laid_out(city, values)
    prepared = time.perf_counter()
    names = ("income_low", "income_high", "entitled_low", "entitled_high", "eligibility")
    found = {name: simulation.calculate(name, PERIOD) for name in names}
    computed = time.perf_counter()
    found["eligibility"] = np.array(ANSWERS)[found["eligibility"]]
    pq.write_table(pa.table({"household_id": households, **found}), answers, compression="zstd")
    return {
        "laid_out_s": prepared - began,
        "computed_s": computed - prepared,
        "seconds": time.perf_counter() - began,
    }


if __name__ == "__main__":
    city, values, answers = map(Path, sys.argv[1:])
    print(json.dumps(main(city, json.loads(values.read_text()), answers)))
