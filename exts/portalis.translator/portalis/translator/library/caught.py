"""Exceptions as values: what they show of how they were raised."""

from __future__ import annotations

from portalis.translator.library.quoting import quoted


def shown(name: str, form: int, argument: str, told: str) -> str:
    """Return repr of an exception: its class, how it was raised (`ir/exceptions.py`), its argument where that is a text, what was told."""
    if form == 0:
        return name + "()"
    if form <= 2:
        return name + "(" + quoted(argument) + ")"
    if form == 3:
        return name + "(" + told + ")"
    return name + told


def arguments(form: int, argument: str) -> list[str]:
    """Return what an exception was raised with: nothing, or one text."""
    found: list[str] = []
    if form > 0:
        found.append(argument)
    return found
