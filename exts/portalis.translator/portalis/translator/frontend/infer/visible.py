"""Which names an expression sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portalis.translator.frontend.read.module_scope import Imported, ModuleScope


@dataclass(frozen=True, slots=True)
class Names:
    """Which names the expression at hand sees: those of a module, the function's own, and the constants being expanded around it.

    `imports` are what the function itself imports: those names are none of `local`; `grouping` the calls whose groups are gone over
    in the round (`read/groups.py`); `inner` are those of `local` that a comprehension or a lambda around the expression has to itself,
    `fixed` those of these that get no other value there.
    """

    scope: ModuleScope
    local: frozenset[str]
    expanding: frozenset[str] = frozenset()
    imports: Mapping[str, Imported] = field(default_factory=dict)
    grouping: Mapping[int, bool] = field(default_factory=dict)
    inner: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()

    def imported(self, name: str) -> Imported | None:
        """Return what an import binds a name to: one inside the function, or the module's where the function has no such name."""
        return None if name in self.local else self.imports.get(name) or self.scope.imports.get(name)
