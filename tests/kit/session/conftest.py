"""The extension in a Kit of fakes, with the real omni.ui; `tests/ui/test_widgets.py` runs this folder where that draws."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from portalis.translator.translating import jobs
from portalis.translator.ui.display import DisplayError
from tests.kit.fakes import KitFake
from tests.ui.widgets.display import prepare_tests

try:
    prepare_tests()
    # Before any fake: it looks for Kit when it is loaded.
    import omni.ui
    from omni.ui import standalone
except (DisplayError, ImportError):
    collect_ignore_glob = ["test_*.py"]

# What imports Kit's modules, and is imported anew for each Kit.
OURS = ("portalis.translator.extension", "portalis.translator.ui.kit", "portalis.schema")
MakeKit = Callable[..., KitFake]


@pytest.fixture(autouse=True, scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """omni.ui writes its layout to the working folder when it ends: it ends here, in a folder of its own."""
    os.chdir(tmp_path_factory.mktemp("layout"))
    yield
    standalone = importlib.import_module("omni.ui.standalone")
    standalone.shutdown()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what needs a process in which omni.ui has kept no window yet: later it starts one."""
    items.sort(key=lambda item: "test_in_kit_suite.py" not in item.nodeid)


@pytest.fixture
def end_processes() -> Callable[[], None]:
    """End what translates, as the extension does when it stops."""
    return jobs.end_processes


@pytest.fixture(autouse=True)
def kept_processes(end_processes: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """What translates goes on from test to test: starting it takes longer than most of them."""
    monkeypatch.setattr(jobs, "end_processes", lambda: None)


@pytest.fixture
def make_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeKit]:
    """Make the fakes what `import omni.kit.app` and its like find, until the test ends."""
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))
    monkeypatch.chdir(tmp_path)
    standalone.init("Kit", 1280, 800)
    before = dict(sys.modules)
    attributes = set(vars(omni))

    def make(without: Collection[str] = ("omni.kit.widget.text_editor",)) -> KitFake:
        def put(name: str, module: ModuleType) -> None:
            sys.modules[name] = module

        for name in [name for name in sys.modules if name.startswith(OURS)]:
            del sys.modules[name]
        kit = KitFake()
        kit.install(put, without)
        return kit

    yield make
    for name in [
        name for name in sys.modules if name.startswith(("omni.kit", "omni.ext", "omni.usd", "omni.timeline", "carb", "usdrt", *OURS))
    ]:
        if name not in before:
            del sys.modules[name]
    for name in set(vars(omni)) - attributes:
        delattr(omni, name)
