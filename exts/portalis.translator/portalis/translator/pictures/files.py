"""Pictures as files: the old one or all of the new one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portalis.translator.pictures.errors import PictureError
from portalis.translator.pictures.gl import Picture
from portalis.translator.saving import claimed, replacing

STILLS = (".png",)


def require_suffix(path: Path) -> None:
    """Raise `PictureError` where a name does not end in what can be written."""
    if path.suffix.lower() not in STILLS:
        raise PictureError(f"{path} has no name of a picture", f"a name ends in {', '.join(STILLS)}", status=2)


def write_png(path: Path, picture: Picture) -> None:
    """Write one picture as PNG. OSError where that fails."""
    image = pillow().fromarray(picture)
    with claimed(path), _told(path), replacing(path) as temporary:
        image.save(temporary, format="PNG")


def pillow() -> Any:
    """Return Pillow's module of images, or raise `PictureError`."""
    try:
        from PIL import Image
    except ImportError as error:
        raise PictureError("Pillow is not installed", "pip install 'portalis-translator[pictures]'") from error
    return Image


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Have an error name the file that is wanted: the one beside it is nobody's business."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
