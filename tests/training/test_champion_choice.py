"""Which candidate ships: by the number of labels, then by what the windows can tell apart."""

import pytest

from training.champion import FEW_LABELS, MANY_LABELS, Validated, choose

RECIPES = {
    "logistic": {"logistic": 1.0},
    "bag": {"bag": 1.0},
    "blend": {"bag": 0.6, "logistic_bound": 0.4},
    "near": {"bag": 0.3, "logistic_bound": 0.7},
    "logistic_bound": {"logistic_bound": 1.0},
}


def judged(error: float, **precision: float) -> list[Validated]:
    found = [Validated(name, value, error, value, 3) for name, value in precision.items()]
    return sorted(found, key=lambda one: -one.average_precision)


@pytest.mark.parametrize(
    ("labels", "error", "precision", "champion"),
    [
        (FEW_LABELS, 0.05, {"bag": 0.30, "blend": 0.28, "near": 0.27, "logistic": 0.29}, "blend"),
        (FEW_LABELS, 0.01, {"bag": 0.30, "blend": 0.28, "near": 0.27, "logistic": 0.29}, "bag"),
        (FEW_LABELS, 0.05, {"logistic": 0.40, "blend": 0.28, "bag": 0.27, "near": 0.2}, "blend"),
        (FEW_LABELS, float("nan"), {"bag": 0.30, "blend": 0.28, "near": 0.2, "logistic": 0.1}, "bag"),
        (MANY_LABELS, 0.05, {"bag": 0.30, "blend": 0.28, "near": 0.27, "logistic": 0.29}, "bag"),
        (FEW_LABELS - 1, 0.01, {"bag": 0.30, "blend": 0.28, "near": 0.20, "logistic": 0.40}, "near"),
        (
            FEW_LABELS,
            0.05,
            {"bag": 0.30, "blend": 0.31, "near": 0.31, "logistic_bound": 0.32},
            "logistic_bound",
        ),
        (FEW_LABELS, 0.05, {"bag": 0.30, "blend": 0.31, "near": 0.29, "logistic_bound": 0.30}, "blend"),
        (FEW_LABELS - 1, 0.05, {"bag": 0.3, "blend": 0.3, "near": 0.2, "logistic_bound": 0.4}, "near"),
    ],
)
def test_the_choice(labels: int, error: float, precision: dict[str, float], champion: str) -> None:
    assert choose(judged(error, **precision), RECIPES, labels) == champion


def test_without_windows_a_blend_ships() -> None:
    nothing = [Validated(name, float("nan"), float("nan"), float("nan"), 0) for name in RECIPES]
    assert choose(nothing, RECIPES, FEW_LABELS) == "blend"
