"""The windows open without what only a command needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ui.cli.main import _is_desktop


@pytest.mark.parametrize(
    ("given", "is_so"),
    [
        ([], True),
        (["--data", "/some where", "--user=nadia.coordinator"], True),
        (["--data", "import"], True),
        (["tour"], False),
        (["--data", "x", "import", "a.json"], False),
        (["--help"], False),
        (["--data"], False),
        (["--dat", "x"], False),  # shortened: argparse knows better
    ],
)
def test_a_start_without_a_command_is_known_by_its_words(given: list[str], is_so: bool) -> None:
    assert _is_desktop(given) is is_so


def test_a_desktop_begins_without_what_it_opens_later() -> None:
    """Each costs tenths of a second before the first window."""
    late = ("openpyxl", "reportlab", "lxml", "imapclient", "alembic", "coordination.messages.reading", "keyring",
            "coordination.deployment.service", "coordination.apartments.service", "ui.intake.contact_form")  # fmt: skip
    script = f"import sys, ui.cli.main, ui.desktop; print([name for name in {late!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
