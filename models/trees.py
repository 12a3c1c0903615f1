"""A LightGBM booster as flat arrays: what a walk over its trees needs.

Read from the model's own text, which holds every number to the last bit; the same tree as nested mappings
(`Booster.dump_model`) takes ten times as long to read. Refused with a sentence: linear trees, several
outputs, and averaged forests, whose contributions are other sums than those computed from these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import lightgbm
import numba
import numpy as np
import numpy.typing as npt

from features.errors import UserError

#: What the model's text holds for an infinite threshold: a split between the unknown and all others.
INFINITE = 1e300
#: Bits of a split's decision in the text: it asks for categories; the unknown goes left; what is unknown.
CATEGORICAL, UNKNOWN_LEFT, UNKNOWN_SHIFT = 1, 2, 2
NOTHING, ZERO = 0, 1
#: Categories that one word of their bitset holds.
WORD = 32

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Tree = Mapping[str, str]


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


@dataclass(frozen=True)
class _Splits:
    """The splits of all trees in a row (splits,): decisions, and where each one's categories stand."""

    threshold: Floats
    zero_is_unknown: Integers
    unknown_left: Integers
    category_from: Integers
    category_to: Integers
    categories: Integers


def walk(booster: lightgbm.Booster) -> Walk:
    """Flatten a booster; `UserError` names what is not covered."""
    head, trees = _read(booster)
    _refuse(head, trees)
    leaves = np.array([int(tree["num_leaves"]) for tree in trees], dtype=np.int64)
    splits = _splits(trees)
    feature, value = _integers(trees, "split_feature"), _floats(trees, "leaf_value")
    rows, rows_of_leaf = _integers(trees, "internal_count"), _rows_of_leaves(trees)
    first = 2 * _ends(leaves - 1)
    count = int(first[-1])
    level, split, same, right, leaf, closes = np.zeros((6, count), dtype=np.int64)
    cover, before, merged, reached = np.zeros((4, count))
    sides = _integers(trees, "left_child"), _integers(trees, "right_child")
    depth = _flatten(
        leaves, feature, *sides, rows, rows_of_leaf, value,
        level, split, same, right, leaf, closes, cover, before, merged, reached,
    )  # fmt: skip
    return Walk(
        first=first,
        level=level,
        feature=feature[split],
        same=same,
        right=right,
        leaf=leaf,
        closes=closes,
        cover=cover,
        before=before,
        merged=merged,
        value=reached,
        threshold=splits.threshold[split],
        zero_is_unknown=splits.zero_is_unknown[split],
        unknown_left=splits.unknown_left[split],
        category_from=splits.category_from[split],
        category_to=splits.category_to[split],
        categories=splits.categories,
        base=_base(leaves, value, rows_of_leaf),
        features=booster.num_feature(),
        depth=int(depth),
        deepest=int(level.max(initial=0)),
    )


def _read(booster: lightgbm.Booster) -> tuple[Tree, list[Tree]]:
    """The head of the model's text and its trees, each a mapping from name to text."""
    text = booster.model_to_string(importance_type="split").partition("\nend of trees")[0]
    head, *trees = map(_named, text.split("\nTree="))
    return head, trees


def _named(part: str) -> Tree:
    """Lines `name=text`; a line without a name is a name without text."""
    return {name: told for name, _, told in (line.partition("=") for line in part.splitlines())}


def _refuse(head: Tree, trees: Sequence[Tree]) -> None:
    why = None
    if head["num_tree_per_iteration"] != "1":
        why = "有多个输出 / has several outputs"
    elif "average_output" in head:
        why = "是平均森林 / is an averaged forest (rf)"
    elif any(tree.get("is_linear", "0") != "0" for tree in trees):
        why = "含线性叶 / has linear leaves"
    if why:
        raise UserError(f"模型{why}: 不能分解 / and is not explained here; train without that option.")


def _floats(trees: Sequence[Tree], name: str) -> Floats:
    """The numbers of this name, tree after tree; a tree may have none."""
    text = " ".join(tree.get(name, "") for tree in trees)
    return np.array(text.split(), dtype=np.float64)


def _integers(trees: Sequence[Tree], name: str) -> Integers:
    text = " ".join(tree.get(name, "") for tree in trees)
    return np.array(text.split(), dtype=np.int64)


def _ends(counts: Integers) -> Integers:
    """(n + 1,) where each of n runs begins, and the last one ends."""
    return np.append(0, np.cumsum(counts)).astype(np.int64)


def _splits(trees: Sequence[Tree]) -> _Splits:
    told, decision = _floats(trees, "threshold"), _integers(trees, "decision_type")
    listed = (decision & CATEGORICAL) > 0
    unknown = decision >> UNKNOWN_SHIFT
    threshold = np.where(np.abs(told) < INFINITE, told, np.copysign(np.inf, told))
    threshold[listed] = 0.0
    spans, categories = _categories(trees)
    # Of a split that asks for categories the text holds which of its tree's lists it asks for.
    lists = _ends(np.array([int(tree["num_cat"]) for tree in trees], dtype=np.int64))[:-1]
    own = np.repeat(lists, [int(tree["num_leaves"]) - 1 for tree in trees])[listed] + told[listed].astype(int)
    category_from, category_to = np.zeros((2, len(told)), dtype=np.int64)
    category_from[listed], category_to[listed] = spans[own], spans[own + 1]
    return _Splits(
        threshold=threshold,
        zero_is_unknown=(unknown == ZERO).astype(np.int64),
        # By default where the split knows unknowns; else LightGBM takes NaN for 0.
        unknown_left=np.where(unknown == NOTHING, threshold >= 0, (decision & UNKNOWN_LEFT) > 0).astype(int),
        category_from=category_from,
        category_to=category_to,
        categories=categories,
    )


def _categories(trees: Sequence[Tree]) -> tuple[Integers, Integers]:
    """Where each list of categories begins (lists + 1,), and the categories of all lists."""
    found: list[Integers] = []
    for tree in trees:
        if int(tree["num_cat"]):
            begins, words = (_integers([tree], name) for name in ("cat_boundaries", "cat_threshold"))
            bits = (words[:, None] >> np.arange(WORD)) & 1
            found += [np.flatnonzero(bits[a:b]) for a, b in pairwise(begins)]
    spans = _ends(np.array([len(one) for one in found], dtype=np.int64))
    return spans, np.concatenate([np.empty(0, dtype=np.int64), *found])


def _rows_of_leaves(trees: Sequence[Tree]) -> Integers:
    """Training rows of each leaf; of a tree that is one leaf not every version tells them."""
    text = " ".join("1" if tree["num_leaves"] == "1" else tree["leaf_count"] for tree in trees)
    return np.array(text.split(), dtype=np.int64)


def _base(leaves: Integers, value: Floats, rows: Integers) -> float:
    """Sum over trees of the mean leaf; LightGBM weighs by training rows, whatever the rows' weights."""
    begin = _ends(leaves)[:-1]
    if not len(begin):
        return 0.0
    return float((np.add.reduceat(value * rows, begin) / np.add.reduceat(rows, begin)).sum())


@numba.njit(cache=True)
def _flatten(  # type: ignore[no-untyped-def]
    leaves, features, left, right, rows, rows_of_leaf, values,
    level, split, same, is_right, leaf, closes, cover, before, merged, value,
):  # fmt: skip
    # Goes down every tree, left first, and writes its edges; returns the most features met on one path.
    most, edge, first_split, first_leaf = 0, 0, 0, 0
    for tree in range(len(leaves)):
        size = leaves[tree] + 1
        node, side = np.zeros(size, np.int64), np.zeros(size, np.int64)  # by level: where it went down
        feature, different = np.zeros(size, np.int64), np.zeros(size, np.int64)
        product = np.ones(size)
        here = 1 if leaves[tree] > 1 else 0
        while here > 0:
            if side[here] == 2:
                here -= 1
                continue
            to_right = side[here]
            side[here] += 1
            of = first_split + node[here]
            child = right[of] if to_right else left[of]
            ends = child < 0
            reached = rows_of_leaf[first_leaf + ~child] if ends else rows[first_split + child]
            again = here - 1
            while again > 0 and feature[again] != features[of]:
                again -= 1
            feature[here] = features[of]
            different[here] = different[here - 1] + (1 if again == 0 else 0)
            most = max(most, different[here])
            level[edge], split[edge], same[edge] = here, of, again
            is_right[edge], leaf[edge] = to_right, 1 if ends else 0
            cover[edge] = reached / rows[of]
            before[edge] = product[again] if again > 0 else 1.0
            product[here] = merged[edge] = before[edge] * cover[edge]
            if ends:
                value[edge] = values[first_leaf + ~child]
                after = here
                while after > 1 and side[after] == 2:
                    after -= 1
                closes[edge] = here - after + 1
            else:
                here += 1
                node[here], side[here] = child, 0
            edge += 1
        first_split += leaves[tree] - 1
        first_leaf += leaves[tree]
    return most
