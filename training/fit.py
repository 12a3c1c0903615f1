"""Candidates for a question: LightGBM bags, logistic regression, blends, and for discovery a stack.

Every candidate is the same additive form that the bundle stores, so what is validated is what is shipped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import lightgbm
import numpy as np
import numpy.typing as npt

from models.bundle import Bundle, BundleBand, Calibration, Component
from models.describe import bundle_features
from models.scoring import score
from models.spec import ModelSpec
from models.unapplied_eligible import TAKE_UP_TOPICS
from training import logistic
from training.boosting import SHAPES, Shape, fit_bag
from training.cohort import Cohort
from training.splits import household_folds
from training.stage_one import StageOne

Floats = npt.NDArray[np.float64]

BAG = 5
PENALTY_FOLDS = 4
BLEND_SHARES = (0.3, 0.6)


@dataclass(frozen=True)
class Fitted:
    """What was learnt: a candidate's name and the additive form without calibration."""

    name: str
    intercept: float
    components: tuple[Component, ...]


@dataclass(frozen=True)
class Setting:
    """What every fit shares. favourable: what stands for unknown, one for each feature.

    penalty_rows: a regression's penalty is chosen on about so many rows at most; None: on all.
    """

    spec: ModelSpec
    favourable: tuple[float | None, ...]
    trained_as_of: date
    seed: int
    threads: int
    bag: int = BAG
    stage_one: StageOne | None = None
    shapes: tuple[Shape, ...] = SHAPES
    penalty_rows: int | None = None

    def known(self, rows: Floats) -> Floats:
        """Rows as the score will see them, unknown values replaced."""
        fill = np.array([np.nan if value is None else value for value in self.favourable])
        return np.where(np.isnan(rows), fill, rows)


Learner = Callable[[Setting, Cohort], Fitted]


def favourable_values(spec: ModelSpec, rows: Floats) -> tuple[float | None, ...]:
    """What stands for "unknown": in a punitive model the value of a directed feature that scores lowest.

    So a department that does not answer can never raise such a score. Undirected features stay unknown.
    """

    def value(column: Floats, raises: int) -> float | None:
        seen = column[~np.isnan(column)]
        if not spec.punitive or not raises:
            return None
        ends = (seen.min(), seen.max()) if len(seen) else (0.0, 0.0)
        return float(min(0.0, ends[0])) if raises > 0 else float(max(0.0, ends[1]))

    return tuple(value(column, raises) for column, raises in zip(rows.T, spec.monotone, strict=True))


def lightgbm_bag(shape: Shape) -> Learner:
    """A bag of boosters of one shape."""

    def learnt(setting: Setting, cohort: Cohort) -> Fitted:
        return Fitted(shape.name, 0.0, (Component(1.0, boosters=_bag(setting, cohort, shape)),))

    return learnt


def _bag(
    setting: Setting, cohort: Cohort, shape: Shape, start: Floats | None = None
) -> tuple[lightgbm.Booster, ...]:
    seeds = [setting.seed + 100 * number for number in range(setting.bag)]
    rows = setting.known(cohort.rows)
    return fit_bag(setting.spec, rows, cohort.label, cohort.weight, shape, seeds, setting.threads, start)


def regression(*, bound: bool) -> Learner:
    """Logistic regression on every feature; unbound it is the baseline every question is compared with."""

    def learnt(setting: Setting, cohort: Cohort) -> Fitted:
        intercept, component, _ = _regress(setting, cohort, bound=bound)
        return Fitted("logistic_bound" if bound else "logistic", intercept, (component,))

    return learnt


def stack(*, take_up_only: bool) -> Learner:
    """Discovery: logistic regression on contacts, over the stage-one log-odds and what shapes take-up."""

    def learnt(setting: Setting, cohort: Cohort) -> Fitted:
        assert setting.stage_one is not None
        stage = setting.stage_one.left_out(cohort)
        used = np.array([not take_up_only or f.topic in TAKE_UP_TOPICS for f in setting.spec.features])
        intercept, component, weights = _regress(setting, cohort, extra=stage[:, None], used=used)
        parts = (Component(float(weights[0]), boosters=setting.stage_one.boosters), component)
        return Fitted("stack_take_up" if take_up_only else "stack_full", intercept, parts)

    return learnt


def boosted_stack(setting: Setting, cohort: Cohort) -> Fitted:
    """Discovery with many contacts: the stack, and small trees on what it leaves unexplained."""
    base = stack(take_up_only=False)(setting, cohort)
    left = unseen_scores(setting, base, cohort)
    trees = Component(1.0, boosters=_bag(setting, cohort, setting.shapes[0], left))
    return Fitted("stack_boosted", base.intercept, (*base.components, trees))


def learners(setting: Setting) -> dict[str, Learner]:
    """What is learnt once and then shipped alone or blended."""
    return {
        "logistic": regression(bound=False),
        "logistic_bound": regression(bound=True),
        "stack_take_up": stack(take_up_only=True),
        "stack_full": stack(take_up_only=False),
        "stack_boosted": boosted_stack,
        **{shape.name: lightgbm_bag(shape) for shape in setting.shapes},
    }


#: A candidate is a mixture of learners: name -> share of its log-odds.
Recipe = dict[str, float]


def candidates(setting: Setting) -> dict[str, Recipe]:
    """Everything compared for a question, by name; `logistic` is the baseline and never ships alone."""
    baseline: dict[str, Recipe] = {"logistic": {"logistic": 1.0}}
    if setting.spec.universe == "register":
        whole = {name: {name: 1.0} for name in ("stack_take_up", "stack_full", "stack_boosted")}
        blends = {
            f"{name}_blend": {name: 0.6, setting.shapes[0].name: 0.4}
            for name in ("stack_take_up", "stack_full")
        }
        return baseline | whole | blends | {"stack_full_regressed": {"stack_full": 0.5, "logistic": 0.5}}
    bags = {shape.name: {shape.name: 1.0} for shape in setting.shapes}
    blends = {
        f"blend_{shape.name.removeprefix('lightgbm_')}_{share:g}": {
            shape.name: share,
            "logistic_bound": 1 - share,
        }
        for shape in setting.shapes
        for share in BLEND_SHARES
    }
    # The regression within its bounds ships alone only where no other is better.
    return baseline | bags | blends | {"logistic_bound": {"logistic_bound": 1.0}}


def regressed_share(recipe: Recipe) -> float:
    """How much of a candidate is plain logistic regression on every feature."""
    return sum(share for learner, share in recipe.items() if learner.startswith("logistic"))


def fit_candidate(
    setting: Setting, cohort: Cohort, name: str, learnt: dict[str, Fitted] | None = None
) -> Fitted:
    """Learn a candidate; `learnt` keeps what other candidates on the same rows have learnt already."""
    learnt = {} if learnt is None else learnt
    parts: list[Component] = []
    intercept = 0.0
    for wanted, share in candidates(setting)[name].items():
        # Without any direction there is nothing to be bound by: learnt once.
        unbound = wanted == "logistic_bound" and not any(setting.spec.monotone)
        learner = "logistic" if unbound else wanted
        if learner not in learnt:
            learnt[learner] = learners(setting)[learner](setting, cohort)
        parts += [replace(c, weight=c.weight * share) for c in learnt[learner].components]
        intercept += share * learnt[learner].intercept
    return Fitted(name, intercept, tuple(parts))


def _regress(
    setting: Setting,
    cohort: Cohort,
    *,
    extra: Floats | None = None,
    used: npt.NDArray[np.bool_] | None = None,
    bound: bool = True,
) -> tuple[float, Component, Floats]:
    rows = setting.known(cohort.rows)
    scale = logistic.scaling(setting.spec, rows)
    made = logistic.design(setting.spec, scale, rows, extra, used=used, bound=bound)
    some = _some(setting, len(cohort.label))
    fold = household_folds(cohort.household[some], PENALTY_FOLDS, setting.seed)
    fewer = replace(made, columns=made.columns[some])
    penalty = logistic.chosen_penalty(fewer, cohort.label[some], cohort.weight[some], fold)
    intercept, coefficients = logistic.fit(made, cohort.label, cohort.weight, penalty)
    linear, rest = logistic.as_linear(scale, made, coefficients)
    return intercept, Component(1.0, linear=linear), rest


def _some(setting: Setting, rows: int) -> slice:
    """Every k-th row, so that the penalty is chosen on no more than it may be."""
    return slice(None, None, 1 if setting.penalty_rows is None else -(-rows // setting.penalty_rows))


def draft(setting: Setting, fitted: Fitted) -> Bundle:
    """A bundle without calibration, version or metrics: enough to score with the code that serves."""
    spec = setting.spec
    return Bundle(
        question=spec.question,
        zh=spec.zh,
        en=spec.en,
        version="draft",
        kind=fitted.name,
        trained_as_of=setting.trained_as_of,
        universe=spec.universe,
        categories=spec.categories,
        punitive=spec.punitive,
        features=bundle_features(spec, setting.favourable),
        intercept=fitted.intercept,
        components=fitted.components,
        calibration=Calibration(),
        bands=(BundleBand(spec.bands[0].code, spec.bands[0].zh, spec.bands[0].en, 0.0),),
        data_version="",
        seed=setting.seed,
    )


def raw_scores(setting: Setting, fitted: Fitted, rows: Floats) -> Floats:
    """Log-odds of `rows` by the serving code; (n,)."""
    return score(draft(setting, fitted), rows, num_threads=setting.threads, contributions=False).raw


def unseen_scores(setting: Setting, fitted: Fitted, cohort: Cohort) -> Floats:
    """Log-odds of each row, stage one answering for nobody whose own receiving it has seen; (n,)."""
    raw, stage = raw_scores(setting, fitted, cohort.rows), setting.stage_one
    if stage is None:
        return raw
    weight = sum(c.weight for c in fitted.components if c.boosters is stage.boosters)
    return np.asarray(raw + weight * (stage.left_out(cohort) - stage.shipped(cohort.rows)))
