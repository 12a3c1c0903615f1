"""The one mistake a user of this command can make."""


class UserError(Exception):
    """Something the user can mend: one sentence that names the thing and the remedy. Exit code 2."""
