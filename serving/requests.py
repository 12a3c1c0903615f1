"""The forms of the interface's requests; nothing but what is declared here is accepted."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints

HOUSEHOLD_ID = r"^H[0-9a-f]{15}$"
STREET = r"^[0-9]{9}$"

#: Households of one request: more would keep everybody else waiting, and their answers are no faster.
MOST_HOUSEHOLDS = 100

Name = Annotated[str, StringConstraints(max_length=80)]
HouseholdId = Annotated[str, StringConstraints(pattern=HOUSEHOLD_ID)]
State = Literal["found", "nothing_found", "not_returned", "not_authorised", "not_matched"]
#: JSON is read strictly: "1" is no number.
Value = Annotated[FiniteFloat, Field(strict=True)] | None


class SourceAnswer(BaseModel):
    """What one department's table answered about the household; known_on: not after the request's `as_of`."""

    model_config = ConfigDict(extra="forbid")

    state: State
    event_on: date | None = None
    known_on: date | None = None
    confidence: Annotated[FiniteFloat, Field(ge=0, le=1)] | None = None
    doubtful: Annotated[int, Field(ge=0)] | None = None


class AskedHousehold(BaseModel):
    """One household's profile, and what each department's table answered about it, by names of /health."""

    model_config = ConfigDict(extra="forbid")

    household_id: HouseholdId
    profile: Annotated[dict[Name, Value], Field(max_length=1_000)]
    sources: Annotated[dict[Name, SourceAnswer], Field(default_factory=dict, max_length=200)]


class ScoreRequest(AskedHousehold):
    """One household's profile as of a date, and the question asked about it."""

    question: Name
    as_of: date


class ScoresRequest(BaseModel):
    """The same question about several households as of one date."""

    model_config = ConfigDict(extra="forbid")

    question: Name
    as_of: date
    households: Annotated[list[AskedHousehold], Field(min_length=1, max_length=MOST_HOUSEHOLDS)]
