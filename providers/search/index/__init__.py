"""The index: an immutable columnar copy of the listings that answers questions."""
