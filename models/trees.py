"""A LightGBM booster as flat arrays: what a walk over its trees needs.

Read from `Booster.dump_model()`. Refused with a sentence: linear trees, several outputs, and averaged
forests, whose contributions are other sums than those computed from these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from features.errors import UserError

#: What `dump_model` writes for an infinite threshold: a split between the unknown and all others.
INFINITE = 1e300

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Walk:
    """Every tree of a booster as edges in depth-first order; an entry an edge (edges,) unless said otherwise.

    An edge leads from a split to a child. first: (trees + 1,) edge at which each tree begins. level: 1 below
    the root. feature: of the split above. same: level of the nearest edge above of the same feature, 0 none.
    right: whether it is the right one. leaf: whether it leads to a leaf, of this value. closes: levels left
    behind once its own subtree is done. cover: share of the training rows at the split that went this way;
    before: product of the covers of the edges above of this feature; merged: with this edge's own.

    The split's decision: threshold, zero_is_unknown, unknown_left (whether NaN goes left), category_from and
    category_to: where in `categories` those that go left stand (an empty range: the split is numerical).

    base: sum over trees of the mean leaf by training rows. features: columns of the booster. depth: greatest
    number of different features on a path; deepest: of edges.
    """

    first: Integers
    level: Integers
    feature: Integers
    same: Integers
    right: Integers
    leaf: Integers
    closes: Integers
    cover: Floats
    before: Floats
    merged: Floats
    value: Floats
    threshold: Floats
    zero_is_unknown: Integers
    unknown_left: Integers
    category_from: Integers
    category_to: Integers
    categories: Integers
    base: float
    features: int
    depth: int
    deepest: int


@dataclass
class _Edge:
    level: int
    feature: int
    same: int
    right: int
    leaf: bool
    cover: float
    before: float
    merged: float
    value: float
    split: Mapping[str, Any]
    closes: int = 0


def walk(booster: lightgbm.Booster) -> Walk:
    """Flatten a booster; `UserError` names what is not covered."""
    told = booster.dump_model()
    _refuse(told)
    first, edges, base = [0], [], 0.0
    for tree in told["tree_info"]:
        root = tree["tree_structure"]
        base += _mean_leaf(root)
        edges += _edges(root)
        first.append(len(edges))
    categories: list[int] = []
    spans = []
    for edge in edges:
        begin = len(categories)
        if edge.split["decision_type"] == "==":
            categories += sorted(int(one) for one in str(edge.split["threshold"]).split("||"))
        spans.append((begin, len(categories)))

    def column(kind: type, values: Iterator[Any]) -> Any:
        return np.array(list(values), dtype=kind)

    return Walk(
        first=np.array(first, dtype=np.int64),
        level=column(np.int64, (edge.level for edge in edges)),
        feature=column(np.int64, (edge.feature for edge in edges)),
        same=column(np.int64, (edge.same for edge in edges)),
        right=column(np.int64, (edge.right for edge in edges)),
        leaf=column(np.int64, (edge.leaf for edge in edges)),
        closes=column(np.int64, (edge.closes for edge in edges)),
        cover=column(np.float64, (edge.cover for edge in edges)),
        before=column(np.float64, (edge.before for edge in edges)),
        merged=column(np.float64, (edge.merged for edge in edges)),
        value=column(np.float64, (edge.value for edge in edges)),
        threshold=column(np.float64, (_threshold(edge.split) for edge in edges)),
        zero_is_unknown=column(np.int64, (edge.split["missing_type"] == "Zero" for edge in edges)),
        unknown_left=column(np.int64, (_unknown_left(edge.split) for edge in edges)),
        category_from=column(np.int64, (span[0] for span in spans)),
        category_to=column(np.int64, (span[1] for span in spans)),
        categories=np.array(categories, dtype=np.int64),
        base=base,
        features=booster.num_feature(),
        depth=max((_different(edges, a, b) for a, b in pairwise(first)), default=0),
        deepest=max((edge.level for edge in edges), default=0),
    )


def _refuse(told: Mapping[str, Any]) -> None:
    why = None
    if told["num_tree_per_iteration"] != 1:
        why = "有多个输出 / has several outputs"
    elif told.get("average_output"):
        why = "是平均森林 / is an averaged forest (rf)"
    elif any("leaf_coeff" in leaf for tree in told["tree_info"] for leaf in _leaves(tree["tree_structure"])):
        why = "含线性叶 / has linear leaves"
    if why:
        raise UserError(f"模型{why}: 不能分解 / and is not explained here; train without that option.")


def _leaves(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "split_index" not in node:
        yield node
        return
    yield from _leaves(node["left_child"])
    yield from _leaves(node["right_child"])


def _rows(node: Mapping[str, Any]) -> int:
    """Training rows that reached a node; LightGBM weighs paths by them, whatever the rows' weights."""
    return int(node["internal_count"] if "split_index" in node else node.get("leaf_count", 0))


def _mean_leaf(root: Mapping[str, Any]) -> float:
    if "split_index" not in root:
        return float(root["leaf_value"])
    return sum(float(leaf["leaf_value"]) * _rows(leaf) for leaf in _leaves(root)) / _rows(root)


def _edges(root: Mapping[str, Any]) -> list[_Edge]:
    found: list[_Edge] = []
    _descend(root, 1, {}, found)
    for here, after in zip(found, [*found[1:], None], strict=False):
        if here.leaf:
            here.closes = here.level - (after.level if after else 1) + 1
    return found


def _descend(
    node: Mapping[str, Any], level: int, above: dict[int, tuple[int, float]], found: list[_Edge]
) -> None:
    """above: feature -> level of its nearest edge, product of its covers."""
    if "split_index" not in node:
        return
    feature, total = int(node["split_feature"]), _rows(node)
    same, before = above.get(feature, (0, 1.0))
    for right, child in enumerate((node["left_child"], node["right_child"])):
        cover = _rows(child) / total
        leaf = "split_index" not in child
        value = float(child["leaf_value"]) if leaf else 0.0
        merged = before * cover
        found.append(_Edge(level, feature, same, right, leaf, cover, before, merged, value, node))
        _descend(child, level + 1, {**above, feature: (level, merged)}, found)


def _threshold(split: Mapping[str, Any]) -> float:
    if split["decision_type"] == "==":
        return 0.0
    told = float(split["threshold"])
    return told if abs(told) < INFINITE else float(np.copysign(np.inf, told))


def _unknown_left(split: Mapping[str, Any]) -> bool:
    """Where NaN goes: by default where the split knows unknowns; else LightGBM takes it for 0."""
    if split["missing_type"] == "None":
        return _threshold(split) >= 0
    return bool(split["default_left"])


def _different(edges: list[_Edge], begin: int, end: int) -> int:
    """Greatest number of different features on one path of a tree."""
    path: dict[int, int] = {}
    most = 0
    for edge in edges[begin:end]:
        path = {level: feature for level, feature in path.items() if level < edge.level}
        path[edge.level] = edge.feature
        most = max(most, len(set(path.values())))
    return most
