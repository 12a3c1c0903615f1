"""Where Spark runs: what a command is told of a cluster, and the door to `features.engines.spark`."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from features.errors import UserError


@dataclass(frozen=True)
class Cluster:
    """What differs from one cluster to another.

    master: `local[n]` (this machine), `yarn`, `k8s://…`, `spark://…`. shared: the warehouse's folder as
    every machine of the cluster sees it (None: under the same path). scratch: a folder that every machine
    can write, a path or a URI (None: beside the warehouse). memory_gb: of the driver, and on one machine of
    everything (None: half of this machine's). settings: further `spark.…` settings, `name=value`.
    """

    master: str = "local[*]"
    shared: str | None = None
    scratch: str | None = None
    memory_gb: float | None = None
    settings: tuple[str, ...] = ()

    def pairs(self) -> dict[str, str]:
        """The settings by name; `UserError` where one is not `spark.…=…`."""
        wrong = [one for one in self.settings if not one.startswith("spark.") or "=" not in one]
        if wrong:
            raise UserError(
                f"--setting {wrong[0]} 无效 / is not spark.<name>=<value>; such as"
                " --setting spark.executor.memory=8g."
            )
        return dict(one.split("=", 1) for one in self.settings)


def spark() -> Any:
    """The module that runs on Spark, loaded only where it is asked for; `UserError` where it is missing."""
    try:
        return import_module("features.engines.spark")
    except ModuleNotFoundError as absent:
        if (absent.name or "").split(".")[0] not in ("pyspark", "py4j"):
            raise
        raise UserError(
            "没有安装 PySpark / PySpark is not installed; run `uv sync --extra spark` (or `--extra all`)."
        ) from None
