"""The same warehouse opened on Spark: the engine beyond one machine, and PySpark's one door.

Facts are read by Spark from the Parquet files; what only the catalogue knows (deliveries, links, releases)
is read by DuckDB where the command runs and handed over, for it is small. A computed table is written to a
scratch folder and read back from there: a plan of a hundred tables that refer to each other would otherwise
be planned, and after a lost machine computed, a hundred times. Nothing is left behind, and no metastore is
needed: tables are temporary views.
"""

import atexit
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
import pyarrow as pa
from ibis.backends.pyspark import Backend
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from features.engines.cluster import Cluster
from features.engines.connection import Value
from features.engines.duck import read_standing, written
from features.engines.scratch import read_in_order, remove, spill_folder
from features.engines.warehouse import Warehouse
from features.errors import UserError
from features.identity.exact import variants
from features.intake.stored import arrow_schema, unidentified_schema
from features.sources import SOURCES

_VARIABLE = re.compile(r"getvariable\('(\w+)'\)", re.IGNORECASE)
#: Rows of one task's file that are read at a time while the driver writes a part's one file.
READ_ROWS = 20_000
#: Statements of a profile nest deeper than the parser's default stack holds.
STACK = "-Xss16m"
LOCAL = "local["
#: Ibis's names of types, and Spark's.
NUMBERS = {"int64": "long", "float64": "double", "int32": "integer", "int16": "short", "int8": "byte"}
#: Two cores need no two hundred parts; a cluster's number is a setting.
LOCAL_PARTITIONS = 8
JAVA = 17


class SparkConnection(Backend):
    """An Ibis connection to Spark that a plan can run on (see `features.engines.connection`)."""

    scratch: str
    _values: dict[str, str]
    _files: dict[str, str]
    _numbers: Iterator[int]

    def opened(self, scratch: str) -> "SparkConnection":
        """The same connection, with a folder for computed tables."""
        self.scratch, self._values, self._files, self._numbers = scratch, {}, {}, count()
        return self

    @property
    def session(self) -> SparkSession:
        """Spark's own session."""
        return self._session

    def new_folder(self, name: str) -> str:
        """A folder in scratch that nobody has used."""
        return f"{self.scratch}/{name}-{next(self._numbers)}"

    def give(self, name: str, rows: pa.Table) -> None:
        """See `Connection`."""
        self.session.createDataFrame(rows).createOrReplaceTempView(name)

    def set_values(self, values: Mapping[str, Value]) -> None:
        """See `Connection`; they are written into each statement, so that files can be skipped by them."""
        self._values |= {name: written(value) for name, value in values.items()}

    def compute(self, name: str, select: str, schema: ibis.Schema) -> None:
        """See `Connection`."""
        frame = _as_declared(self.session.sql(self._filled(select)), schema)
        folder = self.new_folder(name)
        frame.write.parquet(folder)
        earlier = self._files.get(name)
        self._files[name] = folder
        self.session.read.schema(frame.schema).parquet(folder).createOrReplaceTempView(name)
        if earlier:
            remove(earlier)

    def name_view(self, name: str, select: str) -> None:
        """See `Connection`."""
        self.session.sql(self._filled(select)).createOrReplaceTempView(name)

    def batches(self, name: str, rows: int) -> pa.RecordBatchReader:
        """See `Connection`; the tasks' files one after the other, which is the order they were sorted in."""
        schema = self.table(name).schema().to_pyarrow()
        return pa.RecordBatchReader.from_batches(schema, read_in_order(self._files[name], schema, rows))

    def forget(self, name: str, kind: str) -> None:
        """See `Connection`."""
        self.session.catalog.dropTempView(name)
        if folder := self._files.pop(name, None):
            remove(folder)

    def to_pyarrow(self, expr: Any, /, **options: Any) -> Any:
        """The rows of an expression; past Ibis, which goes by way of pandas and loses exact types."""
        table = expr.as_table()
        rows = self.session.sql(self._filled(self.compile(table))).toArrow()
        return expr.__pyarrow_result__(rows.cast(table.schema().to_pyarrow()))

    def execute(self, expr: Any, /, **options: Any) -> Any:
        """See `to_pyarrow`; as pandas."""
        table = expr.as_table()
        rows = self.session.sql(self._filled(self.compile(table))).toArrow()
        found = rows.cast(table.schema().to_pyarrow()).to_pandas(date_as_object=False)
        return expr.__pandas_result__(found)

    def _filled(self, select: str) -> str:
        return _VARIABLE.sub(lambda found: self._values[found[1]], select)


def open_warehouse(path: Path, cluster: Cluster) -> Warehouse:
    """Open a warehouse for reading on Spark.

    `UserError` where the folder is none, an intake is writing it, or there is no Java for Spark.
    """
    standing = read_standing(path)
    connection = connect(cluster, spill_folder(path))
    session = connection.session
    root = cluster.shared or str(path.absolute())
    for name, rows in standing.catalogue.items():
        connection.give(name, rows)
    for name, source in SOURCES.items():
        frame = _read_files(session, path, root, standing.visible.tables[name], arrow_schema(source))
        if name in standing.linked:
            linked = session.createDataFrame(standing.linked[name].cast(arrow_schema(source)))
            frame = frame.unionByName(linked)
        frame.createOrReplaceTempView(name)
        apart = standing.visible.unidentified[name]
        unidentified = _read_files(session, path, root, apart, unidentified_schema(source))
        unidentified.createOrReplaceTempView(f"unidentified_{name}")
    return Warehouse(connection)


def connect(cluster: Cluster, spill: Path) -> SparkConnection:
    """A session that knows our own functions; `spill` holds what it writes where the cluster says nothing."""
    session = _session(cluster, spill)
    other, plain = variants()
    session.sql(
        "CREATE OR REPLACE TEMPORARY FUNCTION simplified(name STRING) RETURNS STRING RETURN"
        f" CASE WHEN name RLIKE '[{other}]' THEN translate(name, '{other}', '{plain}') ELSE name END"
    )
    scratch = cluster.scratch or str(spill.absolute() / "scratch")
    mine = f"{scratch}/dibao-{session.sparkContext.applicationId}-{uuid4().hex[:8]}"
    atexit.register(_end, session, mine, str(spill.absolute()))
    SparkConnection.register_options()
    return SparkConnection().connect(session).opened(mine)


def map_in_arrow(
    connection: SparkConnection,
    file: Path,
    columns: Sequence[str],
    function: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]],
    schema: pa.Schema,
    order: str,
) -> pa.RecordBatchReader:
    """What a function yields for the rows of a Parquet file, computed where they are read, sorted by `order`.

    `function` is sent to the machines: it may rest on installed packages, and on folders that `send_folder`
    has sent.
    """
    frame = connection.session.read.parquet(str(file.absolute())).select(*columns)
    typed, mapped, ordered = from_arrow_schema(schema), *map(connection.new_folder, ("mapped", "ordered"))
    # Sorting samples what it sorts: unwritten, every row would be computed twice.
    frame.mapInArrow(function, typed).write.parquet(mapped)
    connection.session.read.schema(typed).parquet(mapped).orderBy(order).write.parquet(ordered)
    return pa.RecordBatchReader.from_batches(schema, read_in_order(ordered, schema, READ_ROWS))


def send_folder(connection: SparkConnection, folder: Path) -> None:
    """Send a folder to every machine, where `sent_folder` finds it under its own name."""
    connection.session.sparkContext.addFile(str(folder.absolute()), recursive=True)


def sent_folder(name: str) -> Path:
    """Where a folder that was sent lies on the machine that asks."""
    return Path(SparkFiles.get(name))


def _half_of_memory_gb() -> float:
    """With less than a city needs, Java does not stop: it collects garbage for hours."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**31


def _session(cluster: Cluster, spill: Path) -> SparkSession:
    java = require_java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    memory_mb = round(1024 * (cluster.memory_gb or _half_of_memory_gb()))
    settings = {
        "spark.driver.memory": f"{memory_mb}m",
        "spark.driver.extraJavaOptions": STACK,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # A sum that overflows or a text that is no number stops the run, as it does in DuckDB.
        "spark.sql.ansi.enabled": "true",
        "spark.sql.warehouse.dir": str(spill.absolute() / "spark-warehouse"),
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
        "spark.sql.parquet.compression.codec": "zstd",
    }
    if cluster.master.startswith(LOCAL):
        # What a shuffle writes is as sensitive as the tables: beside them, and gone with the process.
        settings |= {
            "spark.local.dir": str(spill.absolute() / "local"),
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": str(LOCAL_PARTITIONS),
        }
    builder = SparkSession.builder.appName("dibao").master(cluster.master)
    for name, value in (settings | cluster.pairs()).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as failure:  # Java's own errors and PySpark's have nothing else in common
        raise UserError(
            f"Spark 无法在 {cluster.master} 启动（{java}）/ did not start on {cluster.master} with {java};"
            " see its log above, and give --master local[2] to run on this machine."
        ) from failure
    session.sparkContext.setLogLevel("ERROR")
    return session


def require_java() -> str:
    """The first line of what Java says of itself; `UserError` where there is none, or too old a one."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    told = subprocess.run([java, "-version"], capture_output=True, text=True).stderr if java else ""  # noqa: S603
    line = told.splitlines()[0] if told else "none"
    found = re.search(r'version "(\d+)', line)
    if not found or int(found[1]) < JAVA:
        raise UserError(
            f"Spark 需要 Java {JAVA} / Spark needs Java {JAVA} or later, found {line}:"
            f" apt-get install openjdk-{JAVA}-jre-headless, or set JAVA_HOME."
        )
    return line


def _read_files(
    session: SparkSession, folder: Path, shared: str, files: Sequence[Path], schema: pa.Schema
) -> DataFrame:
    """Files of the warehouse as one table; columns declared since are null, and no file is opened for it."""
    typed = from_arrow_schema(schema)
    if not files:
        return session.createDataFrame(schema.empty_table())
    return session.read.schema(typed).parquet(*(f"{shared}/{file.relative_to(folder)}" for file in files))


def _as_declared(frame: DataFrame, schema: ibis.Schema) -> DataFrame:
    """A literal is an int or a decimal to Spark, by its size: whole numbers and doubles get their own type.

    Decimals stay as they are: Ibis knows less of their places than Spark does.
    """
    wanted = {
        name: NUMBERS[kind]
        for name, kind in ((name, str(kind).lstrip("!")) for name, kind in schema.items())
        if kind in NUMBERS and frame.schema[name].dataType.typeName() != NUMBERS[kind]
    }
    return frame.withColumns({name: frame[name].cast(kind) for name, kind in wanted.items()})


def _end(session: SparkSession, *folders: str) -> None:
    session.stop()
    for folder in folders:
        remove(folder)
