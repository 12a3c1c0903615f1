"""Exact path-dependent Shapley contributions of a boosted model, for many households at once.

What LightGBM's `pred_contrib` computes, to the last digits, faster. Of a leaf with value v, let the path to
it split on features P; z_j is the share of the training rows that the splits on j let through, o_j is 1 if
this household passes all of them, else 0. Its Shapley value for feature i is

    v (o_i - z_i) sum over S of P without i of
        |S|! (|P| - |S| - 1)! / |P|!  prod_{j in S} o_j  prod_{j not in S} z_j

and since k! (m - k)! / (m + 1)! is the integral of t^k (1 - t)^(m - k) over [0, 1], it equals

    v (o_i - z_i)  integral over t of  prod_{j in P without i} (t o_j + (1 - t) z_j).

The integrand is a polynomial of degree |P| - 1, which Gauss-Legendre quadrature with q points integrates
exactly up to degree 2 q - 1: half as many points as there are different features on the path. So a tree is
walked once, depth first, with the product at the q points: down an edge multiply by its factor, at a leaf
begin the sum, up an edge divide the sum of the whole subtree by the edge's own factor. A feature met again
merges with its edge above: the product is multiplied by the quotient of the two factors, and on the way up
what the edge above will add for these leaves is taken off. Two leaves of one split are one step: a household
passes one edge exactly where it fails the other. Every step is one pass over a block of households, which the
compiler turns into vector instructions: no household branches.

Lundberg et al., "From local explanations to global understanding with explainable AI for trees", Nature
Machine Intelligence 2020 (path-dependent values); Yu, Xu and Bifet, "Linear TreeShap", NeurIPS 2022 (sums of
subtrees as polynomials). Needs numba; a service that explains one household at a time uses LightGBM's own
and loads none.
"""

import lightgbm
import numba
import numpy as np

from features.errors import UserError
from models.trees import Floats, Integers, Walk, walk

#: Households that are walked together: their products at all levels fit the nearest cache.
BLOCK = 64
#: What LightGBM takes for zero where zero means unknown.
ZERO = 1e-35


def contributions(booster: lightgbm.Booster, rows: Floats, num_threads: int = 1) -> Floats:
    """(n, features + 1) in log-odds: each feature's share, then the base; every row sums to the raw score.

    rows: (n, features) in the booster's order, NaN unknown. `UserError` where the booster is of a kind that
    is not covered (linear leaves, several outputs, averaged forests), or the columns are not its own.
    """
    return explained(walk(booster), rows, num_threads)


def explained(tree: Walk, rows: Floats, num_threads: int = 1) -> Floats:
    """The same from a booster flattened before: flattening takes as long as some thousand households."""
    rows = np.ascontiguousarray(rows, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != tree.features:
        raise UserError(
            f"模型有 {tree.features} 列特征，得到 {rows.shape} / the model has {tree.features} features, got"
            f" shape {rows.shape}."
        )
    found = np.zeros((len(rows), tree.features + 1))
    found[:, -1] = tree.base
    if len(rows) and len(tree.level):
        left = _pairs(tree)
        walked, closes = np.ones(len(tree.level), dtype=bool), tree.closes.copy()
        walked[left + 1], closes[left] = False, closes[left + 1]
        edges = (
            tree.level, tree.feature, tree.same, tree.right, tree.leaf, closes, tree.threshold,
            tree.zero_is_unknown, tree.unknown_left, tree.category_from, tree.category_to,
            *_tables(tree, left),
        )  # fmt: skip
        first = np.append(0, np.cumsum(walked))[tree.first]
        numba.set_num_threads(min(num_threads, numba.config.NUMBA_NUM_THREADS))
        _explain(rows, found, first, *(edge[walked] for edge in edges), tree.categories, tree.deepest)
    return found


def _quadrature(depth: int) -> tuple[Floats, Floats]:
    """Points and weights on [0, 1], exact for products over so many features."""
    points, weights = np.polynomial.legendre.leggauss(max(1, (depth + 1) // 2))
    return (points + 1) / 2, weights / 2


def _pairs(tree: Walk) -> Integers:
    """Edges to the left leaf of a split of two leaves: walked for both; the right one's is the next edge."""
    leaf, right = tree.leaf == 1, tree.right == 1
    return np.flatnonzero(leaf[:-1] & ~right[:-1] & leaf[1:] & right[1:])


def _tables(tree: Walk, left: Integers) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """What an edge multiplies by, of a household that fails it, and what passing it adds to that.

    By edge and point (edges, points): the factor going down and the coefficient going up, all edges of the
    feature above passed; then (edges,) the factor going down where they are not. Of a leaf the factors hold
    its value, and the coefficient holds the factor; of a pair they are sums.
    """
    points, weights = _quadrature(tree.depth)
    t, w = points[None, :], weights[None, :]
    merged, before = tree.merged[:, None], tree.before[:, None]
    again, leaf = (tree.same > 0)[:, None], (tree.leaf == 1)[:, None]
    value = np.where(tree.leaf == 1, tree.value, 1.0)
    # What the factor was that the edge above has put into the product; 1 where there is none.
    held = np.where(again, t + (1 - t) * before, 1.0)
    fails, passes = (1 - t) * merged, t + (1 - t) * merged
    above = np.where(again, (1 - before) / held, 0.0)
    down_fails, down_passes = fails / held * value[:, None], passes / held * value[:, None]
    up_fails = w * (-1 / (1 - t) - above) * np.where(leaf, down_fails, 1.0)
    up_passes = w * ((1 - merged) / passes - above) * np.where(leaf, down_passes, 1.0)
    apart = tree.cover * value
    # Who fails the left edge of a pair passes the right one.
    for of_fails, of_passes in ((down_fails, down_passes), (up_fails, up_passes)):
        of_fails[left] += of_passes[left + 1]
        of_passes[left] += of_fails[left + 1]
    apart[left] += apart[left + 1]
    return down_fails, down_passes - down_fails, up_fails, up_passes - up_fails, apart


@numba.njit(cache=True)
def _is_listed(value, categories, begin, end):  # type: ignore[no-untyped-def]
    """LightGBM's categorical decision: whether the category is among those that go left."""
    if np.isnan(value) or value < 0 or value > 2147483647.0:
        return 0.0
    code = int(value)
    for place in range(begin, end):
        if categories[place] == code:
            return 1.0
    return 0.0


@numba.njit(parallel=True, cache=True, fastmath={"contract", "nsz", "arcp"}, error_model="numpy")
def _explain(  # type: ignore[no-untyped-def]
    rows, found, first, level, feature, same, right, leaf, closes, threshold, zero_is_unknown,
    unknown_left, category_from, category_to, down_low, down_more, up_low, up_more, apart, categories,
    deepest,
):  # fmt: skip
    # One body without a slice: a view costs more than the pass over a block that it is made for.
    count, columns = rows.shape
    points = down_low.shape[1]
    for block in numba.prange((count + BLOCK - 1) // BLOCK):
        start = block * BLOCK
        size = min(BLOCK, count - start)
        values = np.empty((columns, BLOCK))
        for row in range(BLOCK):
            for column in range(columns):
                values[column, row] = rows[start + min(row, size - 1), column]
        shares = np.zeros((columns, BLOCK))
        product = np.ones((deepest + 1, points, BLOCK))
        total = np.zeros((deepest + 1, points, BLOCK))
        passed = np.ones((deepest + 1, BLOCK))  # by level: every edge of its feature down to here
        goes = np.ones((deepest + 1, BLOCK))  # by level: the edge itself
        path = np.empty(deepest + 1, np.int64)
        for tree in range(len(first) - 1):
            for edge in range(first[tree], first[tree + 1]):
                here, again, of = level[edge], same[edge], feature[edge]
                path[here] = edge
                if right[edge] == 1:
                    for row in range(BLOCK):
                        goes[here, row] = 1.0 - goes[here, row]
                elif category_to[edge] > category_from[edge]:
                    for row in range(BLOCK):
                        goes[here, row] = _is_listed(
                            values[of, row], categories, category_from[edge], category_to[edge]
                        )
                else:
                    limit = threshold[edge]
                    # Comparisons with NaN are false, so either of these sends the unknown where it belongs.
                    if unknown_left[edge] == 1:
                        for row in range(BLOCK):
                            goes[here, row] = 0.0 if values[of, row] > limit else 1.0
                    else:
                        for row in range(BLOCK):
                            goes[here, row] = 1.0 if values[of, row] <= limit else 0.0
                    if zero_is_unknown[edge] == 1:
                        for row in range(BLOCK):
                            if abs(values[of, row]) <= ZERO:
                                goes[here, row] = unknown_left[edge]
                if again > 0:
                    for row in range(BLOCK):
                        passed[here, row] = goes[here, row] * passed[again, row]
                back = 0
                if leaf[edge] == 1:
                    back = 1
                    for point in range(points):
                        low, more = down_low[edge, point], down_more[edge, point]
                        add, adds = up_low[edge, point], up_more[edge, point]
                        if again > 0:
                            other = apart[edge]
                            for row in range(BLOCK):
                                reached = product[here - 1, point, row]
                                factor = other + (low + more * goes[here, row] - other) * passed[again, row]
                                total[here - 1, point, row] += reached * factor
                                shares[of, row] += (
                                    reached * (add + adds * goes[here, row]) * passed[again, row]
                                )
                        else:
                            for row in range(BLOCK):
                                reached = product[here - 1, point, row]
                                total[here - 1, point, row] += reached * (low + more * goes[here, row])
                                shares[of, row] += reached * (add + adds * goes[here, row])
                else:
                    for point in range(points):
                        low, more = down_low[edge, point], down_more[edge, point]
                        if again > 0:
                            other = apart[edge]
                            for row in range(BLOCK):
                                factor = other + (low + more * goes[here, row] - other) * passed[again, row]
                                product[here, point, row] = product[here - 1, point, row] * factor
                                total[here, point, row] = 0.0
                        else:
                            for row in range(BLOCK):
                                product[here, point, row] = product[here - 1, point, row] * (
                                    low + more * goes[here, row]
                                )
                                total[here, point, row] = 0.0
                    if again == 0:
                        for row in range(BLOCK):
                            passed[here, row] = goes[here, row]
                for step in range(back, closes[edge]):
                    at = here - step
                    one = path[at]
                    above, share = same[one], feature[one]
                    for point in range(points):
                        add, adds = up_low[one, point], up_more[one, point]
                        if above > 0:
                            for row in range(BLOCK):
                                reached = total[at, point, row]
                                total[at - 1, point, row] += reached
                                shares[share, row] += (
                                    reached * (add + adds * goes[at, row]) * passed[above, row]
                                )
                        else:
                            for row in range(BLOCK):
                                reached = total[at, point, row]
                                total[at - 1, point, row] += reached
                                shares[share, row] += reached * (add + adds * goes[at, row])
        for row in range(size):
            for column in range(columns):
                found[start + row, column] = shares[column, row]
