"""Bad rows as departments really send them, so that quarantine has work."""

import numpy as np

from features.sources.core import Kind, Source


def spoil(source: Source, cells: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Spoil one cell in each of these rows (text columns by name): a number, a date or an amount."""
    count = len(next(iter(cells.values())))
    ids = [c.name for c in source.columns if c.kind is Kind.ID_NO and c.required]
    dates = [c.name for c in source.columns if c.kind in (Kind.DATE, Kind.MONTH) and c.required]
    amounts = [c.name for c in source.columns if c.kind is Kind.YUAN and c.required]
    ways = (
        [("id", name) for name in ids] * 2
        + [("date", name) for name in dates]
        + [("yuan", name) for name in amounts]
    )
    if not ways:
        ways = [("required", source.key[0])]
    result = {name: values.astype(object).copy() for name, values in cells.items()}
    for row, choice in enumerate(rng.integers(0, len(ways), count).tolist()):
        way, name = ways[choice]
        result[name][row] = _bad(way, str(result[name][row] or ""), int(rng.integers(0, 4)))
    return result


def _bad(way: str, cell: str, variant: int) -> str:
    if way == "id" and len(cell) == 18:
        digit = "0123456789X"[("0123456789X".index(cell[-1]) + 3) % 11]
        return (cell[:-1] + digit, "3.30102E+17", f"{cell[:5]}E+17", "无")[variant]
    if way == "date":
        return ("2024-13-01", "0000-00-00", "不详", "2024-02-31")[variant]
    if way == "yuan":
        return ("无", "不详", "/", "见附件")[variant]
    return ""
