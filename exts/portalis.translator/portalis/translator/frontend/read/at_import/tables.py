"""What a module may name while it is imported, name by name: never any attribute that a module happens to have."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass

from portalis.translator.library.import_time import IMPORTABLE

MATH_CONSTANTS = frozenset(("e", "inf", "nan", "pi", "tau"))
MATH_FUNCTIONS = frozenset(
    (
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "comb", "copysign", "cos", "cosh", "degrees", "exp",
        "exp2", "expm1", "fabs", "factorial", "floor", "fmod", "frexp", "gcd", "hypot", "isclose", "isfinite", "isinf", "isnan", "isqrt",
        "lcm", "ldexp", "log", "log10", "log1p", "log2", "modf", "nextafter", "perm", "pow", "radians", "remainder", "sin", "sinh", "sqrt",
        "tan", "tanh", "trunc", "ulp",
    )
)  # fmt: skip

# Methods of Gf values that change nothing, and those that change their receiver: on a value that was just made, which nobody else has.
GF_METHODS = frozenset(
    (
        "BuildOrthonormalFrame", "ExtractRotationMatrix", "ExtractRotationQuat", "ExtractTranslation", "GetColumn", "GetComplement",
        "GetConjugate", "GetCross", "GetDeterminant", "GetDeterminant3", "GetDot", "GetHandedness", "GetImaginary", "GetInverse",
        "GetLength", "GetNormalized", "GetProjection", "GetReal", "GetRow", "GetRow3", "GetTranspose", "HasOrthogonalRows3",
        "IsLeftHanded", "IsRightHanded", "Transform", "TransformAffine", "TransformDir",
    )
)  # fmt: skip
GF_SETTERS = frozenset(
    (
        "Normalize", "Set", "SetColumn", "SetDiagonal", "SetIdentity", "SetImaginary", "SetLookAt", "SetReal", "SetRotate", "SetRotateOnly",
        "SetRow", "SetRow3", "SetScale", "SetTransform", "SetTranslate", "SetTranslateOnly", "SetZero",
    )
)  # fmt: skip
# The one function of Gf that changes its argument.
GF_CHANGING = frozenset(("Normalize",))

# Built-ins whose result is small where their arguments are, and which read and write nothing.
PURE_BUILTINS = frozenset(("abs", "bool", "bytearray", "bytes", "float", "frozenset", "int", "len", "max", "min", "set"))
# Further ones that may be named, since that calls none of them.
NAMED_BUILTINS = frozenset(
    ("all", "any", "bin", "chr", "divmod", "hex", "list", "oct", "ord", "pow", "repr", "round", "sorted", "str", "sum", "tuple")
)
# Built-in decorators that only wrap; where the function is needed, translating refuses them.
WRAPPERS = frozenset(("classmethod", "property", "staticmethod"))
# Python's types that a class may derive from.
PLAIN_BASES = frozenset(("bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type"))
# What describes a module to people, and may be assigned although its name begins with two underscores.
METADATA = frozenset(("__all__", "__author__", "__copyright__", "__date__", "__license__", "__version__"))


@dataclass(frozen=True, slots=True)
class Generic:
    """A name that annotations use: how many arguments its subscript takes (`most` None: any number), and where it may stand.

    `bare` names may be arguments of others without a subscript; `top` names are the whole annotation or nothing.
    """

    name: str
    least: int = 0
    most: int | None = 0
    bare: bool = True
    top: bool = False
    typed: bool = True


_PLAIN = (
    "Any",
    "AnyStr",
    "Hashable",
    "LiteralString",
    "Never",
    "NoReturn",
    "Self",
    "Sized",
    "SupportsFloat",
    "SupportsIndex",
    "SupportsInt",
)
_ONE = (
    "AbstractSet", "Collection", "Container", "FrozenSet", "Iterable", "Iterator", "List", "MutableSequence", "MutableSet", "Reversible",
    "Sequence", "Set", "SupportsAbs", "SupportsRound", "Type", "Counter", "Deque", "Pattern", "Match",
)  # fmt: skip
_TWO = ("Dict", "Mapping", "MutableMapping", "DefaultDict", "OrderedDict")
TYPING: Mapping[str, Generic] = {
    **{name: Generic(name) for name in _PLAIN},
    **{name: Generic(name, 1, 1) for name in _ONE},
    **{name: Generic(name, 2, 2) for name in _TWO},
    "Optional": Generic("Optional", 1, 1, bare=False),
    "Union": Generic("Union", 1, None, bare=False),
    "Tuple": Generic("Tuple", 1, None),
    "Callable": Generic("Callable", 2, 2),
    "Generator": Generic("Generator", 3, 3),
    "Literal": Generic("Literal", 1, None, bare=False),
    "Final": Generic("Final", 1, 1, bare=False, top=True),
    "ClassVar": Generic("ClassVar", 1, 1, bare=False, top=True),
    "TypeAlias": Generic("TypeAlias", top=True),
}
COLLECTIONS: Mapping[str, Generic] = {
    **{name: Generic(name, typed=False) for name in ("Hashable", "Sized")},
    **{
        name: Generic(name, 1, 1, typed=False)
        for name in ("Collection", "Container", "Iterable", "Iterator", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Set")
    },
    **{name: Generic(name, 2, 2, typed=False) for name in ("Mapping", "MutableMapping")},
    "Callable": Generic("Callable", 2, 2, typed=False),
    # Of this one CPython counts no arguments.
    "Generator": Generic("Generator", 1, 3, typed=False),
}
# Classes of other modules that take what they hold as a subscript.
CLASSES: Mapping[str, Mapping[str, Generic]] = {
    "collections": {
        **{name: Generic(name, 1, 1, typed=False) for name in ("Counter", "deque")},
        **{name: Generic(name, 2, 2, typed=False) for name in ("OrderedDict", "defaultdict")},
    },
    "re": {name: Generic(name, 1, 1, typed=False) for name in ("Match", "Pattern")},
}
NUMBERS: Mapping[str, Generic] = {name: Generic(name) for name in ("Complex", "Integral", "Number", "Rational", "Real")}
BUILTIN_TYPES: Mapping[str, Generic] = {
    **{name: Generic(name) for name in ("bool", "bytearray", "bytes", "complex", "float", "int", "object", "range", "slice", "str")},
    **{name: Generic(name, 1, 1, typed=False) for name in ("frozenset", "list", "set", "type")},
    "dict": Generic("dict", 2, 2, typed=False),
    "tuple": Generic("tuple", 1, None, typed=False),
    **{name: Generic(name) for name, found in vars(builtins).items() if isinstance(found, type) and issubclass(found, BaseException)},
}
# typing's decorators that mark and do nothing else.
MARKS = frozenset(("final", "override"))
ANNOTATION_MODULES: Mapping[str, Mapping[str, Generic]] = {
    "typing": TYPING,
    "typing_extensions": TYPING,
    "collections.abc": COLLECTIONS,
    "numbers": NUMBERS,
}


def import_of(name: str, *, called: bool = False) -> str:
    """Return the line that imports a name that nothing binds, as it is usually meant; empty where it is usually something else.

    A function is meant where the name is `called`: `log.append(x)` means a list.
    """
    if name == "Gf":
        return "from pxr import Gf"
    if name == "math" or name in IMPORTABLE:
        return f"import {name}"
    # A letter of its own is a variable.
    meant = name in (MATH_FUNCTIONS if called else MATH_CONSTANTS) and len(name) > 1
    return f"from math import {name}" if meant else ""
