"""Small widgets that every page is made of. See docs/ui-kit.md for examples."""

from ui.widgets.badge import Badge, badge_width, paint_badge, paint_dot
from ui.widgets.basics import (
    Choice,
    LinkLabel,
    TextArea,
    ask_again,
    button,
    column,
    command_button,
    icon_button,
    label,
    plane,
    restyle,
    row,
    rule,
    set_tone,
)
from ui.widgets.busy import Busy
from ui.widgets.chips import FilterChips, FlowBox, SegmentedChoice
from ui.widgets.dates import DateEdit, TimeEdit
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Field, Form
from ui.widgets.panels import Facts, PageHead, Section, SidePanel, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

__all__ = [
    "Badge",
    "Busy",
    "Choice",
    "Column",
    "DateEdit",
    "EmptyState",
    "Facts",
    "Field",
    "FilterChips",
    "FlowBox",
    "Form",
    "LinkLabel",
    "PageHead",
    "Section",
    "SegmentedChoice",
    "SidePanel",
    "StableTableModel",
    "Table",
    "TextArea",
    "TimeEdit",
    "ask_again",
    "badge_width",
    "button",
    "column",
    "command_button",
    "icon_button",
    "label",
    "paint_badge",
    "paint_dot",
    "plane",
    "restyle",
    "row",
    "rule",
    "scrolling",
    "set_tone",
    "splitter",
]
