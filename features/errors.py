"""The user's mistakes and ours are different classes, with different exit codes."""


class UserError(Exception):
    """Something the user can mend.

    The message is one sentence: what happened, naming the thing; and the remedy. Never a person's value.
    Commands print it to standard error and exit with code 2.
    """
