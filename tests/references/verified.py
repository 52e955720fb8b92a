"""A program that is verified, and then called beside CPython."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from portalis.translator import translate
from tests.references.test_programs import outcome


def agrees(source: str, example: str, calls: Iterable[str]) -> None:
    """Translate `f` of a source by an example, and hold every call to what CPython answers."""
    text = textwrap.dedent(source)
    found = translate(text, "f", [example])
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    for call in calls:
        assert repr(outcome(found, call)) == repr(outcome(namespace["f"], call)), call
