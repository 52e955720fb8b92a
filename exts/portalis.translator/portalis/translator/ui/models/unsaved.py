"""Text that nobody saved, kept in a file: each window has its own, and takes up what a window left that ended."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from portalis.translator.saving import claimed, replace_file

_NAME = "unsaved"
# The comment above the text in the file, which says where it came from.
_MARK = "# not saved, of "


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A text and where it came from: its title, a file, a module of a stage, and the digests of what these had; empty where from none."""

    text: str
    title: str = ""
    path: str = ""
    module: str = ""
    in_file: str = ""
    on_stage: str = ""

    def write(self, file: Path) -> None:
        """Write a file of Python code, whole; OSError where that cannot be."""
        origin = {name: value for name, value in asdict(self).items() if name != "text"}
        replace_file(file, f"{_MARK}{json.dumps(origin)}\n{self.text}".encode())


def read_unsaved(file: Path) -> Unsaved | None:
    """Return what `Unsaved.write` wrote, or the whole text of a file that says nothing of its origin; None where there is no text."""
    try:
        whole = file.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    first, _, text = whole.partition("\n")
    try:
        origin = json.loads(first.removeprefix(_MARK)) if first.startswith(_MARK) else None
    except ValueError:
        origin = None
    if not isinstance(origin, dict):
        return Unsaved(whole) if whole else None
    return Unsaved(text, **{field.name: str(origin.get(field.name, "")) for field in fields(Unsaved) if field.name != "text"})


def digest(text: str) -> str:
    """Return what tells a text from another one."""
    return hashlib.sha256(text.encode()).hexdigest()


def claim_copy(folder: Path, claims: contextlib.ExitStack) -> Path | None:
    """Return the file in `folder` that keeps a window's unsaved text, its own until `claims` end; None where none can be claimed.

    It is the first that an ended window left and no other window took up, else a name that is free.
    """
    left = sorted(folder.glob(f"{_NAME}*.py"), key=lambda path: (len(path.name), path.name))
    names = itertools.chain([f"{_NAME}.py"], (f"{_NAME}-{number}.py" for number in itertools.count(2)))
    for path in itertools.chain(left, (folder / name for name in names)):
        try:
            claims.enter_context(claimed(path))
        except BlockingIOError:
            continue
        except OSError:
            return None
        return path
    raise AssertionError("names do not end")
