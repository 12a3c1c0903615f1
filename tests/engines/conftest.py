"""A real Spark on this machine, one for all tests here.

Where there is no Java the tests are skipped and say so; with DIBAO_REQUIRE_SPARK=1, as in continuous
integration, they fail instead.
"""

from datetime import date
from pathlib import Path

import pytest
import yaml

from features.engines.cluster import Cluster
from features.errors import UserError
from tests.features.small_city import Case, tables_of
from tests.features.test_profile_command import deliver
from tests.requirements import lacking

REQUIRED = "DIBAO_REQUIRE_SPARK"
CASES = Path(__file__).parents[1] / "spec" / "features"
#: A few households: compiling a program for each statement would take most of the time.
SMALL = Cluster(
    "local[2]",
    settings=(
        "spark.sql.shuffle.partitions=2",
        "spark.sql.codegen.wholeStage=false",
        "spark.sql.codegen.factoryMode=NO_CODEGEN",
    ),
)


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Where to run; skips the test where Spark cannot."""
    try:
        pytest.importorskip("pyspark", reason="PySpark is not installed: uv sync --extra spark")
        from features.engines.spark import require_java

        require_java()
    except (UserError, pytest.skip.Exception) as missing:
        lacking(REQUIRED, str(missing))
    return SMALL


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every case of every feature as one city on disk, in two deliveries: the second corrects the first."""
    folder = tmp_path_factory.mktemp("city") / "warehouse"
    files = sorted(CASES.glob("*.yaml"))
    cases = [Case(**raw) for path in files for raw in yaml.safe_load(path.read_text())]
    deliver(folder, tables_of(cases[: len(cases) // 2]), date(2025, 11, 20))
    deliver(folder, tables_of(cases), date(2025, 12, 20))
    return folder
