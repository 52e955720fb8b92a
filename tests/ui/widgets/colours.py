"""Colours as they are seen: the contrast ratios of WCAG 2.2, from the window's own style."""

from __future__ import annotations

from typing import Any

from portalis.translator.ui.style import panel_style

Colour = tuple[float, float, float]
TEXT, CONTROL = 4.5, 3.0


def blended(packed: int, under: Colour) -> Colour:
    """Return what a colour (0xAABBGGRR) shows over another."""
    alpha = (packed >> 24 & 255) / 255.0
    over = tuple((packed >> shift & 255) / 255.0 for shift in (0, 8, 16))
    red, green, blue = (alpha * top + (1.0 - alpha) * low for top, low in zip(over, under, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(first: Colour, second: Colour) -> float:
    """Contrast ratio (WCAG 2.2)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def looked_up(kind: str, name: str, state: str, key: str) -> Any:
    """Look a value up as omni.ui does: of the name in its state, of the name, of the type in its state, of the type."""
    style = panel_style()
    names = [kind + name + state, kind + name, kind + state, kind]
    return next((style[one][key] for one in names if key in style.get(one, {})), None)
