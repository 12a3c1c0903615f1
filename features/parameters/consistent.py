"""What one region's values must not say against each other."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from features.parameters.faults import Faults
from features.parameters.values import RegionParameters, Value

#: Lists that may not share a code.
APART = (("review_class_a_when", "review_class_c_when"),)
#: Intervals in the order of their classes: the more closely a class is looked after, the shorter.
ORDERED = ("review_class_a_months", "review_class_b_months", "review_class_c_months")

#: Parameter at fault, and what is wrong in both languages.
Contradiction = tuple[str, str, str]


def check_consistent(region: RegionParameters, faults: Faults) -> None:
    """Add a fault for each contradiction, at the first date it holds."""
    said: set[Contradiction] = set()
    for on in starts(region):
        for side in ("urban", "rural"):
            for contradiction in _contradictions(region, side, on):
                if contradiction not in said:
                    said.add(contradiction)
                    name, zh, en = contradiction
                    faults.add(f"{name}.values.{on}", zh, en)


def starts(region: RegionParameters) -> list[date]:
    """Every date on which a value begins."""
    parameters = region.parameters.values()
    return sorted({dated.start for one in parameters for series in one.values.values() for dated in series})


def _contradictions(region: RegionParameters, side: str, on: date) -> Iterator[Contradiction]:
    values = {
        name: dated.value
        for name, one in region.parameters.items()
        if (dated := one.at(side, on)) is not None
    }
    yield from _streets_elsewhere(region.district_code or "", values)
    yield from _in_both(values)
    yield from _out_of_order(values)
    yield from _kept_without_value(values)


def _codes(values: dict[str, Value], name: str) -> set[str]:
    value = values.get(name)
    return set(value) if isinstance(value, tuple) else set()


def _streets_elsewhere(district: str, values: dict[str, Value]) -> Iterator[Contradiction]:
    name = "streets_declaring_by_year"
    for code in sorted(_codes(values, name)):
        if not code.startswith(district):
            yield (
                name,
                f"街道 {code} 不属于本区划 {district}，请核对",
                f"street {code} is not of this district, {district}: check the code",
            )


def _in_both(values: dict[str, Value]) -> Iterator[Contradiction]:
    for one, other in APART:
        for code in sorted(_codes(values, one) & _codes(values, other)):
            yield (
                one,
                f"{code} 同时写在 {other}，互相矛盾，请留一处",
                f"{code} is in {other} too: they contradict each other, keep one",
            )


def _out_of_order(values: dict[str, Value]) -> Iterator[Contradiction]:
    months = [(name, value) for name in ORDERED if isinstance(value := values.get(name), int)]
    for (closer, few), (wider, many) in pairwise(months):
        if few > many:
            yield (
                closer,
                f"{few} 个月，长于 {wider} 的 {many} 个月，互相矛盾，请核对",
                f"{few} months, more than the {many} of {wider}: they contradict each other, check both",
            )


def _kept_without_value(values: dict[str, Value]) -> Iterator[Contradiction]:
    """What is kept must be given in the first place."""
    name = "linked_kept_by_marginal"
    for code in sorted(_codes(values, name) - set(values)):
        yield (
            name,
            f"{code} 在本文件中没有值，请补上该参数或从列表中删去",
            f"{code} has no value in this file: add one, or take it out of the list",
        )
