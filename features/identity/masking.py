"""Numbers of households as whoever has no need of them may see them."""

#: Digits of a household number that stay visible.
SHOWN = 4


def masked(number: str | None) -> str:
    """A household number with all but its last digits hidden; a dash where there is none."""
    return "****" + number[-SHOWN:] if number else "—"
