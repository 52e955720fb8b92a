"""The real oracle's program with a door that the product does not have: one more built-in, `force`, which executes any text.

What an oracle executes is made of accepted nodes, which reach nothing; the door stands for every way out of them that nobody knows yet.
"""

from __future__ import annotations

import builtins
from typing import Any

from portalis.translator.verify.oracle import namespace, process

_allowed_builtins = namespace._allowed_builtins


def force(text: str, *arguments: Any) -> Any:
    """Execute a text with all of Python at hand; what it binds to `answer`."""
    names: dict[str, Any] = {"__name__": "os", "__builtins__": builtins, "arguments": arguments}
    exec(text, names)
    return names.get("answer")


def main(*arguments: str) -> None:
    """Be the oracle's program, with the door."""
    namespace._allowed_builtins = lambda: _allowed_builtins() | {"force": force}
    process.main(*arguments)
