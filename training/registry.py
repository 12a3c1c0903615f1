"""The only door to MLflow: runs, bundles as artifacts, registered boosters, aliases. Telemetry is off."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from features.errors import UserError
from models.bundle import Bundle, content_digest, load_bundle, write_bundle
from training.gates import Gate, gates, not_held, unknown

EXPERIMENT = "dibao-review"
EVALUATION, REVIEW = "evaluation.json", "review"
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
    *,
    papers: Sequence[Path] = (),
    data_hashes: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """One run: parameters, data hashes, metrics, evaluation, bundle and papers; a new model version.

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
    _log_json(client, run, EVALUATION, dict(evaluation))
    _log_json(client, run, "data_hashes.json", dict(data_hashes or {}))
    for paper in papers:
        client.log_artifact(run, str(paper), artifact_path="papers")
    client.set_terminated(run)
    return {"run": run, **_register(client, bundle, run, experiment)}


def attach_review(uri: str, bundle: Bundle, folder: Path, papers: Sequence[Path] = ()) -> str:
    """Log a review's folder (parts, figures) and its papers with the bundle's run; returns the run."""
    client, version = _version_of(uri, bundle.question, bundle.version)
    client.log_artifacts(version.run_id, str(folder), artifact_path=REVIEW)
    for paper in papers:
        client.log_artifact(version.run_id, str(paper), artifact_path="papers")
    return str(version.run_id)


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
    client.set_model_version_tag(name, version, "digest", content_digest(bundle))
    return {"experiment": experiment, "model": name, "model_version": version, "alias": alias}


@dataclass(frozen=True)
class Promoted:
    """version: of the model in the registry; unknown: gates of which the evidence does not tell."""

    version: str
    unknown: tuple[Gate, ...]


def promote(uri: str, question: str, bundle_version: str, persons: tuple[str, str]) -> Promoted:
    """Make a registered bundle the champion, signed by two different persons.

    `UserError` names the gates that do not hold, with their remedies, or that the bundle was changed.
    Gates of which the evidence does not tell are written beside the signatures, and returned.
    """
    if len({person.strip().lower() for person in persons}) < 2 or not all(p.strip() for p in persons):
        raise UserError("提升需要两名不同人员签字 / promotion needs two different persons: --by A --by B.")
    client, found = _version_of(uri, question, bundle_version)
    version = str(found.version)
    _verified(client, found)
    held = recorded_gates(client, found.run_id, bundle_version)
    _refuse(question, bundle_version, not_held(held))
    told = tuple(unknown(held))
    open_gates = ", ".join(gate.code for gate in told) or "none"
    client.set_model_version_tag(f"dibao-{question}", version, "gates_unknown", open_gates)
    client.set_model_version_tag(f"dibao-{question}", version, "promoted_by", " + ".join(persons))
    client.set_registered_model_alias(f"dibao-{question}", "champion", version)
    return Promoted(version, told)


def export(uri: str, question: str, out: Path) -> Bundle:
    """Write the champion's bundle to `out`, verified against the digest it was recorded with."""
    check_address(uri, exists=True)
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    try:
        version = client.get_model_version_by_alias(f"dibao-{question}", "champion")
    except MlflowException:
        raise UserError(
            f"登记库没有 {question} 的冠军 / {uri} holds no champion of {question}; run"
            " python -m training run first."
        ) from None
    return load_bundle(write_bundle(_verified(client, version), out))


def recorded_gates(client: MlflowClient, run: str, bundle_version: str) -> dict[str, bool | None]:
    """The gates of the evaluation logged with a run, and of those parts of a review that judged this version.

    A folder of parts may still hold those of an older bundle; they say nothing of this one.
    """
    logged = {entry.path for entry in client.list_artifacts(run)}
    if EVALUATION not in logged:
        raise UserError(
            "该登记没有 evaluation.json / this run was recorded without its evaluation.json; train it again"
            " with python -m training run."
        )
    review = {}
    for entry in client.list_artifacts(run, REVIEW) if REVIEW in logged else ():
        if entry.path.endswith(".json"):
            part = _read_json(client, run, entry.path)
            if part.get("bundle") == bundle_version:
                review[Path(entry.path).stem] = part["result"]
    return gates(_read_json(client, run, EVALUATION), review)


def _refuse(question: str, bundle_version: str, failing: Sequence[Gate]) -> None:
    if failing:
        told = "; ".join(f"{g.zh} / {g.en}: {g.remedy_zh} / {g.remedy_en}" for g in failing)
        raise UserError(
            f"{question} {bundle_version} 不满足签字条件，不能提升 / does not hold what promotion needs."
            f" {told}."
        )


def _version_of(uri: str, question: str, bundle_version: str) -> tuple[MlflowClient, ModelVersion]:
    """The newest registered version of a bundle; `UserError` where there is none."""
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
    return client, max(found, key=lambda v: int(v.version))


def _verified(client: MlflowClient, version: ModelVersion) -> Bundle:
    """The recorded bundle, read back; `UserError` where it is not what was recorded."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = load_bundle(client.download_artifacts(version.run_id, "bundle", folder))
    if content_digest(bundle) != version.tags.get("digest"):
        raise UserError(
            f"{version.name} {version.version} 的模型包与登记的摘要不符 / the bundle differs from the digest"
            " it was recorded with; train again with python -m training run."
        )
    return bundle


def _log_json(client: MlflowClient, run: str, name: str, document: Mapping[str, Any]) -> None:
    client.log_text(run, json.dumps(document, ensure_ascii=False, indent=1, default=str), name)


def _read_json(client: MlflowClient, run: str, path: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return dict(
            json.loads(Path(client.download_artifacts(run, path, folder)).read_text(encoding="utf-8"))
        )


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
