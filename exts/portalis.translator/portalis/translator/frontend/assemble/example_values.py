"""What the arguments of examples may call beyond what a file may when it is imported: built-ins and methods of text, within the bounds."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portalis.translator.frontend.read.at_import.bounded import MAX_BYTES
from portalis.translator.frontend.read.at_import.values import Beyond, Evaluation, resolve

# Each reads one sequence once, and gives no more elements than it has.
_COPIES: Mapping[str, Callable[[Any], object]] = {"list": list, "tuple": tuple, "sorted": sorted}
# None of their results is longer than three times the text.
_OF_TEXT = frozenset(("lower", "lstrip", "rstrip", "split", "splitlines", "strip", "upper"))
_POINTER = 8
# So many equal hashes cost nothing yet.
_MOST_KEYS = 1000


class ExampleEvaluation(Evaluation):
    """Evaluates the arguments of examples: what is on the list for imports, and calls of a few more functions of known values.

    A call that is of another kind, or of a name that the module gives its own meaning, is held to the list for imports.
    """

    __slots__ = ()

    def _call(self, node: ast.Call) -> object:
        if not any(isinstance(item, ast.Starred) for item in node.args):
            match node.func:
                case ast.Name(id="dict") if resolve(node.func, self.names) is None:
                    made = self._dict(node)
                case _ if node.keywords:
                    made = None
                case ast.Name(id=name) if (name in _COPIES or name == "range") and resolve(node.func, self.names) is None:
                    made = self._made(node, name)
                case ast.Attribute(value=ast.Constant(value=str(text)), attr=name):
                    made = self._of_text(node, text, name)
                case _:
                    made = None
            if made is not None:
                return self.bounded.hold(made)
        return Evaluation._call(self, node)

    def _made(self, node: ast.Call, name: str) -> object | None:
        """Return a copy of a sequence, or a range as the tuple of its elements; None where the arguments are others."""
        arguments = [self.value(item) for item in node.args]
        if name == "range":
            return self._range(node, arguments)
        match arguments:
            case []:
                return None if name == "sorted" else _COPIES[name](())
            case [str() | list() | tuple() as sequence] if name != "sorted" or _are_sortable(sequence):
                self._hold_length(node, len(sequence))
                return _COPIES[name](sequence)
            case _:
                return None

    def _dict(self, node: ast.Call) -> object | None:
        """Return a dict of pairs that are known, and of keywords; None where the arguments are others."""
        named = {keyword.arg: self.value(keyword.value) for keyword in node.keywords if keyword.arg is not None}
        match [self.value(item) for item in node.args]:
            case []:
                pairs: Sequence[Any] = ()
            case [list() | tuple() as pairs]:
                pass
            case _:
                return None
        right = all(isinstance(pair, list | tuple) and len(pair) == 2 and _is_plain(pair[0]) for pair in pairs)
        return dict(pairs, **named) if right and len(named) == len(node.keywords) and len(pairs) <= _MOST_KEYS else None

    def _range(self, node: ast.Call, arguments: Sequence[object]) -> object | None:
        limits = [item for item in arguments if isinstance(item, int)]
        if len(limits) < len(arguments) or not 1 <= len(limits) <= 3 or (len(limits) == 3 and limits[2] == 0):
            return None
        if any(abs(limit) > MAX_BYTES**2 for limit in limits):
            raise Beyond(node, "a range to large numbers")
        made = range(*limits)
        self._hold_length(node, len(made))
        return tuple(made)

    def _of_text(self, node: ast.Call, text: str, name: str) -> object | None:
        """Return what a method of a constant text gives; None where it is none of those that are known, or other arguments."""
        arguments = [self.value(item) for item in node.args]
        match name, arguments:
            case "join", [str() | list() | tuple() as parts]:
                words = [part for part in parts if isinstance(part, str)]
                if len(words) < len(parts) or sum(map(len, words)) + len(text) * len(words) > MAX_BYTES:
                    return None
                return text.join(words)
            case "split", [str(separator)] if separator:
                parts = text.split(separator)
            case _ if name in _OF_TEXT and not arguments:
                parts = getattr(text, name)()
            case _:
                return None
        self._hold_length(node, len(parts) if isinstance(parts, list) else 0)
        return parts

    def _hold_length(self, node: ast.Call, length: int) -> None:
        if length * _POINTER > MAX_BYTES:
            raise Beyond(node, f"more than {MAX_BYTES // 1024} kB")


def _is_plain(key: object) -> bool:
    return key is None or isinstance(key, int | float | str | bytes)


def _are_sortable(values: Sequence[object]) -> bool:
    """Tell whether CPython orders values, and at the cost of looking at each pair."""
    return all(isinstance(value, int | float) for value in values) or all(isinstance(value, str) for value in values)
