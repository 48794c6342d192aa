"""See ui/in_order.py."""

from ui.in_order import Call, InOrder

__all__ = ["Call", "InOrder"]
