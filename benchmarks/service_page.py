"""The page of the service's figures, written from service.json and by nothing else."""

from pathlib import Path
from typing import Any

from serving.requests import MOST_HOUSEHOLDS

NAMES = {
    "one_household": "`/score`, one household with reasons",
    "hundred_households": f"`/scores`, {MOST_HOUSEHOLDS} households with reasons",
    "list_page": "`/lists/…`, a page of 50, the look logged",
}


def write_page(told: dict[str, Any], path: Path) -> None:
    """Write the page; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_page(told), encoding="utf-8")


def _page(told: dict[str, Any]) -> str:
    asked = f"`{told['question']}`, " + ", ".join(f"{told[n]} {n}" for n in ("features", "boosters", "trees"))
    machine = ", ".join(f"{name} {value}" for name, value in told["machine"].items())
    return "\n".join(
        [
            "# The service, measured",
            "",
            "Written by `python -m benchmarks.service_load --docs`; not edited.",
            f"Asked: {asked}; {told['rounds']} rounds of {told['seconds']} s each. Machine: {machine}.",
            "",
            "The bare server is FastAPI with the same boosters and `pred_contrib`, in the event loop or in",
            "threads, whichever is faster. Both give the same score to 1e-9.",
            "",
            "| asked | callers | p50 ms | p99 ms | requests/s | bare p50 ms | ratio of p50 | of CPU |",
            "|---|---|---|---|---|---|---|---|",
            *[_line(name, row) for name, row in told["measured"].items()],
            "",
            "Processes and places in work, `/score`:",
            "",
            "| processes | in work | callers | p50 ms | p99 ms | requests/s |",
            "|---|---|---|---|---|---|",
            *[_cells(row, "workers", "in_work", "callers") for row in told["settings"]],
            "",
            "More callers than places; `refused` had 429 at once, the others were answered:",
            "",
            "| in line | callers | refused | p50 ms | p99 ms | requests/s |",
            "|---|---|---|---|---|---|",
            *[_cells(row, "waiting", "callers", "refused") for row in told["crowd"]],
            "",
        ]
    )


def _line(name: str, row: dict[str, Any]) -> str:
    form, callers = name.rsplit("_", 1)
    figures = [row["p50_ms"], row["p99_ms"], row["requests_per_s"]]
    beside = [row.get("bare_p50_ms", "–"), row.get("p50_ratio", "–"), row.get("cpu_ratio", "–")]
    return "| " + " | ".join(map(str, [NAMES[form], callers, *figures, *beside])) + " |"


def _cells(row: dict[str, Any], *names: str) -> str:
    return "| " + " | ".join(str(row[n]) for n in (*names, "p50_ms", "p99_ms", "requests_per_s")) + " |"
