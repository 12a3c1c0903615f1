"""Pseudonyms of households and persons: stable within a city, useless outside it.

`household_id` and `person_id` are the letter H or P and 15 hexadecimal digits (60 bits) of
SHA-256 over a city's key, the kind and the number. With 10 million persons a collision has a
chance of about 4e-5. The key enters at the command line and is passed down.
"""

import hashlib
from typing import Any

import ibis

DIGITS = 15


def household_id(number: str, key: str) -> str:
    """Pseudonym of a household number."""
    return "H" + hashlib.sha256(f"{key}|household|{number}".encode()).hexdigest()[:DIGITS]


def person_id(id_no: str, key: str) -> str:
    """Pseudonym of an identity number."""
    return "P" + hashlib.sha256(f"{key}|person|{id_no}".encode()).hexdigest()[:DIGITS]


def household_id_expression(number: Any, key: str) -> Any:
    """The same as `household_id`, as an Ibis expression over a string column; null stays null."""
    return _expression(number, key, "household", "H")


def person_id_expression(id_no: Any, key: str) -> Any:
    """The same as `person_id`, as an Ibis expression over a string column; null stays null."""
    return _expression(id_no, key, "person", "P")


def _expression(number: Any, key: str, kind: str, letter: str) -> Any:
    text = ibis.literal(f"{key}|{kind}|") + number.cast("string")
    return ibis.literal(letter) + text.hexdigest("sha256").substr(0, DIGITS)
