"""The clipboard, so far as this program put something on it: emptied when the desk locks or is left.

Systems that keep a history of the clipboard, or send it to other devices, are asked not to keep what is secret.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

# What Windows, KDE and macOS look for.
_KEEP_OUT = {
    "ExcludeClipboardContentFromMonitorProcessing": b"\1",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\1",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\0\0\0\0",
    "x-kde-passwordManagerHint": b"secret",
    "org.nspasteboard.ConcealedType": b"\1",
}


_secrets: list[str] = []
"""what was put there last, because not every system can say whose the clipboard is"""


def copy_secret(text: str) -> None:
    """Put it on the clipboard, and ask that no history keeps it."""
    carried = QMimeData()
    carried.setText(text)
    for kind, content in _KEEP_OUT.items():
        carried.setData(kind, QByteArray(content))
    QGuiApplication.clipboard().setMimeData(carried)
    _secrets[:] = [text]


def forget() -> None:
    """Empty what this program put there: copied by a button, or by Ctrl+C in one of its fields. What came from another
    program stays."""
    board = QGuiApplication.clipboard()
    if board.ownsClipboard() or (_secrets and board.text() == _secrets[0]):
        board.clear(QClipboard.Mode.Clipboard)
    if board.supportsSelection() and board.ownsSelection():
        board.clear(QClipboard.Mode.Selection)
    _secrets.clear()
