"""The documents keep up with the code: links lead somewhere, and the worked example still fits the files it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "add-a-feature.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def changes() -> list[tuple[str, str, str]]:
    """File, text before and text after, of every ``diff`` block of the guide."""
    found = []
    for block in re.findall(r"^```diff\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        first, *lines = block.splitlines()
        before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
        found.append((first.removeprefix("--- "), before, after))
    return found


@pytest.mark.parametrize(("file", "before", "after"), changes())
def test_the_worked_example_fits_the_code_at_one_place(file: str, before: str, after: str) -> None:
    """Or has been followed already."""
    code = (ROOT / file).read_text("utf-8")
    assert code.count(f"\n{before}\n") + code.count(f"\n{after}\n") == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == []


def test_every_decision_is_in_the_index() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert [page.name for page in pages if page.name != "README.md" and f"({page.name})" not in index] == []
