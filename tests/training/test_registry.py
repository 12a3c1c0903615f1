import numpy as np
import pytest
from mlflow.tracking import MlflowClient

from features.errors import UserError
from models.bundle import load_bundle, write_bundle
from models.scoring import score
from tests.models.example_bundle import example_bundle, example_rows, example_spec
from training import registry

# MLflow still asks SQLAlchemy 2.1 for a loader strategy that will go.
pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    uri = f"sqlite:///{folder}/new/mlflow.db"
    bundle = example_bundle()
    path = write_bundle(bundle, folder / "hidden_income")
    evaluation = {"auc": {"value": 0.7, "low": 0.6}, "champion": "blend", "truth": None}
    first = registry.record(uri, folder / "artifacts", bundle, path, evaluation, {"seed": 7})
    second = example_bundle(seed=4, version="2025-07-31-second")
    later = registry.record(
        uri, folder / "artifacts", second, write_bundle(second, folder / "second"), evaluation, {"seed": 8}
    )
    return uri, folder, first, later


def test_a_run_holds_parameters_data_version_metrics_and_the_bundle(recorded):
    uri, folder, first, _ = recorded
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    run = client.get_run(first["run"])
    assert run.data.params["data_version"] == "example"
    assert run.data.metrics == {"auc.value": 0.7, "auc.low": 0.6}
    files = {entry.path for entry in client.list_artifacts(first["run"], "bundle")}
    assert "bundle/bundle.json" in files
    stored = next((folder / "artifacts").glob(f"{first['run']}/artifacts/bundle"))
    rows = example_rows(example_spec("hidden_income"), 5)
    assert np.array_equal(score(load_bundle(stored), rows).raw, score(example_bundle(), rows).raw)


def test_the_first_is_champion_and_the_next_a_challenger_until_two_persons_sign(recorded):
    uri, _, first, later = recorded
    assert (first["alias"], later["alias"]) == ("champion", "challenger")
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    with pytest.raises(UserError, match="two different persons"):
        registry.promote(uri, "hidden_income", "2025-07-31-second", ("Li", " li"))
    registry.promote(uri, "hidden_income", "2025-07-31-second", ("Li", "Wang"))
    version = client.get_model_version_by_alias("dibao-hidden_income", "champion")
    assert str(version.version) == later["model_version"]
    assert version.tags["promoted_by"] == "Li + Wang"


def test_a_version_that_was_never_recorded_cannot_be_promoted(recorded):
    with pytest.raises(UserError, match="holds no dibao-exit_due"):
        registry.promote(recorded[0], "exit_due", "2025-07-31-second", ("Li", "Wang"))
