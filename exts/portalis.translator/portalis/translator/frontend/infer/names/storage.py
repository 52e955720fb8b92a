"""The locals and temporaries of a function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portalis.translator.frontend.infer.state import Binding
from portalis.translator.ir.types import Type


@dataclass(slots=True)
class Storage:
    """The locals and temporaries that a function needs, in the order of their first use."""

    params: dict[str, Type] = field(default_factory=dict)
    locals: dict[str, Type] = field(default_factory=dict)
    by_name: dict[tuple[str, Type], str] = field(default_factory=dict)
    # What is the module's and comes with each call, without being declared.
    given: set[str] = field(default_factory=set)

    def keep(self, bindings: Mapping[str, Binding]) -> None:
        """Declare the locals that bindings stand for, which may have been declared after a point that was gone back to."""
        for name, binding in bindings.items():
            if binding.field is None and binding.unknown is None and binding.local not in self.params and binding.local not in self.given:
                type_ = binding.held or binding.type
                self.locals.setdefault(binding.local, type_)
                self.by_name.setdefault((name, type_), binding.local)

    def temporary(self, hint: str, type_: Type) -> str:
        """Declare a local that no Python name can clash with."""
        number = 1
        while f"{hint}.{number}" in self.locals:
            number += 1
        self.locals[f"{hint}.{number}"] = type_
        return f"{hint}.{number}"

    def local_for(self, name: str, type_: Type) -> str:
        """Return the local that holds the Python name `name` while its type is `type_`."""
        found = self.by_name.get((name, type_))
        if found is None:
            found = name if name not in self.locals and name not in self.params else self.temporary(name, type_)
            self.locals[found] = type_
            self.by_name[name, type_] = found
        return found
