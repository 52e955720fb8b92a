"""Text that is edited: what counts as saved, and what a crash leaves."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from portalis.translator.ui.models.document import Document
from portalis.translator.ui.models.editing import STARTER
from portalis.translator.ui.models.unsaved import Unsaved, claim_copy, digest


def test_what_is_loaded_saved_or_kept_on_the_stage_is_not_unsaved(tmp_path: Path) -> None:
    document = Document()
    assert document.text == STARTER and not document.unsaved
    document.text += "# more"
    assert document.unsaved
    document.save(tmp_path / "fall.py")
    assert (tmp_path / "fall.py").read_text() == document.text and not document.unsaved and document.name.endswith("fall.py")
    document.text = "x = 1"
    document.keep("/World/Portalis/x")
    assert not document.unsaved
    document.load("y = 2", "/World/Portalis/y")
    assert document.title == "/World/Portalis/y" and document.path is None and not document.unsaved


def test_text_whose_module_is_gone_or_another_is_saved_nowhere() -> None:
    document = Document()
    document.load("x = 1", "/World/Portalis/x", module="/World/Portalis/x")
    document.look_at_module("x = 0")
    assert document.unsaved and document.saved == "x = 0"
    document.look_at_module(None)
    assert document.unsaved and document.saved == ""
    document.look_at_module("x = 1")
    assert not document.unsaved


def text_in(copy: Path) -> str:
    left = Document(copy).recovered()
    assert left is not None
    return left.text


@pytest.mark.parametrize("first", ["", '# not saved, of {"title": ', "# not saved, of []"])
def test_a_copy_that_does_not_say_where_its_text_came_from_is_taken_up_whole(tmp_path: Path, first: str) -> None:
    copy = tmp_path / "unsaved.py"
    copy.write_text(f"{first}\nx = 1")
    assert Document(copy).recovered() == Unsaved(f"{first}\nx = 1")


def test_what_was_typed_outlives_a_crash_and_not_a_save(tmp_path: Path) -> None:
    copy = tmp_path / "cache" / "unsaved.py"
    document = Document(copy)
    document.tick()
    assert not copy.exists()
    document.text = "typed = True"
    document.tick()
    assert text_in(copy) == "typed = True"
    document.text = "typed = False"
    document.tick()
    # Not at every key.
    assert text_in(copy) == "typed = True"
    document.save(tmp_path / "kept.py")
    assert not copy.exists() and Document(copy).recovered() is None


def test_a_window_that_is_closed_keeps_what_is_nowhere_else(tmp_path: Path) -> None:
    copy = tmp_path / "unsaved.py"
    document = Document(copy)
    document.text = "typed = 1"
    document.tick()
    document.text = "typed = 2"
    document.close()
    assert text_in(copy) == "typed = 2"
    document.keep("/World/Portalis/x")
    document.close()
    assert Document(copy).recovered() is None


def test_each_window_keeps_its_own_text_and_a_crash_of_either_is_taken_up(tmp_path: Path) -> None:
    def begin() -> tuple[ExitStack, Document]:
        claims = ExitStack()
        return claims, Document(claim_copy(tmp_path, claims))

    (first_claims, first), (second_claims, second) = begin(), begin()
    for document, text in ((first, "x = 1"), (second, "x = 2")):
        document.text = text
        document.tick()
    third_claims, third = begin()
    assert not third.recovered(), "both are still there"
    third_claims.close()
    # The claim ends with its process, whatever ends that.
    second_claims.close()
    second_claims, second = begin()
    assert second.recovered() == Unsaved("x = 2", "new behaviour", in_file=digest(STARTER), on_stage=digest(""))
    for claims in (first_claims, second_claims):
        claims.close()
    begun = [begin() for _ in range(3)]
    assert [left.text if (left := document.recovered()) else "" for _, document in begun] == ["x = 1", "x = 2", ""]
    for claims, _ in begun:
        claims.close()


def test_a_copy_that_cannot_be_kept_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert claim_copy(tmp_path / "file", ExitStack()) is None
    document = Document(tmp_path / "file" / "unsaved.py")
    document.text = "x"
    document.tick()
    assert document.unsaved and document.recovered() is None


def test_a_file_that_cannot_be_written_leaves_the_text_unsaved(tmp_path: Path) -> None:
    document = Document()
    document.text = "x"
    with pytest.raises(OSError, match="Is a directory"):
        document.save(tmp_path)
    assert document.unsaved and document.path is None
