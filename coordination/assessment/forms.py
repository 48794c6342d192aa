"""Forms are data: reading a definition, and everything that can be wrong with one (docs/forms.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from coordination.assessment import form_rules
from coordination.assessment.faults import Fault, Faults, FormFaults, line_index
from coordination.assessment.form_reader import Reader
from coordination.assessment.model import Form

LARGEST = 2_000_000  # bytes; the longest that is shipped has 40,000


def load(text: str, file: str = "") -> Form:
    """A form from its file's text. Raises FormFaults with every fault there is."""
    form, _, faults = _load(text, file)
    if form is None or faults:
        raise FormFaults(tuple(faults))
    return form


def from_definition(definition: Mapping[str, Any]) -> Form:
    """A form from a stored definition, checked when it was published. Raises FormFaults."""
    faults = Faults("", {})
    form = Reader(faults).form(definition)
    if form is None:
        raise FormFaults(tuple(faults.found))
    return form


def examine(text: str, file: str, beside: Iterable[Form] = ()) -> tuple[Form | None, tuple[Fault, ...]]:
    """A form's text with every fault of it, by itself and together with other forms. None when it is no form."""
    form, gatherer, found = _load(text, file)
    if form is None:
        return None, tuple(found)
    others = [("", Faults("", {}), other) for other in beside if other.id != form.id]
    faults = [*found, *(f for f in form_rules.together([(file, gatherer, form), *others]) if f.file == file)]
    return form, tuple(sorted(faults, key=lambda f: f.line))


def check(paths: Iterable[Path], beside: Iterable[Form] = ()) -> list[Fault]:
    """Every fault of these files, each alone and all together with ``beside``, in order of file and line."""
    faults: list[Fault] = []
    forms: list[tuple[str, Faults, Form]] = []
    for path in paths:
        try:
            text = text_of(path)
        except (OSError, UnicodeDecodeError):
            faults.append(Fault(path.name, 1, "form", "unreadable"))
            continue
        form, gatherer, found = _load(text, path.name)
        faults += found
        if form is not None:
            forms.append((path.name, gatherer, form))
    checked = {form.key for _, _, form in forms}
    others = [("", Faults("", {}), other) for other in beside if other.key not in checked]
    faults += [fault for fault in form_rules.together([*forms, *others]) if fault.file]
    return sorted(faults, key=lambda f: (f.file, f.line))


def text_of(path: Path) -> str:
    """The words of a form's file. Raises OSError for what is none (a pipe has no end), UnicodeDecodeError."""
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise OSError("no file of a form")
    return path.read_text(encoding="utf-8")


def _load(text: str, file: str) -> tuple[Form | None, Faults, list[Fault]]:
    faults = Faults(file, line_index(text))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        return None, faults, [Fault(file, line, "form", "not_toml")]
    except (RecursionError, ValueError):  # nested beyond reading; a number of thousands of digits
        return None, faults, [Fault(file, 1, "form", "beyond_reading")]
    form = Reader(faults).form(document)
    if form is not None:
        form_rules.alone(form, faults)
    return form, faults, faults.found
