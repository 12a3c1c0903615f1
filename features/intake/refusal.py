"""A delivery that cannot be trusted as a whole."""


class Refusal(Exception):
    """Why a file is refused: a sentence in Chinese naming what is wrong and what to do; never a value."""
