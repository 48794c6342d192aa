"""What is being written in a row of a plan, kept on this computer until the database has it, whatever fails."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.careplan.item_rules import fields_of
from coordination.careplan.model import PlanSheet
from coordination.careplan.rows import ITEM_KINDS
from coordination.errors import BadValue, BadValues
from coordination.values import PlanId
from ui.careplan.listing import PlanList
from ui.careplan.row_editors import RowEditor
from ui.desk import Desk

KIND = "plan_row"


class RowDraft:
    """Follows the editor that is open on one plan."""

    def __init__(self, desk: Desk, listing: PlanList) -> None:
        self._desk, self._listing = desk, listing
        self._plan: PlanId | None = None
        listing.editor_opened.connect(self._follow)
        listing.editor_closed.connect(self._drop)

    def begin(self, sheet: PlanSheet) -> None:
        """A plan is shown: what was being written on it, in an earlier sitting perhaps, is opened again."""
        self._plan = sheet.plan.id
        kept = self._desk.drafts.take(KIND, str(self._plan))
        if kept is None or sheet.plan.state == "ended" or self._listing.editor is not None:
            return
        kind, key, values = kept.get("kind"), kept.get("key"), kept.get("values")
        if kind not in ITEM_KINDS or not isinstance(values, dict):
            return
        self._listing.resume(kind, key if isinstance(key, UUID) else None, values, kept)

    def _follow(self, editor: RowEditor) -> None:
        if editor.kind is not None:
            editor.form.edited.connect(lambda _name: self._keep(editor))

    def _keep(self, editor: RowEditor) -> None:
        if self._plan is None or editor is not self._listing.editor or editor.kind is None:
            return
        try:
            values = editor.form.values()
        except BadValues:  # a date that is half typed: the rest as it is
            values = {name: _value(editor, name) for name in editor.form.fields}
        kept: dict[str, Any] = {
            "kind": editor.kind, "key": editor.key, "new": editor.new_key, "seen": editor.seen,
            "base": {name: editor.base[name] for name in fields_of(editor.kind) if name in editor.base},
            "values": {name: value for name, value in values.items() if value is not None},
        }  # fmt: skip
        self._desk.drafts.keep(KIND, str(self._plan), kept, title="A line of a care plan", page="plan")

    def _drop(self) -> None:
        """It was saved, or left."""
        if self._plan is not None:
            self._desk.drafts.drop(KIND, str(self._plan))


def _value(editor: RowEditor, name: str) -> Any:
    try:
        return editor.form.value(name)
    except (BadValue, ValueError):
        return None
