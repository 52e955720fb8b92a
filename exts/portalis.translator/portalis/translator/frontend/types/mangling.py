"""Names of specialisations, which tell types apart."""

from __future__ import annotations

from portalis.translator.frontend.types.sequences.building import is_long
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.types import DictRef, LibraryRef, ListRef, SetRef, TupleType, Type, UnionType


def mangled(type_: Type) -> str:
    """Return a type as a part of the name of a function that is specialised on it."""
    if isinstance(type_, ListRef | DictRef) and type_.beside is not None:
        return "_".join(["tied", type_.python_class, *map(mangled, type_.contents)])
    if isinstance(type_, TupleType):
        if is_long(type_):
            return f"tuple_{len(type_.items)}_of_{mangled(type_.items[0])}"
        return "_".join([type_.python_class, *map(mangled, type_.items)])
    if isinstance(type_, UnionType):
        return "_".join([f"either_{len(type_.members)}", *map(mangled, type_.members)])
    if isinstance(type_, ListRef | SetRef):
        return f"{type_.python_class}_{mangled(type_.item)}{'_more' if isinstance(type_, ListRef) and type_.frozen else ''}"
    if isinstance(type_, DictRef):
        # What a function gives may be any text: names that differ stay different.
        kind = type_.kind.encode().hex() if " " in type_.kind else type_.kind.replace(".", "_")
        return f"{kind}_{mangled(type_.key)}_{mangled(type_.value)}"
    if isinstance(type_, LibraryRef):
        told = type_.known if is_generator(type_) else ()
        return "_".join([type_.python_class.replace(".", "_"), *told, *(mangled(item) for _, item in type_.storage)])
    return str(type_).removeprefix("Gf.").replace("[", "_").replace("]", "").replace(", ", "_")
