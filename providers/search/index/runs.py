"""Runs of equal numbers in an ordered column."""

from __future__ import annotations

import numpy as np


def begins(ordered: np.ndarray) -> np.ndarray:
    """Whether each is another than the one before it, as booleans."""
    is_new = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return is_new
