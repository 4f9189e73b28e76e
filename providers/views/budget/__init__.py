"""Start from what one can spend: who is within it, how far, and what is left over."""

from providers.views.budget.page import budget

__all__ = ["budget"]
