"""Paths that are completed as a shell does."""

from __future__ import annotations

from pathlib import Path

import pytest

from portalis.translator.ui.models.paths import continued
from portalis.translator.ui.models.problems import Purpose


@pytest.mark.parametrize(
    ("purpose", "written", "completed", "names"),
    [
        ("open", "fa", "fall", ("fall.py", "falls/")),
        ("open", "fall.", "fall.py", ("fall.py",)),
        ("open", "falls", "falls/", ("falls/",)),
        ("open", "falls/", "falls/deep.usda", ("deep.usda",)),
        ("open", "{folder}/fall.", "{folder}/fall.py", ("fall.py",)),
        ("open", "~/fall.", "~/fall.py", ("fall.py",)),
        ("open", "", "", ("fall.py", "falls/", "scene.USDA")),
        ("open", ".h", ".hidden.py", (".hidden.py",)),
        ("open", "sc", "scene.USDA", ("scene.USDA",)),
        ("save", "sc", "sc", ()),
        ("export", "ti", "times.csv", ("times.csv",)),
        ("open", "none/", "none/", ()),
        ("open", "fall.py/", "fall.py/", ()),
        ("open", "~nobody of this name/", "~nobody of this name/", ()),
    ],
)
def test_a_path_goes_on_as_far_as_all_names_do_that_begin_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, purpose: Purpose, written: str, completed: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "falls").mkdir()
    for name in ("fall.py", "falls/deep.usda", ".hidden.py", "scene.USDA", "times.csv", "notes.txt"):
        (tmp_path / name).write_text("")
    found = continued(purpose, written.format(folder=tmp_path), tmp_path)
    assert found == (completed.format(folder=tmp_path), names)
