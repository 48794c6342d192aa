"""``centre admin …`` for forms: preview a file, publish it, withdraw a version, list what there is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from coordination.assessment import forms
from coordination.assessment.model import Form, FormKey
from ui.assessment.messages import fault_words
from ui.cli.opened import Opened

_SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "forms"


def add_parser(admin: Any) -> None:
    check = admin.add_parser("check-forms", help="check form definitions; names file and place of every fault")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: the forms that are shipped")
    check.set_defaults(run=check_forms)

    preview = admin.add_parser("preview-form", help="see a form as the assessor will; nothing is saved")
    preview.add_argument("file", type=Path, metavar="FILE")
    preview.add_argument("--text", action="store_true", help="as plain text, without a window")
    preview.set_defaults(run=preview_form)

    publish = admin.add_parser("publish-form", help="put a form live, as an administrator")
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument("--draft", action="store_true", help="keep it as a draft only")
    publish.set_defaults(run=publish_form)

    withdraw = admin.add_parser("withdraw-form", help="no new assessment begins with that version")
    withdraw.add_argument("id")
    withdraw.add_argument("version", type=int)
    withdraw.add_argument("reason")
    withdraw.set_defaults(run=withdraw_form)

    listed = admin.add_parser("list-forms", help="every version of every form")
    listed.set_defaults(run=list_forms)


def check_forms(options: argparse.Namespace, _opened: Opened) -> int:
    """0 when every form is sound, by itself, with the others, and with those that are shipped."""
    shipped = sorted(_SHIPPED.glob("*.toml"))
    files = options.files or shipped
    faults = forms.check(files, beside=_sound(shipped) if options.files else ())
    for fault in faults:
        print(fault_words(fault))
    print(f"{len(files)} forms, {len(faults)} faults")
    return 1 if faults else 0


def preview_form(options: argparse.Namespace, _opened: Opened) -> int:
    """0 when it could be shown."""
    faults = forms.check([options.file], beside=_sound(sorted(_SHIPPED.glob("*.toml"))))
    for fault in faults:
        print(fault_words(fault), file=sys.stderr)
    if faults:
        return 1
    form = forms.load(forms.text_of(options.file), options.file.name)
    if options.text:
        from ui.forms.as_text import as_text

        print(as_text(form), end="")
        return 0
    return _in_a_window(form)


def _in_a_window(form: Form) -> int:
    from coordination.clock import SystemClock
    from ui.desktop import make_app
    from ui.forms.preview import FormPreview
    from ui.style import theme

    app = make_app()
    app.setQuitOnLastWindowClosed(True)
    theme.apply(app, "light")
    preview = FormPreview(SystemClock().now)
    preview.setWindowTitle(f"{form.title}, version {form.version}")
    preview.resize(1180, 760)
    preview.show_form(form)
    preview.show()
    preview.take_focus()
    return app.exec()


def publish_form(options: argparse.Namespace, opened: Opened) -> int:
    """Needs the rights of an administrator."""
    faults = forms.check([options.file], beside=_sound(sorted(_SHIPPED.glob("*.toml"))))
    own = [f for f in faults if f.code not in ("after_unknown", "change_from_unknown")]  # the database knows better
    for fault in own:
        print(fault_words(fault), file=sys.stderr)
    if own:
        return 1
    shelf = opened.sign_in("administrator").services.forms
    looked = shelf.look(forms.text_of(options.file), options.file.name)
    for fault in looked.faults:
        print(fault_words(fault), file=sys.stderr)
    if looked.faults:
        return 1
    seen = looked.standing.revision if looked.standing is not None else 0
    draft = shelf.keep_draft(looked.text, looked.file, seen)
    words = "is kept as a draft"
    if not options.draft:
        shelf.publish(draft.key, draft.revision)
        words = "is live: assessments begin with it"
    print(f"{draft.title}, version {draft.key.version}, {words}.")
    return 0


def withdraw_form(options: argparse.Namespace, opened: Opened) -> int:
    """Needs the rights of an administrator."""
    shelf = opened.sign_in("administrator").services.forms
    key = FormKey(options.id, options.version)
    there = next((f for f in shelf.shelf() if f.key == key), None)
    if there is None:
        print(f"There is no version {key.version} of {key.id}.", file=sys.stderr)
        return 1
    shelf.withdraw(key, options.reason, there.revision)
    print(f"{there.title}, version {key.version}, is withdrawn. Assessments that were begun with it keep it.")
    return 0


def list_forms(_options: argparse.Namespace, opened: Opened) -> int:
    """Whoever signs in may read it."""
    from datetime import UTC, datetime

    from ui.forms.words import state_words, who_words

    for form in opened.sign_in("administrator").services.forms.shelf():
        said = who_words(form, datetime.now(UTC))
        print(f"{form.key.id:<28} {form.key.version:>3}  {state_words(form):<10} {form.title}  ({said})")
    return 0


def _sound(paths: list[Path]) -> list[Form]:
    return [forms.load(path.read_text(encoding="utf-8"), path.name) for path in paths]
