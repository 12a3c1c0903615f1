"""Shares with their interval, or nothing where there are too few to say."""

from dataclasses import dataclass
from math import sqrt

#: Fewer units than this give no percentage.
LEAST = 30
#: 95 of 100 intervals hold the true share.
Z = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """So many of so many. share, low, high: None where fewer than `LEAST` units leave no percentage."""

    hits: int
    of: int

    @property
    def enough(self) -> bool:
        """Whether there are enough units for a percentage."""
        return self.of >= LEAST

    @property
    def share(self) -> float | None:
        """The share, 0 to 1."""
        return self.hits / self.of if self.enough else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of 95 %, which stays between 0 and 1 for rare faults too."""
        if not self.enough:
            return None
        share, n = self.hits / self.of, self.of
        centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        # Rounding must not leave the share itself outside.
        return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))

    def told(self) -> dict[str, int | float | bool | None]:
        """For JSON: shares to four decimals."""
        low, high = self.interval or (None, None)
        return {
            "hits": self.hits,
            "of": self.of,
            "enough": self.enough,
            "share": _rounded(self.share),
            "low": _rounded(low),
            "high": _rounded(high),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
