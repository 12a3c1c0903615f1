"""What staff put on record holds from its own day on, and that day is no earlier than what has arrived."""

from collections.abc import Iterable
from datetime import date

from features.errors import UserError
from features.intake.entry import Entry


def check_own_day(on: date, arrived: Iterable[Entry], what: tuple[str, str], nothing: str) -> None:
    """`UserError` where `on` lies before the last delivery: profiles that have been made would change.

    arrived: entries taken and repeated. what: the act in Chinese and English (放行, release); nothing: what
    did not happen therefore (released).
    """
    last = max((entry.received_on for entry in arrived if entry.received_on), default=None)
    if last is not None and on < last:
        zh, en = what
        raise UserError(
            f"{zh}日期 {on} 早于最近一次收到文件的 {last} / the {en} would be dated before the last"
            " delivery; it holds from its own day on: give --on that day or a later one."
            f" Nothing was {nothing}."
        )
