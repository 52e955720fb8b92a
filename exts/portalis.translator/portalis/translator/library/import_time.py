"""What a module may use of CPython while it is imported: the same for the front-end, which checks, and the oracle, which runs."""

from __future__ import annotations

# They read and write nothing, and give the same answer everywhere.
HARMLESS_BUILTINS = frozenset(
    (
        "abs", "all", "any", "bin", "bool", "bytes", "chr", "classmethod", "complex", "dict", "divmod", "enumerate", "filter", "float",
        "frozenset", "hex", "int", "isinstance", "len", "list", "map", "max", "min", "object", "oct", "ord", "pow", "property", "range",
        "repr", "reversed", "round", "set", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "zip",
        "True", "False", "None", "Ellipsis", "NotImplemented",
    )
)  # fmt: skip
# Modules whose names serve annotations alone.
IGNORED_MODULES = ("typing", "__future__", "typing_extensions", "collections.abc", "numbers")
