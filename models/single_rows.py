"""Boosters read household by household through LightGBM's interface for single rows.

`Booster.predict` prepares itself anew at every call: it copies its parameters, makes a predictor and asks how
long the answer is. For one household that costs as much as the trees of a small model. The functions for
single rows prepare once; what they answer is the same to the last bit, which a test holds for every model.

Two private names of LightGBM's Python module are used here and nowhere else, the library and the booster's
handle; the functions themselves are its documented C interface.
"""

import ctypes
import threading
import weakref

import lightgbm
import numpy as np
import numpy.typing as npt
from lightgbm.basic import _LIB as LIGHTGBM

from features.errors import UserError
from models.scoring import Reader

Floats = npt.NDArray[np.float64]

#: Values of LightGBM's C interface.
FLOAT64, RAW, CONTRIBUTIONS, FROM_FIRST = 1, 1, 3, 0


def single_rows() -> Reader:
    """A reader that keeps what it prepares; any number of threads may use it at a time."""
    kept = _Kept()
    return Reader(kept.raw, kept.contributions)


class _Kept:
    """What was prepared, by booster and kind of answer: taken for a call, put back after it.

    LightGBM lets one caller at a time use what was prepared, so as many are made as there are callers at
    once. Each holds its booster, so no number of a booster is ever another's.
    """

    def __init__(self) -> None:
        self.idle: dict[tuple[int, int], list[_Prepared]] = {}
        self.lock = threading.Lock()

    def raw(self, booster: lightgbm.Booster, rows: Floats, _num_threads: int) -> Floats:
        """Log-odds (n,)."""
        return self._asked(booster, RAW, rows)[:, 0]

    def contributions(self, booster: lightgbm.Booster, rows: Floats, _num_threads: int) -> Floats:
        """(n, features + 1) in log-odds, the base last."""
        return self._asked(booster, CONTRIBUTIONS, rows)

    def _asked(self, booster: lightgbm.Booster, kind: int, rows: Floats) -> Floats:
        with self.lock:
            idle = self.idle.setdefault((id(booster), kind), [])
            prepared = idle.pop() if idle else None
        prepared = prepared or _Prepared(booster, kind)
        try:
            return prepared.answer(rows)
        finally:
            idle.append(prepared)


class _Prepared:
    """One booster ready to answer single rows, for one caller at a time."""

    def __init__(self, booster: lightgbm.Booster, kind: int) -> None:
        if booster.num_model_per_iteration() != 1:
            raise UserError("模型有多个输出 / the model has several outputs; a score has one.")
        self.booster = booster
        self.features = int(booster.num_feature())
        self.width = self.features + 1 if kind == CONTRIBUTIONS else 1
        best = booster.best_iteration
        self.row, self.found = np.empty(self.features), np.empty(self.width)
        handle = ctypes.c_void_p()
        _checked(
            LIGHTGBM.LGBM_BoosterPredictForMatSingleRowFastInit(
                booster._handle, kind, FROM_FIRST, best if best > 0 else -1, FLOAT64,
                ctypes.c_int32(self.features), b"num_threads=1", ctypes.byref(handle),
            )
        )  # fmt: skip
        weakref.finalize(self, LIGHTGBM.LGBM_FastConfigFree, handle)
        self.length = ctypes.c_int64()
        row, found = (ctypes.c_void_p(one.ctypes.data) for one in (self.row, self.found))
        self.arguments = (handle, row, ctypes.byref(self.length), found)

    def answer(self, rows: Floats) -> Floats:
        """(n, width) for rows (n, features)."""
        if rows.ndim != 2 or rows.shape[1] != self.features:
            raise UserError(
                f"模型有 {self.features} 列特征，得到 {rows.shape} / the model has {self.features} features,"
                f" got shape {rows.shape}."
            )
        found = np.empty((len(rows), self.width))
        for k in range(len(rows)):
            self.row[:] = rows[k]
            _checked(LIGHTGBM.LGBM_BoosterPredictForMatSingleRowFast(*self.arguments))
            found[k] = self.found
        return found


def _checked(code: int) -> None:
    """`RuntimeError` where LightGBM refuses."""
    if code:
        raise RuntimeError("LightGBM cannot read this booster row by row; load the bundle again.")
