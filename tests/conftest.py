"""The order of the tests, what their processes share, and that none depends on how fast the machine is."""

from __future__ import annotations

import contextlib
import functools
import gc
import os

import pytest

# Before numpy is imported, here and in what tests start: its threads would wait busily for large matrices, which nobody has.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The Python of the window's own tests has no hypothesis.
with contextlib.suppress(ModuleNotFoundError):
    from hypothesis import settings

    settings.register_profile("portalis", deadline=None)
    settings.load_profile("portalis")

# A runner builds all commands anew for each, which takes longer than many a command does.
with contextlib.suppress(ModuleNotFoundError):
    import typer.testing

    typer.testing._get_command = functools.cache(typer.testing._get_command)

# Each half a minute or more in one piece, or of waiting for servers: begun last, it would keep one process busy while the others have
# nothing left to take over.
LONGEST = (
    "tests/ui/test_widgets.py",
    "tests/references/test_fuzz.py",
    "tests/test_kills.py",
    "tests/server/test_lifecycle.py",
    "tests/server/test_serve_demo.py",
)

# Allocations between two collections: the tests keep what they have lowered and compiled, which would be gone through each time.
_UNCOLLECTED = 50_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what cannot be shared out."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """Leave the thousands of collected tests out of each collection of garbage to come."""
    gc.freeze()
    gc.set_threshold(_UNCOLLECTED)


def pytest_sessionfinish() -> None:
    """Have all of it collected while there is still an interpreter."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _precompiled_library() -> None:
    """Have modules that are compiled in this process linked with the library's objects, as in every process that translates."""
    try:
        from portalis.translator.backends.llvm import installed_objects
        from portalis.translator.translating.library_objects import library_bundle
    except ModuleNotFoundError:
        # The Python of the window's own tests compiles nothing.
        return
    installed_objects().install(library_bundle())
