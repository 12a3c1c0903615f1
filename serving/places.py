"""Codes of places as people read them."""

from typing import Any


def street_name(street_code: str, districts: dict[str, Any], language: str) -> str:
    """「练习甲区（城区）001街道」 for a nine-digit code; the code alone where the district has no name."""
    words = districts.get(street_code[:6])
    if not words:
        return street_code
    number = street_code[6:9]
    return f"{words['zh']}{number}街道" if language == "zh" else f"{words['en']}, street {number}"


def community_name(region_code: str | None, language: str) -> str:
    """The community of a twelve-digit code within its street."""
    if not region_code:
        return "—"
    number = region_code[9:12]
    return f"{number}社区" if language == "zh" else f"community {number}"
