"""Exact money inside the rules: whole fen (int64), the same on every engine; yuan only at the edges.

DuckDB and Spark both turn the quotient of two decimals into a double, so rules never divide decimals.
Yearly figures in fen are compared and subtracted, and one division by twelve rounds once, at the end.
"""

from decimal import Decimal
from typing import Any

import ibis

MONTHS = 12
FEN = 100
MILLION = 1_000_000


def fen(yuan: Any) -> Any:
    """DECIMAL(18,2) yuan -> int64 fen."""
    return (yuan * FEN).cast("int64")


def millionths(fraction: Any) -> Any:
    """DECIMAL(12,6) factor or share -> int64 millionths."""
    return (fraction * MILLION).cast("int64")


def yuan(amount_fen: Any) -> Any:
    """Int64 fen -> DECIMAL(18,2) yuan, exactly."""
    hundredth = ibis.literal(Decimal("0.01"), "decimal(3,2)")
    # Ibis believes the product has two decimals and would drop the last cast; the engine has four.
    product = (amount_fen.cast("decimal(18,2)") * hundredth).cast("decimal(38,4)")
    return product.cast("decimal(18,2)")


def divide_down(amount: Any, divisor: Any) -> Any:
    """Whole quotient of a non-negative int64, rounded down; exact below 2**53."""
    return ((amount - amount % divisor) / divisor).cast("int64")


def divide_up(amount: Any, divisor: Any) -> Any:
    """Whole quotient of a non-negative int64, rounded up; exact below 2**53."""
    return divide_down(amount + divisor - 1, divisor)


def share_down(amount_fen: Any, share_millionths: Any) -> Any:
    """A share of an amount, rounded down to the fen: amounts are yearly, so no monthly rounding remains."""
    return divide_down(amount_fen * share_millionths, MILLION)
