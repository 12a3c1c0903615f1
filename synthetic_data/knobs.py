"""What can be turned in a practice world; the defaults are the world as it is.

Months count from 1, the first delivered one; 0 is never. Each field's sentence is the help of its option.
"""

from dataclasses import dataclass, field, fields
from typing import Any

from features.errors import UserError
from features.sources import SOURCES

DEPARTMENTS = sorted({source.department for source in SOURCES.values()})
STREETS = 12  # of a block
YEARLY_STREETS = (2, 5, 9)  # named in the parameters of the practice regions
_SHARES = ("sharpness_spread", "capacity_spread", "need_spread", "called_share")
_MONTHS = ("platform_from", "wallet_from", "quiet_from", "raise_from", "silent_from")


def _told(default: Any, help_: str) -> Any:
    return field(default=default, metadata={"help": help_})


@dataclass(frozen=True)
class Knobs:
    """Carried by `City` and `World`; each field is an option of `generate` and a line of truth/knobs.json."""

    sharpness_spread: float = _told(
        0.0,
        "How unlike streets' workers are: standard deviation of the share of concealment a street's visits"
        " find (0.10: some find 60 of 100, some 90).",
    )
    capacity_spread: float = _told(
        0.0,
        "How unlike streets' visits are: standard deviation of log visits a recipient (0.4: half to double).",
    )
    need_spread: float = _told(
        0.0, "How unlike streets' need is: standard deviation of a street's mean hardship (0.3 is much)."
    )
    yearly_streets: tuple[int, ...] = _told(
        YEARLY_STREETS,
        "Streets, 0 to 11, that write a year's income where others write a month's, parted by commas. The"
        " parameters of the practice regions name 2, 5 and 9; others must be named there or will be doubted.",
    )
    platform_from: int = _told(
        0,
        "Month from which a new platform hires. Tax sees one in three of its workers, three months later"
        " than other income.",
    )
    wallet_from: int = _told(
        0,
        "Month from which some take work whose pay goes to a relative's wallet: tax and the family's answers"
        " show none of it; some pay insurance as flexible workers. A way of hiding no model has seen.",
    )
    quiet_from: int = _told(
        0,
        "Month from which staff make no home visits to families on file: no visit ends or changes a benefit,"
        " and truth tells what would have been, so that another plan of visits can be laid over it. Records,"
        " neighbours and the families themselves go on telling.",
    )
    called_share: float = _told(
        0.3,
        "Of families on file whose wages and pensions on record are over the line, the share whom an office"
        " calls in and asks in a month. 0: what records hold lies unread until a visit.",
    )
    raise_from: int = _told(
        0,
        "Month in which the standard is raised beyond the two regions' own. Civil affairs here follow;"
        " features/parameters must be given the same values, which truth/knobs.json lists.",
    )
    raise_percent: float = _told(5.0, "By how much --raise-from raises it; rounded to ten yuan.")
    silent: str = _told("", f"A department that stops delivering: {', '.join(DEPARTMENTS)}.")
    silent_from: int = _told(0, "First month in which --silent delivers nothing.")
    silent_months: int = _told(2, "How many months it is silent.")
    silent_resends: bool = _told(
        False, "Its first delivery afterwards holds the months it missed; else they are lost."
    )

    @property
    def new_work(self) -> bool:
        """Whether some knob opens a kind of work that was not there before."""
        return bool(self.platform_from or self.wallet_from)

    def checked(self, months: int) -> "Knobs":
        """Itself; `UserError` where a value can mean nothing in a world of so many months."""
        for name in _SHARES:
            if not 0 <= getattr(self, name) <= 1:
                _refuse(name, "须在 0 至 1 之间", "must lie between 0 and 1")
        for name in _MONTHS:
            if not 0 <= getattr(self, name) <= months:
                _refuse(name, f"须在 0 至 {months} 之间", f"must lie between 0 (never) and {months}")
        if not set(self.yearly_streets) <= set(range(STREETS)):
            _refuse("yearly_streets", "须为 0 至 11，以逗号分隔", "must be numbers 0 to 11, like 2,5,9")
        if not 0 < self.raise_percent <= 100:
            _refuse("raise_percent", "须大于 0、至多 100", "must be more than 0 and at most 100")
        if bool(self.silent) != bool(self.silent_from):
            _refuse("silent", "须与 --silent-from 同用", "and --silent-from go together: who, and since when")
        if self.silent and self.silent not in DEPARTMENTS:
            _refuse("silent", "没有该部门", f"must be one of {', '.join(DEPARTMENTS)}")
        if self.silent_months < 1:
            _refuse("silent_months", "至少为 1", "must be at least 1")
        return self


def helps() -> dict[str, str]:
    """Each knob's sentence."""
    return {knob.name: knob.metadata["help"] for knob in fields(Knobs)}


def _refuse(name: str, zh: str, en: str) -> None:
    raise UserError(f"--{name.replace('_', '-')} {zh} / {en}.")


#: The world as it is without any knob turned.
UNTURNED = Knobs()
