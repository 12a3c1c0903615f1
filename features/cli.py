"""What every command line of the product does alike: help, exit codes, the last line of JSON."""

import errno
import json
import sys
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from features.errors import UserError

#: What the operating system refuses and the user can mend -> the remedy.
MENDABLE = {
    errno.EACCES: "ask for the right to it, or name another folder",
    errno.EPERM: "ask for the right to it, or name another folder",
    errno.EROFS: "name a folder on a disk that can be written",
    errno.ENOSPC: "free space on that disk, or name another one",
    errno.ENOTDIR: "a file stands where a folder is needed: name another one",
    errno.EISDIR: "a folder stands where a file is needed: name another one",
    errno.EEXIST: "a file stands where a folder is needed: name another one",
    errno.ENAMETOOLONG: "give a shorter name",
}
#: Where Spark runs, for every command that can (see `features.engines.cluster`).
Master = Annotated[
    str, typer.Option(help="Spark: local[2] for two cores of this machine, yarn, k8s://… or spark://….")
]
Shared = Annotated[
    str | None,
    typer.Option(help="Spark: the warehouse's folder as the cluster sees it, where that is another path."),
]
Scratch = Annotated[
    str | None,
    typer.Option(help="Spark: a folder or URI that every machine can write; emptied at the end."),
]
Setting = Annotated[
    list[str] | None,
    typer.Option(help="Spark: a further setting, spark.<name>=<value>; may be given several times."),
]
#: Progress and tables go to standard error, so that standard output holds only results.
console = Console(stderr=True)


def run(app: typer.Typer) -> None:
    """Run the app; a `UserError` becomes one sentence and exit code 2 (0 done, 1 our failure, 2 yours)."""
    try:
        app()
    except UserError as mistake:
        _stop(str(mistake))
    except OSError as failure:
        if failure.errno not in MENDABLE:
            raise
        where = failure.filename or "磁盘 / the disk"
        _stop(
            f"{where}：无法读写 / cannot be read or written: {failure.strerror}; {MENDABLE[failure.errno]}."
        )


def _stop(sentence: str) -> None:
    console.print(f"[bold red]{escape(sentence)}[/]", soft_wrap=True, highlight=False)
    sys.exit(2)


def parse_date(text: str, option: str = "--as-of") -> date:
    """A date given as YYYY-MM-DD; `UserError` names the option otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{option} 需要 YYYY-MM-DD 形式的日期 / needs a date like 2025-12-31.") from None


def finish(result: dict[str, Any], as_json: bool) -> None:
    """Print the result as the last line of JSON where `--json` was given."""
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, default=str))
