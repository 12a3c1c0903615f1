"""Streets, communities, grids and addresses of the two example regions."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.law import RURAL, URBAN

URBAN_STREETS = (
    "和平街道",
    "青林街道",
    "东湖街道",
    "云溪街道",
    "南山街道",
    "朝晖街道",
    "文澜街道",
    "望江街道",
)
RURAL_STREETS = ("石桥镇", "柳溪镇", "高塘乡", "白鹭乡")
COMMUNITIES = ("春晓", "双桥", "民主", "桃园", "向阳")
ROADS = ("建设路", "人民路", "解放路", "学院路", "滨河路", "新华路", "育才路", "安康巷", "梅花巷", "水井巷")
GRIDS = 6  # in a community


@dataclass(frozen=True)
class Places:
    """One entry a household; region codes have 12 digits, to the community."""

    street: np.ndarray
    rural: np.ndarray
    region_code: np.ndarray
    grid_code: np.ndarray
    address: np.ndarray
    next_address: np.ndarray  # in the same community, where the family would move to


def make_places(rng: np.random.Generator, households: int, block: int = 0) -> Places:
    """Draw street, community, grid and address of each household; rural streets are smaller.

    Every block of a city has streets of its own, with codes and names that follow those of the block before.
    """
    streets = len(URBAN_STREETS) + len(RURAL_STREETS)
    size = np.r_[rng.uniform(0.8, 1.2, len(URBAN_STREETS)), rng.uniform(0.7, 1.1, len(RURAL_STREETS))]
    street = np.sort(rng.choice(streets, households, p=size / size.sum()))
    rural = street >= len(URBAN_STREETS)
    community = rng.integers(0, len(COMMUNITIES), households)
    grid = rng.integers(0, GRIDS, households)
    own = np.where(rural, len(RURAL_STREETS), len(URBAN_STREETS)) * block
    within = np.where(rural, street - len(URBAN_STREETS), street) + own + 1
    region = np.where(rural, int(RURAL), int(URBAN)) * 10**6 + within * 1000 + community + 1
    names = np.array([_street_name(name, block) for name in (*URBAN_STREETS, *RURAL_STREETS)])
    road, number = rng.integers(0, len(ROADS), households), np.arange(households) // 40 % 900 + 1
    building, flat = rng.integers(1, 30, households), np.arange(households) % 40
    at = (names[street], np.array(COMMUNITIES)[community], grid, flat, rural)
    code = region.astype(str)
    return Places(
        street,
        rural,
        code,
        np.char.add(code, np.char.add("0", (grid + 1).astype(str))),
        _addresses(*at, road, number, building),
        _addresses(*at, (road + 3) % len(ROADS), number + 900 * rural, building + 30),
    )


def _addresses(
    street: np.ndarray,
    community: np.ndarray,
    grid: np.ndarray,
    flat: np.ndarray,
    rural: np.ndarray,
    road: np.ndarray,
    number: np.ndarray,
    building: np.ndarray,
) -> np.ndarray:
    written = [
        f"{s}{c}村{g + 1}组{n}-{f + 1}号"
        if r
        else f"{s}{c}社区{ROADS[k]}{n}号{b}幢{f // 4 + 1}0{f % 4 + 1}室"
        for s, c, g, f, r, k, n, b in zip(
            street, community, grid, flat, rural, road, number, building, strict=True
        )
    ]
    return np.array(written, dtype=object)


def _street_name(name: str, block: int) -> str:
    """和平街道, 和平第二街道, 和平第三街道, …"""
    kind = "街道" if name.endswith("街道") else name[-1]
    return name if not block else f"{name.removesuffix(kind)}第{_number(block + 1)}{kind}"


def _number(value: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(value, 10)
    return ("" if not tens else ("" if tens == 1 else digits[tens]) + "十") + (
        digits[ones] if ones or not tens else ""
    )
