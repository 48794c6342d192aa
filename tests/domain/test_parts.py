"""What the program is made of: each licence is on the list, the SBOM is whole, tools of developers stay with them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest

from launch import parts

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
ONLY_FOR_DEVELOPERS = {"pytest", "hypothesis", "ruff", "mypy", "pymap", "trustme", "pre-commit", "import-linter"}


def metadata(**fields: str) -> Message:
    made = Message()
    for name, value in fields.items():
        made[name.replace("_", "-")] = value
    return made


@pytest.mark.parametrize("file", [parts.RUN, parts.DEV], ids=["runs", "development"])
def test_every_licence_is_on_the_list(file: Path) -> None:
    found = parts.parts(file)
    assert len(found) > 60
    assert [f"{part.pin.name}: {part.licence or 'unknown'}" for part in parts.not_allowed(found)] == []


def test_an_unknown_licence_is_not() -> None:
    pin = parts.Pin("new", "1", "", ())
    for licence in ("", "GPL-3.0-only", "AGPL-3.0-only", "Proprietary", "MIT AND GPL-2.0-only", "SSPL-1.0 OR BUSL-1.1"):
        assert parts.not_allowed([parts.Part(pin, licence, ())])
    for licence in ("MIT", "LGPL-3.0-only OR GPL-2.0-only", "BSD-3-Clause AND (MIT OR GPL-2.0-only)"):
        assert not parts.not_allowed([parts.Part(pin, licence, ())])


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        (metadata(License_Expression="MIT"), "MIT"),
        (metadata(License="MIT"), "MIT"),
        (metadata(Classifier="License :: OSI Approved :: Apache Software License"), "Apache-2.0"),
        (
            metadata(License="See the file", Classifier="License :: Other/Proprietary License"),
            "Other/Proprietary License",
        ),
        (metadata(License="GPL-3.0-only", Classifier="License :: OSI Approved :: MIT License"), "MIT"),
        (metadata(), ""),
    ],
)
def test_what_a_package_says_of_its_licence(said: Message, licence: str) -> None:
    assert parts.licence_of(said) == licence


def test_every_pin_has_hashes_and_developers_keep_their_tools() -> None:
    runs, develops = parts.pins(parts.RUN), parts.pins(parts.DEV)
    assert all(pin.hashes and re.fullmatch(r"[0-9][\w.]*", pin.version) for pin in develops)
    assert {pin.name for pin in runs} < {pin.name for pin in develops}
    assert not ONLY_FOR_DEVELOPERS & {pin.name for pin in runs}
    assert {pin.name for pin in develops} >= ONLY_FOR_DEVELOPERS


def test_the_bill_names_every_pin_once_with_its_hashes_and_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    subprocess.run([sys.executable, "-P", str(ROOT / "launch" / "parts.py"), "sbom", str(file)], check=True)
    made = json.loads(file.read_text("utf-8"))
    runs = parts.pins(parts.RUN)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    refs = [component["bom-ref"] for component in made["components"]]
    assert refs == [f"pkg:pypi/{pin.name}@{pin.version}" for pin in runs] and len(set(refs)) == len(refs)
    for pin, component in zip(runs, made["components"], strict=True):
        assert [h["content"] for h in component["externalReferences"][0]["hashes"]] == list(pin.hashes)
        assert component["licenses"]
    tree = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    assert set(tree) == {*refs, made["metadata"]["component"]["bom-ref"]}
    assert {need for needs in tree.values() for need in needs} <= set(refs)
    reached, todo = set(), [made["metadata"]["component"]["bom-ref"]]
    while todo:
        ref = todo.pop()
        todo += [need for need in tree[ref] if need not in reached]
        reached.add(ref)
    assert reached == set(tree)
    assert str(ROOT) not in file.read_text("utf-8")
