"""Numbers for things by the order in which they are first seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import count


class Numbers(defaultdict):
    """Thing → number. Asking for a new thing numbers it."""

    def __init__(self, known: Mapping = {}) -> None:
        super().__init__(count(len(known)).__next__, known)
