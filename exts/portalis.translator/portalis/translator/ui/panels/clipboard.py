"""The clipboard, where the host's omni.ui has one; else what was copied here last."""

from __future__ import annotations

from typing import Any

try:
    from omni.ui import testing as _system
except ImportError:
    # Kit's omni.ui has none: a field takes what is pasted there by itself.
    _system = None
_own: list[str] = []


def copy(text: str) -> None:
    """Put a text on the clipboard."""
    _own[:] = [text]
    if _system is not None:
        _system.set_clipboard_text(text)


def pasted() -> str:
    """Return the text on the clipboard."""
    system: Any = _system
    return str(system.get_clipboard_text()) if system is not None else "".join(_own)
