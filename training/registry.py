"""The only door to MLflow: runs, bundles as artifacts, registered boosters, aliases. Telemetry is off."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from features.errors import UserError
from models.bundle import Bundle

EXPERIMENT = "dibao-review"
SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg", "http", "https")


def check_address(uri: str, *, exists: bool = False) -> None:
    """`UserError` where `uri` is no address MLflow can use, or (`exists`) its SQLite file is not there."""
    scheme, _, rest = uri.partition("://")
    if scheme not in SCHEMES or len(rest) < 2:
        raise UserError(
            f"--mlflow {uri} 不是 MLflow 地址 / is no address of MLflow; write sqlite:///out/mlflow.db or"
            " http://server:5000."
        )
    if exists and scheme == "sqlite" and not Path(rest[1:]).is_file():
        raise UserError(
            f"没有 MLflow 数据库 {rest[1:]} / there is no MLflow database; run"
            f" `python -m training run --mlflow {uri} …` first."
        )


def prepare(uri: str, artifacts: Path) -> str:
    """Create database and experiment where they do not exist (about 10 s once); returns the experiment id."""
    _database_folder(uri)
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    try:
        known = client.get_experiment_by_name(EXPERIMENT)
        if known:
            return str(known.experiment_id)
        return str(client.create_experiment(EXPERIMENT, artifact_location=artifacts.resolve().as_uri()))
    except MlflowException:
        raise UserError(
            f"无法打开 MLflow 数据库 / cannot open the MLflow database {uri}; give --mlflow sqlite:///PATH."
        ) from None


def record(
    uri: str,
    artifacts: Path,
    bundle: Bundle,
    folder: Path,
    evaluation: Mapping[str, Any],
    parameters: Mapping[str, Any],
) -> dict[str, str]:
    """One run: parameters, data version, metrics, the bundle folder; a new version of the registered model.

    The first version of a question becomes `champion`; later ones become `challenger` until two persons
    promote them.
    """
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    experiment = prepare(uri, artifacts)
    run = client.create_run(experiment, run_name=f"{bundle.question} {bundle.version}").info.run_id
    for name, value in {**parameters, "champion": bundle.kind, "data_version": bundle.data_version}.items():
        client.log_param(run, name, value)
    for name, number in _numbers(evaluation).items():
        client.log_metric(run, name, number)
    client.log_artifacts(run, str(folder), artifact_path="bundle")
    client.set_terminated(run)
    return {"run": run, **_register(client, bundle, run, experiment)}


def _register(client: MlflowClient, bundle: Bundle, run: str, experiment: str) -> dict[str, str]:
    name = f"dibao-{bundle.question}"
    try:
        aliases = client.get_registered_model(name).aliases
    except MlflowException:
        client.create_registered_model(name)
        aliases = {}
    source = f"{client.get_run(run).info.artifact_uri}/bundle"
    version = str(client.create_model_version(name, source=source, run_id=run).version)
    alias = "challenger" if "champion" in aliases else "champion"
    client.set_registered_model_alias(name, alias, version)
    client.set_model_version_tag(name, version, "bundle_version", bundle.version)
    return {"experiment": experiment, "model": name, "model_version": version, "alias": alias}


def promote(uri: str, question: str, bundle_version: str, persons: tuple[str, str]) -> str:
    """Make a registered bundle the champion, signed by two different persons; returns the model version."""
    if len({person.strip().lower() for person in persons}) < 2 or not all(p.strip() for p in persons):
        raise UserError("提升需要两名不同人员签字 / promotion needs two different persons: --by A --by B.")
    check_address(uri, exists=True)
    client, name = MlflowClient(tracking_uri=uri, registry_uri=uri), f"dibao-{question}"
    try:
        versions = client.search_model_versions(f"name = '{name}'")
    except MlflowException:
        versions = []
    found = [v for v in versions if v.tags.get("bundle_version") == bundle_version]
    if not found:
        raise UserError(
            f"登记库没有 {name} {bundle_version} / {uri} holds no {name} of version {bundle_version}; "
            "run python -m training run first."
        )
    version = str(max(found, key=lambda v: int(v.version)).version)
    client.set_model_version_tag(name, version, "promoted_by", " + ".join(persons))
    client.set_registered_model_alias(name, "champion", version)
    return version


def _numbers(evaluation: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Every number of the evaluation by a dotted name; lists are left to the artifacts."""
    found: dict[str, float] = {}
    for key, value in evaluation.items():
        if isinstance(value, Mapping):
            found |= _numbers(value, f"{prefix}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[f"{prefix}{key}"] = float(value)
    return found


def _database_folder(uri: str) -> None:
    if uri.startswith("sqlite:///"):
        Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(uri)
