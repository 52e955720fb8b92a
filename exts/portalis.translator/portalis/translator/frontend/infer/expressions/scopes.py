"""Names that a comprehension or a lambda has to itself: bound in it alone, in storage of their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from portalis.translator.frontend.facts.model import Assigned, Known
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.state import Binding

Result = TypeVar("Result")


class InnerScope:
    """Some names that mean something else for a while; `forget` lets them stand for what they did before.

    `clause` is the `for` of a comprehension or generator expression that binds them.
    """

    def __init__(
        self, infer: FunctionInference, names: Iterable[str], *, fixed: bool = False, clause: ast.comprehension | None = None
    ) -> None:
        self._infer = infer
        self._fixed = fixed
        self._generates = clause is not None and _is_of_generator(infer, clause)
        self._names = sorted(names)
        self._outer = {name: infer.live.names.get(name) for name in self._names}
        self._storage = {key: local for key, local in infer.storage.by_name.items() if key[0] in self._names}

    def seen(self, run: Callable[[], Result]) -> Result:
        """Run with the names local to the inner scope."""
        infer = self._infer
        self._drop()
        outer, own, generating = infer.names, frozenset(self._names), infer.generating
        infer.generating = "generator" if self._generates else generating
        fixed = outer.fixed | own if self._fixed else outer.fixed - own
        infer.names = replace(outer, local=outer.local | own, inner=outer.inner | own, fixed=fixed)
        try:
            return run()
        finally:
            infer.names, infer.generating = outer, generating
            for name, binding in self._outer.items():
                if binding is None:
                    infer.live.names.pop(name, None)
                else:
                    infer.live.names[name] = binding

    def bind(self, name: str, value: Known, node: ast.AST) -> None:
        """Let a name stand for a value that is evaluated already."""
        infer, span = self._infer, self._infer.span(node)
        local = infer.storage.local_for(name, value.type)
        infer.add(Assigned(span, local, value))
        infer.live.names[name] = Binding(value.type, local, assigned_at=span)

    def forget(self) -> None:
        """Let the names be stored where they were before."""
        self._drop()
        self._infer.storage.by_name.update(self._storage)

    def _drop(self) -> None:
        by_name = self._infer.storage.by_name
        for key in [key for key in by_name if key[0] in self._names]:
            del by_name[key]


def _is_of_generator(infer: FunctionInference, clause: ast.comprehension) -> bool:
    """Tell whether a clause is the first of a generator expression; asked only where it makes a difference."""
    definition = infer.unit.definition
    text = infer.names.scope.source.text
    if definition is None or not ("next" in text or "StopIteration" in text):
        return False
    return any(isinstance(node, ast.GeneratorExp) and node.generators[0] is clause for node in ast.walk(definition))
