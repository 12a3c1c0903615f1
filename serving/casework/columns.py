"""Column types that mean the same on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

FEN_A_YUAN = 100
#: Strict JSON (no NaN) without blanks; one encoder for all rows, because making one costs more than using it.
encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class Json(str):
    """A value that is written as JSON already, as `encode_json` writes it; it is stored as it stands."""

    __slots__ = ()


def plain(value: Any) -> Any:
    """A row's value as Python's own: JSON that was written already is read."""
    return json.loads(value) if isinstance(value, Json) else value


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone, kept as UTC; SQLite drops zones, so a moment without one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The stored moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def fen(yuan: Decimal | float | None) -> int | None:
    """Yuan as whole fen, exact for a Decimal of two places; null stays null."""
    if yuan is None:
        return None
    exact = yuan if isinstance(yuan, Decimal) else Decimal(repr(yuan))
    if not exact.is_finite():
        return None
    return int((exact * FEN_A_YUAN).to_integral_value())


def yuan(amount: int | None) -> Decimal | None:
    """Whole fen as yuan with two places."""
    return None if amount is None else Decimal(amount).scaleb(-2)
