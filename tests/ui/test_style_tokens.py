"""Contrast of every pair of colours that meet on a screen (WCAG 2 AA)."""

import subprocess
import sys

import pytest

from ui.style import tokens

TEXT_PAIRS = [
    *[(text, ground) for text in ("text", "text-quiet") for ground in ("ground", "surface", "sunken", "hover")],
    ("text", "selection"),
    ("on-selection", "selection"),
    ("accent", "surface"),
    ("accent", "ground"),
    *[("on-accent", accent) for accent in ("accent", "accent-hover", "accent-press")],
    *[("rail-text", rail) for rail in ("rail", "rail-hover", "rail-chosen")],
    ("rail-quiet", "rail"),
    ("rail-quiet", "rail-hover"),
    ("on-notice", "notice"),
    ("on-notice-link", "notice"),
]
SHAPE_PAIRS = [("edge", "surface"), ("edge", "ground"), ("focus", "surface"), ("focus", "ground"), ("accent", "ground")]


@pytest.mark.parametrize("mode", tokens.MODES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(mode, text, ground):
    palette = tokens.palette(mode)
    assert tokens.contrast(palette.colour(text), palette.colour(ground)) >= 4.5


@pytest.mark.parametrize("mode", tokens.MODES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_are_visible(mode, shape, ground):
    palette = tokens.palette(mode)
    assert tokens.contrast(palette.colour(shape), palette.colour(ground)) >= 3


@pytest.mark.parametrize("mode", tokens.MODES)
@pytest.mark.parametrize("name", sorted(tokens.palette("light").tones))
def test_tones_are_readable(mode, name):
    palette = tokens.palette(mode)
    tone = palette.tone(name)
    for ground in (tone.soft, palette.colour("surface"), palette.colour("ground")):
        assert tokens.contrast(tone.ink, ground) >= 4.5
    assert tokens.contrast(tone.on_fill, tone.fill) >= 4.5


def test_both_modes_have_the_same_roles_and_tones():
    light, dark = tokens.palette("light"), tokens.palette("dark")
    assert set(light.colours) == set(dark.colours)
    assert set(light.tones) == set(dark.tones)


def test_every_state_names_a_tone():
    assert {look.tone for look in tokens.states().values()} <= set(tokens.palette("light").tones)


def test_tokens_need_no_qt():
    code = "import sys, ui.style.tokens as t; t.palette('dark'); sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
