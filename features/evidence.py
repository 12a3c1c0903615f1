"""What a department's silence means, and how sure, how old and how late what it said is.

For each source s a profile carries `<s>_state`, `<s>_event_on`, `<s>_known_on` and `<s>_confidence`:

- not_authorised: the source needs the family's authorisation and there is none on the date;
- not_returned: the department has not delivered this table for longer than its cadence allows;
- not_matched: no member has a number that can be looked up;
- nothing_found: asked, answered, and nothing there;
- found: at least one record.

`event_on` and `known_on` are those of the latest record used (`known_on` of the latest answer where there
is none), `confidence` the least among the records used. `<s>_doubtful` counts the records that carry a
member's number but probably speak of another: they are not used, and can only be checked.
"""

from enum import StrEnum
from typing import Any

import ibis

from features.declaration import Feature
from features.known import Sight
from features.rows import BY_HOUSEHOLD
from features.sources import SOURCES
from features.sources.core import Plane

#: Tables found by a number or address of the household: they need no member's number.
WITHOUT_PERSONS = ("household_register", *BY_HOUSEHOLD, "usage")


#: What a profile says of each source, in the order of its columns.
PARTS = ("state", "event_on", "known_on", "confidence", "doubtful")


class State(StrEnum):
    """Why a source says what it says."""

    FOUND = "found"
    NOTHING_FOUND = "nothing_found"
    NOT_RETURNED = "not_returned"
    NOT_AUTHORISED = "not_authorised"
    NOT_MATCHED = "not_matched"


def summary(rows: ibis.Table, features: list[Feature]) -> ibis.Table:
    """One row a household: each feature's aggregate, and the evidence columns of the source's rows."""
    columns = {feature.name: feature.expression(rows) for feature in features}
    return rows.group_by("household_id").aggregate(
        **columns,
        rows_=rows.count(),
        event_on_=rows.event_on.max(),
        known_on_=rows.known_on.max(),
        confidence_=rows.confidence.min(),
    )


def answers(
    base: ibis.Table, name: str, found: ibis.Table, features: list[Feature], sight: Sight
) -> ibis.Table:
    """A source's answer for every household: its features, null where the state is no answer, and evidence.

    `base` needs household_id, authorised and persons_matched, one row a household.
    """
    joined = base.select("household_id", "authorised", "persons_matched").left_join(found, "household_id")
    joined = joined.mutate(state_=_state(joined, name, sight))
    answered = joined.state_.isin([State.FOUND.value, State.NOTHING_FOUND.value])
    asked = answered | (joined.state_ == State.NOT_RETURNED.value)
    no_day = ibis.null("date")
    return joined.select(
        "household_id",
        # A null of the aggregate itself (no row of that kind) is the same answer: nothing of the kind.
        **{f.name: _filled(joined[f.name], f.empty, answered) for f in features},
        **{
            f"{name}_state": joined.state_,
            f"{name}_event_on": answered.ifelse(joined.event_on_, no_day),
            f"{name}_known_on": asked.ifelse(ibis.coalesce(joined.known_on_, sight.latest(name)), no_day),
            f"{name}_confidence": answered.ifelse(joined.confidence_, ibis.null("float64")),
        },
    )


def doubts(base: ibis.Table, sources: list[str], unsure: ibis.Table) -> ibis.Table:
    """household_id and `<s>_doubtful` of every source (`unsure` is `features.rows.doubtful`)."""
    joined = base.select("household_id").left_join(unsure, "household_id", rname="unsure_{name}")
    nothing = ibis.literal(0).cast("int64")  # a literal declared so is written without its type
    return joined.select(
        "household_id",
        **{
            f"{name}_doubtful": joined[name].fill_null(0) if name in unsure.columns else nothing
            for name in sources
        },
    )


def _state(joined: ibis.Table, name: str, sight: Sight) -> Any:
    branches = []
    if SOURCES[name].plane is Plane.A:
        branches.append((~joined.authorised, State.NOT_AUTHORISED.value))
    branches.append((~sight.returned(name), State.NOT_RETURNED.value))
    if name not in WITHOUT_PERSONS:
        branches.append((joined.persons_matched == 0, State.NOT_MATCHED.value))
    branches.append((joined.rows_.isnull(), State.NOTHING_FOUND.value))
    return ibis.cases(*branches, else_=State.FOUND.value)


def _filled(value: Any, empty: float | None, answered: Any) -> Any:
    number = value.cast("float64")
    if empty is not None:
        number = number.fill_null(empty)
    return answered.ifelse(number, ibis.null("float64"))
