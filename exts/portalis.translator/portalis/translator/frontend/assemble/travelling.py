"""What may be executed of a lowered module, as the text in which it travels to who executes it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from portalis.translator.frontend.lowered import AcceptedText
from portalis.translator.frontend.read.accepted import rebuild
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.syntax import AcceptedCall, AcceptedModule, write


def accepted_text(
    tree: ast.Module, scope: ModuleScope, ignored: Collection[int], examples: Sequence[tuple[Sequence[str], Sequence[tuple[str, str]]]]
) -> AcceptedText:
    """Return what may be executed of a lowered module, with its examples' arguments: by position, and by name."""

    def make() -> str:
        calls = [
            AcceptedCall(tuple(map(_parsed, args)), tuple((name, _parsed(value)) for name, value in kwargs)) for args, kwargs in examples
        ]
        return write(AcceptedModule(rebuild(tree, scope, scope.visited, ignored), tuple(calls)))

    return AcceptedText(make)


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
