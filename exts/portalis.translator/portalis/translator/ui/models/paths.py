"""Paths that the window asks for: what is suggested, where a name without a folder lies, what a name stands for."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portalis.translator.ui.models.document import Document
    from portalis.translator.ui.models.problems import Purpose

STAGE_SUFFIXES = (".usd", ".usda", ".usdc", ".usdz")
_NAMED = re.compile(r"^(?:class|def)\s+([^\W\d]\w*)", re.MULTILINE)
# What is written, and the ends of its names, of which the first is meant where there is none.
WRITTEN: dict[Purpose, tuple[str, ...]] = {"save": (".py",), "save_stage": (".usda", ".usdc", ".usd"), "export": (".csv", ".json")}
LABELS: dict[Purpose, tuple[str, str]] = {
    "open": ("open", "Open"),
    "save": ("save code as", "Save"),
    "save_stage": ("save stage as", "Save"),
    "export": ("frame times to", "Save"),
    "budget": ("instructions", "Allow"),
}
TOOLTIPS: dict[Purpose, str] = {
    "open": "The path of a Python file, or of a stage.",
    "save": "The path of a Python file (.py).",
    "save_stage": "The path of a stage (.usda, .usdc or .usd).",
    "export": "The path of a table (.csv) or of .json.",
    "budget": "What a prim of the selected behaviours may use in a frame, besides what all of them share: 2000000 or 2 M; 0: as usual.",
}


def is_stage(path: Path) -> bool:
    """Tell whether a name is one of a stage's."""
    return path.suffix.lower() in STAGE_SUFFIXES


def completed(purpose: Purpose, path: Path) -> Path:
    """Return the path that somebody means who gave a name without an end."""
    return path.with_name(path.name + WRITTEN[purpose][0]) if purpose in WRITTEN and path.name and not path.suffix else path


def meant(written: str, folder: Path) -> Path:
    """Return the path that somebody means who writes one: from `folder` on where it is relative, `~` is a home."""
    path = Path(written)
    try:
        return folder / path.expanduser()
    except RuntimeError:
        # Of nobody known here.
        return folder / path


def continued(purpose: Purpose, written: str, folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return a path as far as the files and folders go on alike whose names begin so, as a shell does, and the names of these.

    Of files, those are meant that `purpose` opens or writes, and hidden ones only where a dot is written.
    """
    cut = max(written.rfind("/"), written.rfind(os.sep)) + 1
    before, begun = written[:cut], written[cut:]
    ends = WRITTEN.get(purpose, (*STAGE_SUFFIXES, ".py"))
    found = []
    try:
        with os.scandir(meant(before, folder)) as entries:
            for entry in entries:
                if entry.name.startswith(begun) and (begun or not entry.name.startswith(".")):
                    if entry.is_dir():
                        found.append(f"{entry.name}/")
                    elif entry.name.lower().endswith(ends):
                        found.append(entry.name)
    except OSError:
        return written, ()
    # Letter by letter, which is how a name goes on.
    alike = os.path.commonprefix(found)  # noqa: RUF071
    return f"{before}{alike or begun}", tuple(sorted(found))


def folder_of(document: Document, stage_file: str) -> Path:
    """Return the folder that somebody who names no folder means: that of the text's file, else that of the stage's, else their own."""
    if document.path is not None:
        return document.path.parent
    return Path(stage_file).parent if stage_file else Path.home()


def suggested(purpose: Purpose, document: Document, stage_file: str) -> str:
    """Return the path that a field begins with."""
    folder = folder_of(document, stage_file)
    if purpose == "open":
        return f"{folder}{'' if str(folder).endswith('/') else '/'}"
    if purpose == "save":
        named = _NAMED.search(document.text)
        return str(document.path or folder / f"{named[1].lower() if named else 'behaviour'}.py")
    return str(folder / ("frames.csv" if purpose == "export" else "stage.usda"))
