"""See ui/row_cache.py."""

from ui.row_cache import MOST_BYTES, RowCache

__all__ = ["MOST_BYTES", "RowCache"]
