"""The service beside the least that scores and explains: `make bench-service`; OUT/service.json.

Both servers run on loopback in processes of their own, with the same server, loop and collector settings, and
answer the same stored households in turns: one caller and sixteen, one household and a hundred. The ratio is
ours over the bare server's (`benchmarks.bare_service`), the median of the rounds. Before anything is timed
the bare server's contributions must sum to our score, to 1e-9. Then the settings: processes, places in work,
and a crowd against the bound on waiting. Requests are sent by `benchmarks.loopback`, which is asyncio alone.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import make_url

from benchmarks.demo import free_port, wait_until_ready
from benchmarks.loopback import Load, Server, ask, get, load, post
from benchmarks.results import machine, run_main, write_json
from benchmarks.service_page import write_page
from benchmarks.stages import ROOT, console
from features.errors import UserError
from models.bundle import Bundle
from serving.agreement import score_request
from serving.casework.database import open_database, reading
from serving.casework.reading import explained_households, newest_run, stored_household
from serving.inputs import load_bundles
from serving.requests import MOST_HOUSEHOLDS

TOLERANCE, SAMPLE, CHECKED = 1e-9, 200, 20
CALLERS = (1, 16)
#: Places in work and processes tried; the crowd is larger than every line it meets.
PLACES, WORKERS, LINES, CROWD = (1, 2, 4), (1, 2), (16, 32, 128), 256
Requests = list[bytes]


def main(
    bundles: Annotated[Path, typer.Option(help="Folder with one trained bundle a question.")] = Path(
        "out/demo/bundles"
    ),
    database: Annotated[
        str,
        typer.Option(help="Casework database, a SQLite file; a copy is served, so its log stays as it is."),
    ] = "sqlite:///out/demo/casework.db",
    question: Annotated[
        str | None, typer.Option(help="Whose bundle is asked; else the first that holds boosters.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Interleaved rounds.")] = 5,
    seconds: Annotated[float, typer.Option(min=0.1, help="Seconds of each measurement in a round.")] = 3.0,
    out: Annotated[Path, typer.Option(help="Folder of service.json.")] = Path("out/bench"),
    docs: Annotated[Path | None, typer.Option(help="Page of the figures to write as well.")] = None,
) -> None:
    """Time both, hold their answers together, and tell what processes, places and the line do."""
    bundle = _bundle(load_bundles(bundles), question)
    with tempfile.TemporaryDirectory(prefix="dibao-service-") as folder:
        url = _copy(database, Path(folder))
        homes = _homes(url, bundle)
        place = Place(bundles / bundle.question, bundles, url, bundle, homes)
        told = place.heading() | place.beside_bare(rounds, seconds)
        told |= {"settings": place.settings(seconds), "crowd": place.crowd(seconds)}
    told["machine"] = machine("bentoml", "fastapi", "uvicorn", "lightgbm", "pydantic")
    write_json(out / "service.json", told)
    if docs:
        write_page(told, docs)
    console.print(
        {name: told[name] for name in ("p50_ratio", "cpu_ratio", "p99_ms", "requests_per_s", "machine")}
    )


class Place:
    """What is served, and the requests that are asked of it."""

    def __init__(
        self, folder: Path, bundles: Path, url: str, bundle: Bundle, homes: list[dict[str, Any]]
    ) -> None:
        self.folder, self.bundles, self.url, self.bundle = folder, bundles, url, bundle
        many = [{name: home[name] for name in ("household_id", "profile", "sources")} for home in homes]
        asked = {name: homes[0][name] for name in ("question", "as_of")}
        self.homes = homes
        self.one = [post("/score", home) for home in homes]
        self.one_in_thread = [post("/score_in_thread", home) for home in homes]
        self.hundred = [post("/scores", {**asked, "households": (many * MOST_HOUSEHOLDS)[:MOST_HOUSEHOLDS]})]
        self.page = [get(f"/lists/{bundle.question}")]

    def heading(self) -> dict[str, Any]:
        """Whom and what the figures are about."""
        boosters = [booster for component in self.bundle.components for booster in component.boosters]
        return {
            "question": self.bundle.question,
            "features": len(self.bundle.names),
            "boosters": len(boosters),
            "trees": sum(booster.num_trees() for booster in boosters),
            "households": len(self.homes),
        }

    def beside_bare(self, rounds: int, seconds: float) -> dict[str, Any]:
        """Every form of asking, both servers in turns."""
        forms: dict[str, tuple[Requests, list[Requests], int]] = {
            f"one_household_{callers}": (self.one, [self.one, self.one_in_thread], callers)
            for callers in CALLERS
        }
        forms |= {f"hundred_households_{c}": (self.hundred, [self.hundred], c) for c in CALLERS}
        forms |= {f"list_page_{c}": (self.page, [], c) for c in CALLERS}
        found: dict[str, list[tuple[Load, list[Load]]]] = {name: [] for name in forms}
        with self.served() as ours, self.bare() as bare:
            self.check(ours, bare)
            for round_ in range(rounds + 1):
                for name, (asked, peers, callers) in forms.items():
                    beside = [load(bare, peer, callers=callers, seconds=seconds) for peer in peers]
                    own = load(ours, asked, callers=callers, seconds=seconds)
                    if round_:  # the first warms both
                        found[name].append((own, beside))
        medians = {name: _summary(rows) for name, rows in found.items()}
        console.print(medians)
        single, crowd = (medians[f"one_household_{callers}"] for callers in CALLERS)
        return {
            "p50_ratio": single["p50_ratio"],
            "cpu_ratio": single["cpu_ratio"],
            "p99_ms": single["p99_ms"],
            "requests_per_s": crowd["requests_per_s"],
            "measured": medians,
            "rounds": rounds,
            "seconds": seconds,
        }

    def settings(self, seconds: float) -> list[dict[str, Any]]:
        """Processes and places in work: one household asked by one caller and by many."""
        rows = []
        for workers in WORKERS:
            for in_work in PLACES:
                with self.served(WORKERS=workers, IN_WORK=in_work) as server:
                    for callers in CALLERS:
                        load(server, self.one, callers=callers, seconds=seconds / 3)
                        told = _row(load(server, self.one, callers=callers, seconds=seconds))
                        rows.append({"workers": workers, "in_work": in_work, "callers": callers, **told})
                        console.print(rows[-1])
        return rows

    def crowd(self, seconds: float) -> list[dict[str, Any]]:
        """Far more callers than places, with lines of different length."""
        rows = []
        for waiting in LINES:
            with self.served(WAITING=waiting) as server:
                found = load(server, self.one, callers=CROWD, seconds=seconds)
                asked = len(found.seconds) + found.refused
                refused = round(found.refused / asked, 3)
                rows.append({"waiting": waiting, "callers": CROWD, "refused": refused, **_row(found)})
                console.print(rows[-1])
        return rows

    def check(self, ours: Server, bare: Server) -> None:
        """`SystemExit` by an AssertionError where the two do not say the same of a household."""
        for home, asked in list(zip(self.homes, self.one, strict=True))[:CHECKED]:
            (status, answer), (_, parts) = ask(ours, asked), ask(bare, asked)
            assert status == 200, f"the service answered {status}"
            assert answer["status"] == "scored", "only households with a score are asked"
            assert abs(sum(parts) - answer["raw"]) <= TOLERANCE, "the two do not give the same score"
            assert home["question"] == answer["question"]
        (_, many), (_, lists) = ask(ours, self.hundred[0]), ask(bare, self.hundred[0])
        for answer, parts in zip(many["answers"], lists, strict=True):
            assert abs(sum(parts) - answer["raw"]) <= TOLERANCE, "the two do not give the same score"

    @contextmanager
    def served(self, **settings: int) -> Iterator[Server]:
        """The service with its own settings but for these; for as long as it is needed."""
        chosen = {f"DIBAO_{name}": str(value) for name, value in settings.items()}
        options = ["--database", self.url, "--bundles", str(self.bundles)]
        with _running(["-m", "serving", "serve", *options], chosen) as server:
            yield server

    @contextmanager
    def bare(self) -> Iterator[Server]:
        """The bare server; for as long as it is needed."""
        with _running(["-m", "benchmarks.bare_service", str(self.folder)], {}) as server:
            yield server


@contextmanager
def _running(command: list[str], settings: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    listens = [str(port)] if "benchmarks.bare_service" in command else ["--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, *command, *listens],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", server)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _summary(rounds: list[tuple[Load, list[Load]]]) -> dict[str, float]:
    """Medians over the rounds, and beside them those of the bare server that is faster over all rounds.

    Ratios are of the same round. Processor time a request is told as well: it hardly feels other work.
    """
    own = [mine for mine, _ in rounds]
    row = _median([_row(mine) for mine in own])
    peers = list(zip(*(beside for _, beside in rounds), strict=True))
    if peers:
        bare = min(peers, key=lambda loads: statistics.median(one.quantile_ms(0.5) for one in loads))
        row |= {f"bare_{name}": value for name, value in _median([_row(one) for one in bare]).items()}
        pairs = [(_row(mine), _row(peer)) for mine, peer in zip(own, bare, strict=True)]
        for name in ("p50", "cpu"):
            ratios = [mine[f"{name}_ms"] / peer[f"{name}_ms"] for mine, peer in pairs]
            row[f"{name}_ratio"] = round(statistics.median(ratios), 3)
    return row


def _row(found: Load) -> dict[str, float]:
    told = {
        "p50_ms": found.quantile_ms(0.5),
        "p99_ms": found.quantile_ms(0.99),
        "requests_per_s": found.per_s,
        "cpu_ms": 1000 * found.worked / len(found.seconds),
    }
    return {name: round(value, 3) for name, value in told.items()}


def _median(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(row[name] for row in rows), 3) for name in rows[0]}


def _bundle(bundles: dict[str, Bundle], question: str | None) -> Bundle:
    held = [q for q, bundle in bundles.items() if any(c.boosters for c in bundle.components)]
    chosen = question or next(iter(held), None)
    if chosen not in bundles or chosen not in held:
        raise UserError(
            f"{question or '各问题'} 的模型不含树 / no boosters in the bundle of {question or 'any of them'};"
            f" with boosters: {', '.join(held) or 'none, train on more households'}."
        )
    return bundles[chosen]


def _copy(database: str, folder: Path) -> str:
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database or not Path(url.database).is_file():
        raise UserError(
            f"--database {url.render_as_string()} 不是已有的 SQLite 文件 / is no SQLite file that exists; run"
            " `make demo` first."
        )
    for suffix in ("", "-wal", "-shm"):
        if Path(url.database + suffix).is_file():
            shutil.copy(url.database + suffix, folder / f"casework.db{suffix}")
    return f"sqlite:///{folder / 'casework.db'}"


def _homes(url: str, bundle: Bundle) -> list[dict[str, Any]]:
    """Requests about stored households that have a score, as the service is asked about them."""
    engine, homes = open_database(url), []
    with reading(engine) as connection:
        run = newest_run(connection)
        if run is None:
            raise UserError("案件库还没有批次 / the database holds no batch; run `python -m serving batch`.")
        for household_id in explained_households(connection, run.run_id, bundle.question):
            found = stored_household(connection, run.run_id, household_id)
            assert found is not None
            answer = next(a for a in found.assessments if a["question"] == bundle.question)
            if answer["status"] == "scored":
                homes.append(score_request(run, found, bundle.question, set(bundle.names)))
            if len(homes) == SAMPLE:
                break
    engine.dispose()
    if not homes:
        raise UserError(f"没有 {bundle.question} 的评分 / no household has a score of {bundle.question}.")
    return homes


if __name__ == "__main__":
    run_main(main)
