"""What all tests of demos share: an engine, and settings of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portalis.translator.stage.author.trust import SETTINGS_VARIABLE
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.translating.options import Options

# Before any test opens the first stage of the process.
register_schemas()
# What is looked at here is the demos, whose own runs verify with as many cases as there are.
FEW = Options(cases=16)


@pytest.fixture(scope="package")
def engine() -> TranslatorEngine:
    """One for all, since it translates each source once."""
    return TranslatorEngine(FEW)


@pytest.fixture(scope="package", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Demos note what they bind as trusted: not among the settings of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTINGS_VARIABLE, str(tmp_path_factory.mktemp("settings")))
        yield
