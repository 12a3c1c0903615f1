"""What is wrong in a parameter file: every fault at once, each with its key and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One thing to mend."""

    file: str
    key: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.zh} / {self.en}"


@dataclass
class Faults:
    """The faults of one file, in the order they were found."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, key: str, zh: str, en: str) -> None:
        """Note a fault; reading goes on."""
        self.found.append(Fault(self.file, key, zh, en))

    def check_keys(self, where: str, there: Iterable[Any], allowed: set[str], required: set[str]) -> None:
        """Keys that are not known, with the nearest that is, and keys that are missing."""
        keys = set(there)
        for key in sorted(keys - allowed, key=str):
            zh, en = nearest(key, allowed)
            self.add(f"{where}{key}", f"不认识的键；{zh}", f"unknown key; {en}")
        for key in sorted(required - keys):
            self.add(f"{where}{key}", "缺少，请补上", "missing, add it")


def nearest(word: Any, known: Iterable[str]) -> tuple[str, str]:
    """What was probably meant, or everything that may be written."""
    listed = sorted(known)
    near = get_close_matches(str(word), listed, n=1)
    if near:
        return f"是否为 {near[0]}？", f"did you mean {near[0]}?"
    return f"可用：{'、'.join(listed)}", f"use one of {', '.join(listed)}"
