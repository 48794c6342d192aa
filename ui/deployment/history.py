"""See ui/undo_menu.py."""

from ui.undo_menu import SHOWN, history_menu

__all__ = ["SHOWN", "history_menu"]
