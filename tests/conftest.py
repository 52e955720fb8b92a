"""The order of the tests, and that none depends on how fast the machine is."""

from __future__ import annotations

import contextlib

import pytest

# The Python of the window's own tests has no hypothesis.
with contextlib.suppress(ModuleNotFoundError):
    from hypothesis import settings

    settings.register_profile("portalis", deadline=None)
    settings.load_profile("portalis")

# Each a minute or more in one piece: begun last, it would keep one process busy while the others have nothing left to take over.
LONGEST = ("tests/ui/test_widgets.py",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what cannot be shared out."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
