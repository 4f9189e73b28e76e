"""Up to four listings side by side, at an address that can be shared."""

from providers.views.compare.page import compare

__all__ = ["compare"]
