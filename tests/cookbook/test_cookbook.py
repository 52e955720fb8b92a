"""Every page of the cookbook, typed in as it stands there: each value that a run writes is that of a loop over plain OpenUSD."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pxr import Usd

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.cookbook.plain import run_loop
from tests.cookbook.wirings import RUNS, Run
from tests.pages.snippets import REPOSITORY, Page, read_page, run_commands

FOLDER = REPOSITORY / "docs" / "cookbook"
PAGES = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")


@pytest.fixture(scope="module", params=PAGES)
def typed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, Path, Path]:
    """A page, the folder where all its commands were run, and one where only its stages were made."""
    page = read_page(FOLDER / f"{request.param}.md")
    folders = tmp_path_factory.mktemp("typed"), tmp_path_factory.mktemp("plain")
    for folder, only in zip(folders, ((), ("python",)), strict=True):
        page.write_files(folder)
        run_commands(page, folder, only)
    return page, *folders


def _bits(value: Any) -> object:
    return value if isinstance(value, str) else (type(value), np.asarray(value).tobytes())


def _written(stage: Usd.Stage) -> set[str]:
    """The attributes that a bake has samples of, and nothing else has."""
    root = stage.GetRootLayer()
    found: set[str] = set()
    root.Traverse("/", lambda path: found.add(str(path)) if path.IsPropertyPath() and root.GetNumTimeSamplesForPath(path) else None)
    return found


def test_every_value_is_that_of_a_loop_over_plain_openusd(typed: tuple[Page, Path, Path]) -> None:
    page, folder, plain = typed
    outputs = re.findall(r" -o (\S+)", "\n".join(command.line for command in page.commands))
    assert len(outputs) >= 2 and set(outputs) == {name for name, run in RUNS.items() if run.page == page.path.stem}
    for output in outputs:
        compared = _compare(RUNS[output], Usd.Stage.Open(str(folder / output)), plain)
        assert compared >= RUNS[output].frames


def _compare(run: Run, baked: Usd.Stage, plain: Path) -> int:
    """Compare a bake with the loops on a stage that nobody bound anything in; returns how many values there were."""
    stage = Usd.Stage.Open(str(plain / run.stage))
    if run.prepare is not None:
        run.prepare(stage)
    frames = zip(*(run_loop(loop, plain, stage, run.frames) for loop in run.loops), strict=True)
    compared, moved = 0, {}
    for steps in frames:
        for code, values in steps:
            for path, value in values.items():
                said = baked.GetAttributeAtPath(path).Get(code)
                assert _bits(said) == _bits(value), f"{run.page}: {path} at {code}: {said}, not {value}"
                moved.setdefault(path, set()).add(str(value))
                compared += 1
    assert set(moved) == _written(baked)
    assert all(len(values) > 1 for values in moved.values()), {path: len(values) for path, values in moved.items()}
    return compared


def test_what_the_variation_wrote_is_not_taken_for_what_the_page_wrote(typed: tuple[Page, Path, Path]) -> None:
    page, folder, plain = typed
    first, second = (name for name, run in RUNS.items() if run.page == page.path.stem)
    with pytest.raises(AssertionError):
        _compare(RUNS[first], Usd.Stage.Open(str(folder / second)), plain)


def test_a_wheel_needs_a_copy_where_one_of_two_names_is_changed_in_place(tmp_path: Path) -> None:
    read_page(FOLDER / "wheel.md").write_files(tmp_path)
    wheel = (tmp_path / "wheel.py").read_text().replace("Gf.Vec3d(self.world_position)", "self.world_position")
    lower(SourceFile("wheel.py", wheel), by_value=True)
    with pytest.raises(TranslationError) as refused:
        lower(
            SourceFile("wheel.py", wheel.replace("        forward =", "        self.before += Gf.Vec3d(1.0)\n        forward =")),
            by_value=True,
        )
    assert "P0405" in {item.code for item in refused.value.diagnostics}
