"""The search form, drawn from the vocabulary and the answer's counts.

A template draws it once per language, with a slot for all that differs between two
questions; a request fills the slots. Django's widgets would cost 10 ms a page.
"""

from providers.views.search_form.blank import GROUPED
from providers.views.search_form.filled import Drawn, draw

__all__ = ["GROUPED", "Drawn", "draw"]
