"""The order of the tests."""

from __future__ import annotations

import pytest

# Each a minute or more in one piece: begun last, it would keep one process busy while the others have nothing left to take over.
LONGEST = ("tests/ui/test_widgets.py",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what cannot be shared out."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
