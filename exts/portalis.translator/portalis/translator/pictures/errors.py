"""Why no picture was made, as a sentence for users."""

from __future__ import annotations


class PictureError(Exception):
    """No picture can be made; `help` says what to do instead."""

    def __init__(self, message: str, help: str = "", status: int = 1) -> None:
        super().__init__(message)
        self.help = help
        self.status = status
