"""Syntax trees as text: how an accepted module travels to a process that executes it.

The text is JSON. A node is `[class, position, field, …]` with the fields in the order of `FIELDS`; a position is
`[line, column, end line, end column]`, or null where the class has none. Whoever reads it builds nodes of the classes in `FIELDS` and no
others: no annotation, no decorator but those of `WRAPPERS`, f-string or `global`, no import but those of `MODULES`, no handler of
everything, no name that begins with two underscores but `TRAP` and `SPECIAL_METHODS`. An unknown class, field or shape is an error.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, NoReturn, TypeAlias

TRAP = "__portalis_trap__"
"""The function that stands for everything that translating never looked at; calling it must end the process's work."""

MODULES = (
    "math",
    "pxr",
    "pxr.Gf",
    "abc",
    "base64",
    "binascii",
    "bisect",
    "calendar",
    "cmath",
    "collections",
    "collections.abc",
    "colorsys",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "io",
    "itertools",
    "json",
    "numbers",
    "operator",
    "queue",
    "random",
    "re",
    "statistics",
    "string",
    "sys",
    "textwrap",
)
# What CPython calls by itself of an instance, and a class may define.
SPECIAL_METHODS = frozenset((
    "__init__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__len__", "__bool__", "__getitem__", "__setitem__",
    "__delitem__", "__contains__", "__iter__", "__call__", "__str__", "__repr__", "__neg__", "__pos__", "__invert__", "__hash__",
    "__next__", "__reversed__", "__enter__", "__exit__",
    "__abs__", "__int__", "__float__", "__round__", "__format__", "__post_init__", "__match_args__",
    *(f"__{prefix}{name}__" for prefix in ("", "r", "i") for name in (
        "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "lshift", "rshift", "matmul")),
))  # fmt: skip
CLASS_NAME = "__name__"
# Special methods that may be called by their name, with the built-in that does that and, of Python's own classes, nothing else.
ASKED_BY = {"__str__": "str", "__repr__": "repr", "__len__": "len"}
# Special methods that a program may call by their names on instances of its own classes.
COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
# The decorators of methods that CPython itself has.
WRAPPERS = ("property", "staticmethod", "classmethod")
MAX_NODES = 500_000
MAX_DEPTH = 300
Json: TypeAlias = Any

# Class -> (field, kind). Kinds: stmt*, expr, expr?, expr*, a single node's class, `name`, `name?`, `name*`, `module`, `value`.
FIELDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Module": (("body", "stmt*"),),
    "FunctionDef": (("name", "method"), ("args", "arguments"), ("body", "stmt*"), ("decorator_list", "expr*")),
    "ClassDef": (("name", "name"), ("bases", "expr*"), ("body", "stmt*")),
    "Return": (("value", "expr?"),),
    "Assign": (("targets", "expr*"), ("value", "expr")),
    "AugAssign": (("target", "expr"), ("op", "operator"), ("value", "expr")),
    "For": (("target", "expr"), ("iter", "expr"), ("body", "stmt*"), ("orelse", "stmt*")),
    "While": (("test", "expr"), ("body", "stmt*"), ("orelse", "stmt*")),
    "If": (("test", "expr"), ("body", "stmt*"), ("orelse", "stmt*")),
    "Try": (("body", "stmt*"), ("handlers", "excepthandler*"), ("orelse", "stmt*"), ("finalbody", "stmt*")),
    "ExceptHandler": (("type", "expr"), ("name", "name?"), ("body", "stmt*")),
    "With": (("items", "withitem*"), ("body", "stmt*")),
    "withitem": (("context_expr", "expr"), ("optional_vars", "expr?")),
    "Match": (("subject", "expr"), ("cases", "match_case*")),
    "match_case": (("pattern", "pattern"), ("guard", "expr?"), ("body", "stmt*")),
    "MatchValue": (("value", "expr"),),
    "MatchSingleton": (("value", "value"),),
    "MatchSequence": (("patterns", "pattern*"),),
    "MatchMapping": (("keys", "expr*"), ("patterns", "pattern*"), ("rest", "name?")),
    "MatchClass": (("cls", "expr"), ("patterns", "pattern*"), ("kwd_attrs", "name*"), ("kwd_patterns", "pattern*")),
    "MatchStar": (("name", "name?"),),
    "MatchAs": (("pattern", "pattern?"), ("name", "name?")),
    "MatchOr": (("patterns", "pattern*"),),
    "Raise": (("exc", "expr?"), ("cause", "expr?")),
    "Assert": (("test", "expr"), ("msg", "expr?")),
    "Import": (("names", "module*"),),
    "ImportFrom": (("module", "module"), ("names", "alias*")),
    "Expr": (("value", "expr"),),
    "Global": (("names", "name*"),),
    "Nonlocal": (("names", "name*"),),
    "Pass": (),
    "Break": (),
    "Continue": (),
    "BoolOp": (("op", "boolop"), ("values", "expr*")),
    "NamedExpr": (("target", "expr"), ("value", "expr")),
    "BinOp": (("left", "expr"), ("op", "operator"), ("right", "expr")),
    "UnaryOp": (("op", "unaryop"), ("operand", "expr")),
    "IfExp": (("test", "expr"), ("body", "expr"), ("orelse", "expr")),
    "Dict": (("keys", "expr?*"), ("values", "expr*")),
    "Set": (("elts", "expr*"),),
    "Compare": (("left", "expr"), ("ops", "cmpop*"), ("comparators", "expr*")),
    "ListComp": (("elt", "expr"), ("generators", "comprehension*")),
    "GeneratorExp": (("elt", "expr"), ("generators", "comprehension*")),
    "SetComp": (("elt", "expr"), ("generators", "comprehension*")),
    "DictComp": (("key", "expr"), ("value", "expr"), ("generators", "comprehension*")),
    "Delete": (("targets", "expr*"),),
    "comprehension": (("target", "expr"), ("iter", "expr"), ("ifs", "expr*")),
    "Lambda": (("args", "arguments"), ("body", "expr")),
    "Slice": (("lower", "expr?"), ("upper", "expr?"), ("step", "expr?")),
    "JoinedStr": (("values", "expr*"),),
    "FormattedValue": (("value", "expr"), ("conversion", "conversion"), ("format_spec", "expr?")),
    "Call": (("func", "expr"), ("args", "expr*"), ("keywords", "keyword*")),
    "Constant": (("value", "value"),),
    "Attribute": (("value", "expr"), ("attr", "attribute"), ("ctx", "expr_context")),
    "Subscript": (("value", "expr"), ("slice", "expr"), ("ctx", "expr_context")),
    "Yield": (("value", "expr?"),),
    "YieldFrom": (("value", "expr"),),
    "Starred": (("value", "expr"), ("ctx", "expr_context")),
    "Name": (("id", "method"), ("ctx", "expr_context")),
    "List": (("elts", "expr*"), ("ctx", "expr_context")),
    "Tuple": (("elts", "expr*"), ("ctx", "expr_context")),
    "arguments": (
        ("posonlyargs", "arg*"),
        ("args", "arg*"),
        ("vararg", "arg?"),
        ("kwonlyargs", "arg*"),
        ("kw_defaults", "expr?*"),
        ("kwarg", "arg?"),
        ("defaults", "expr*"),
    ),
    "arg": (("arg", "name"),),
    "keyword": (("arg", "name?"), ("value", "expr")),
}
# What these classes hold besides: nothing.
_EMPTY: Mapping[str, Mapping[str, Any]] = {
    "Module": {"type_ignores": ()},
    "FunctionDef": {"returns": None, "type_params": ()},
    "ClassDef": {"keywords": (), "decorator_list": (), "type_params": ()},
    "arg": {"annotation": None},
    "ImportFrom": {"level": 0},
    "comprehension": {"is_async": 0},
}
_PLAIN: Mapping[str, type[ast.AST]] = {
    name: getattr(ast, name)
    for name in (
        "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv", "And", "Or",
        "Invert", "Not", "UAdd", "USub", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn", "Load", "Store", "Del",
    )
}  # fmt: skip
_KINDS: Mapping[str, type[ast.AST]] = {
    name: getattr(ast, name)
    for name in (
        "stmt",
        "expr",
        "operator",
        "boolop",
        "unaryop",
        "cmpop",
        "expr_context",
        "arguments",
        "arg",
        "keyword",
        "comprehension",
        "excepthandler",
        "match_case",
        "withitem",
        "pattern",
    )
}
# What is checked where a tree is written, too: no parser of CPython's sees to it.
_CHECKED_TWICE = (ast.ClassDef, ast.MatchClass, ast.ExceptHandler, ast.FunctionDef, ast.Attribute)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A class of nodes: its fields, what it holds besides, whether it has a position, and whether it is checked when written, too."""

    name: str
    made: type[ast.AST]
    fields: tuple[tuple[str, str], ...]
    empty: tuple[tuple[str, Any], ...]
    has_position: bool
    checked_twice: bool

    @classmethod
    def of(cls, name: str, fields: tuple[tuple[str, str], ...]) -> _Shape:
        made = getattr(ast, name)
        empty = tuple(item for item in _EMPTY.get(name, {}).items() if item[0] in made._fields)
        return cls(name, made, fields, empty, "lineno" in made._attributes, made in _CHECKED_TWICE)


_SHAPES: Mapping[str, _Shape] = {name: _Shape.of(name, fields) for name, fields in FIELDS.items()}
_SHAPE_OF: Mapping[type[ast.AST], _Shape] = {shape.made: shape for shape in _SHAPES.values()}


class NotAccepted(Exception):
    """A tree or a text that holds something outside the table."""


@dataclass(frozen=True, slots=True)
class AcceptedCall:
    """The arguments of an example, as expressions."""

    args: tuple[ast.expr, ...]
    kwargs: tuple[tuple[str, ast.expr], ...]


@dataclass(frozen=True, slots=True)
class AcceptedModule:
    """What may be executed of a user's file: a module, and the arguments of its examples in their order."""

    module: ast.Module
    examples: tuple[AcceptedCall, ...] = ()


def write(accepted: AcceptedModule) -> str:
    """Return an accepted module as text; NotAccepted where it holds a node that is not in the table."""
    examples = [[[_write(item) for item in call.args], [[name, _write(item)] for name, item in call.kwargs]] for call in accepted.examples]
    return json.dumps({"module": _write(accepted.module), "examples": examples}, separators=(",", ":"))


def read(text: str) -> AcceptedModule:
    """Build the trees that a text describes; NotAccepted where it is not what `write` writes."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAccepted(f"no accepted module: {error}") from None
    if not isinstance(found, dict) or set(found) != {"module", "examples"}:
        raise NotAccepted("an accepted module has the keys `module` and `examples`")
    reader = _Reader()
    module = reader.node(found["module"], ast.Module)
    assert isinstance(module, ast.Module)
    return AcceptedModule(module, tuple(_read_call(reader, item) for item in _list(found["examples"])))


def _read_call(reader: _Reader, found: Json) -> AcceptedCall:
    args, kwargs = _list(found, 2)
    pairs = [_list(item, 2) for item in _list(kwargs)]
    return AcceptedCall(
        tuple(reader.expression(item) for item in _list(args)),
        tuple((_name(name), reader.expression(item)) for name, item in pairs),
    )


# ------------------------------------------------------------------------------------------------------------------ writing
def _write(node: ast.AST) -> Json:
    shape = _SHAPE_OF.get(type(node))
    if shape is None:
        return _write_plain(node)
    if shape.empty:
        _check_empty(node, shape)
    if shape.checked_twice:
        _check_lengths(node)
    found: list[Json] = [shape.name, _write_position(node) if shape.has_position else None]
    for field, form in shape.fields:
        value = getattr(node, field)
        if isinstance(value, ast.AST):
            found.append(_write(value))
        elif type(value) is list and form not in _PLAIN_LISTS:
            found.append([None if item is None else _write(item) for item in value])
        else:
            found.append(_write_field(value, form))
    return found


# Lists of what is no node, or no node of the table.
_PLAIN_LISTS = frozenset(("name*", "module*", "alias*"))


def _write_plain(node: ast.AST) -> Json:
    kind = type(node).__name__
    if kind not in _PLAIN:
        raise NotAccepted(f"line {getattr(node, 'lineno', 0)}: {kind}")
    return kind


def _check_empty(node: ast.AST, shape: _Shape) -> None:
    for field, empty in shape.empty:
        if (getattr(node, field, None) or None) != (empty or None):
            raise NotAccepted(f"line {getattr(node, 'lineno', 0)}: {shape.name}.{field}")


def _write_position(node: Any) -> Json:
    return [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset]


def _write_field(value: Any, form: str) -> Json:
    match form:
        case "name":
            return _name(value)
        case "method":
            return _method(value)
        case "attribute":
            return _attribute(value)
        case "name?":
            return None if value is None else _name(value)
        case "value":
            return _write_value(value)
        case "conversion":
            return _conversion(value)
        case "module":
            return _module(value)
        case "name*":
            return [_name(item) for item in value]
        case "module*":
            return [_write_alias(item, _module) for item in value]
        case "alias*":
            return [_write_alias(item, _name) for item in value]
        case _ if value is None and form.endswith("?"):
            return None
        case _:
            raise NotAccepted(f"{type(value).__name__} instead of {form}")


def _write_alias(node: ast.alias, check: Callable[[object], str]) -> Json:
    return [check(node.name), None if node.asname is None else _name(node.asname), _write_position(node)]


def _write_value(value: object) -> Json:
    match value:
        case None | bool() | str():
            return value
        case int():
            return ["int", hex(value)]
        case float():
            return ["float", value.hex()]
        case complex():
            return ["complex", value.real.hex(), value.imag.hex()]
        case bytes():
            return ["bytes", value.hex()]
        case _ if value is ...:
            return ["..."]
        case _:
            raise NotAccepted(f"a constant {type(value).__name__}")


# ------------------------------------------------------------------------------------------------------------------ reading
class _Reader:
    """Builds nodes, counting them."""

    def __init__(self) -> None:
        self._nodes = 0
        self._depth = 0
        self._plain: dict[str, ast.AST] = {}

    def expression(self, found: Json) -> ast.expr:
        node = self.node(found, ast.expr)
        assert isinstance(node, ast.expr)
        return node

    def node(self, found: Json, expected: type[ast.AST]) -> ast.AST:
        """Return one node, of a class that may stand here."""
        self._nodes += 1
        if self._nodes > MAX_NODES or self._depth > MAX_DEPTH:
            raise NotAccepted("the tree is too large")
        if isinstance(found, str):
            if found not in _PLAIN:
                _wrong(f"class {found!r}")
            # One for all, as CPython's own parser makes them.
            return _expect(self._plain.setdefault(found, _PLAIN[found]()), expected)
        if type(found) is not list or len(found) < 2 or type(found[0]) is not str or found[0] not in _SHAPES:
            _wrong(f"a node {str(found)[:40]!r}")
        kind, position, *values = found
        shape = _SHAPES[kind]
        if len(values) != len(shape.fields):
            _wrong(f"{kind} with {len(values)} fields")
        built = _position(position, shape.has_position)
        self._depth += 1
        for (field, form), value in zip(shape.fields, values, strict=True):
            built[field] = self._field(value, form)
        self._depth -= 1
        for field, value in shape.empty:
            built[field] = [] if value == () else value
        node = shape.made(**built)
        _check_lengths(node)
        return _expect(node, expected)

    def _field(self, value: Json, form: str) -> Any:
        if (single := _KINDS.get(form)) is not None:
            return self.node(value, single)
        if (each := _LISTS.get(form)) is not None:
            return [self.node(item, each) for item in _list(value)]
        if (read := _READ.get(form)) is not None:
            return read(value)
        if form == "expr?*":
            return [None if item is None else self.node(item, ast.expr) for item in _list(value)]
        return None if value is None else self.node(value, _KINDS[form.removesuffix("?")])


def _wrong(what: str) -> NoReturn:
    raise NotAccepted(what)


def _expect(node: ast.AST, expected: type[ast.AST]) -> ast.AST:
    if not isinstance(node, expected):
        _wrong(f"{type(node).__name__} instead of {expected.__name__}")
    return node


def _list(found: Json, length: int | None = None) -> list[Json]:
    if not isinstance(found, list) or (length is not None and len(found) != length):
        _wrong(f"a list {str(found)[:40]!r}")
    return list(found)


def _name(found: object) -> str:
    plain = isinstance(found, str) and found.isidentifier() and not iskeyword(found)
    if isinstance(found, str) and plain and (found == TRAP or not found.startswith("__") or not found.strip("_")):
        return found
    _wrong(f"the name {found!r}")


def _method(found: object) -> str:
    return found if isinstance(found, str) and found in SPECIAL_METHODS else _name(found)


def _attribute(found: object) -> str:
    return CLASS_NAME if found == CLASS_NAME else _method(found)


def _is_super(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]):
            return True
        case _:
            return False


def _is_plain_base(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id != "type"


def _is_enum(bases: list[ast.expr]) -> bool:
    """Tell whether a class has the bases of an enumeration: `Enum` or `enum.Enum`, behind the type of its values."""
    match bases:
        case [ast.Attribute(value=ast.Name(id="enum"), attr=name)]:
            return name.endswith("Enum")
        case [ast.Name(id="int" | "str"), ast.Name(id=name) | ast.Attribute(value=ast.Name(id="enum"), attr=name)]:
            return name == "Enum"
        case _:
            return False


def is_wrapper(node: ast.expr) -> bool:
    """Tell whether a decorator is one of `WRAPPERS`, or what a property has of its own: `@size.setter`."""
    match node:
        case ast.Name(id=name):
            return name in WRAPPERS
        case ast.Attribute(value=ast.Name(), attr="setter" | "deleter"):
            return True
        case _:
            return False


def _is_harmless(node: ast.Attribute) -> bool:
    """Tell whether an attribute is read that is a class's name, what a built-in asks for, or a method that begins or compares instances."""
    is_continued = node.attr in ("__post_init__", "__init__") and isinstance(node.value, ast.Name)
    return (node.attr in (CLASS_NAME, *ASKED_BY, *COMPARISONS) or is_continued) and isinstance(node.ctx, ast.Load)


def _conversion(found: object) -> int:
    if isinstance(found, int) and found in (-1, *map(ord, "rsa")):
        return int(found)
    _wrong(f"the conversion {found!r}")


def _module(found: object) -> str:
    if not (isinstance(found, str) and found in MODULES):
        _wrong(f"the module {found!r}")
    return found


def _alias(found: Json, check: Callable[[object], str]) -> ast.alias:
    name, asname, position = _list(found, 3)
    return ast.alias(check(name), None if asname is None else _name(asname), **_position(position, True))


def _position(found: Json, wanted: bool) -> dict[str, Any]:
    if found is None and not wanted:
        return {}
    line, column, end_line, end_column = numbers = _list(found, 4)
    if not wanted or {*map(type, numbers)} != {int} or min(numbers) < 0 or max(numbers) >= 2**31:
        _wrong("a position")
    return {"lineno": line, "col_offset": column, "end_lineno": end_line, "end_col_offset": end_column}


def _check_lengths(node: ast.AST) -> None:
    check = _CHECKS.get(type(node))
    if check is not None and not check(node):
        _wrong(f"lengths in {type(node).__name__}")


def _right_arguments(node: ast.arguments) -> bool:
    return len(node.kw_defaults) == len(node.kwonlyargs) and len(node.defaults) <= len(node.posonlyargs) + len(node.args)


def _right_class(node: ast.ClassDef) -> bool:
    # No class of classes.
    return bool(node.body) and (_is_enum(node.bases) or all(map(_is_plain_base, node.bases)))


def _right_function(node: ast.FunctionDef) -> bool:
    return bool(node.body) and all(map(is_wrapper, node.decorator_list)) and len(node.decorator_list) < 2


def _right_attribute(node: ast.Attribute) -> bool:
    # What a class says specially is asked by CPython alone, and by a class that derives from it.
    return not node.attr.startswith("__") or not node.attr.strip("_") or _is_super(node.value) or _is_harmless(node)


def _right_try(node: ast.Try) -> bool:
    return bool(node.body) and bool(node.handlers or node.finalbody) and bool(node.handlers or not node.orelse)


def _right_handler(node: ast.ExceptHandler) -> bool:
    # What stops an oracle is no Exception, and nothing may keep it from doing so.
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return bool(node.body) and all(isinstance(kind, ast.Name) and kind.id != "BaseException" for kind in kinds)


def _has_body(node: ast.For | ast.While | ast.If) -> bool:
    return bool(node.body)


# Class -> whether what its fields hold fits together.
_CHECKS: Mapping[type[ast.AST], Callable[[Any], bool]] = {
    ast.Compare: lambda node: len(node.ops) == len(node.comparators) > 0,
    ast.MatchClass: lambda node: len(node.kwd_attrs) == len(node.kwd_patterns),
    ast.BoolOp: lambda node: len(node.values) > 1,
    ast.Dict: lambda node: len(node.keys) == len(node.values),
    ast.arguments: _right_arguments,
    ast.ClassDef: _right_class,
    ast.FunctionDef: _right_function,
    ast.Attribute: _right_attribute,
    ast.For: _has_body,
    ast.While: _has_body,
    ast.If: _has_body,
    ast.Try: _right_try,
    ast.ExceptHandler: _right_handler,
}


def _read_value(found: Json) -> Any:
    match found:
        case None | bool() | str():
            return found
        case ["int", str(text)] if len(text) <= 2_000_000:
            return _number(int, text, 16)
        case ["float", str(text)]:
            return _number(float.fromhex, text)
        case ["complex", str(real), str(imaginary)]:
            return complex(_number(float.fromhex, real), _number(float.fromhex, imaginary))
        case ["bytes", str(text)]:
            return _number(bytes.fromhex, text)
        case ["..."]:
            return ...
        case _:
            _wrong(f"a constant {str(found)[:40]!r}")


def _number(parse: Callable[..., Any], text: str, *arguments: int) -> Any:
    try:
        return parse(text, *arguments)
    except (ValueError, OverflowError):
        _wrong(f"a constant {text[:40]!r}")


# Form -> the class of each node in a list of such.
_LISTS: Mapping[str, type[ast.AST]] = {f"{form}*": kind for form, kind in _KINDS.items()}
# Form -> what reads a field that holds no node of the table.
_READ: Mapping[str, Callable[[Json], Any]] = {
    "name": _name,
    "method": _method,
    "attribute": _attribute,
    "name?": lambda value: None if value is None else _name(value),
    "value": _read_value,
    "conversion": _conversion,
    "module": _module,
    "name*": lambda value: [_name(item) for item in _list(value)],
    "module*": lambda value: [_alias(item, _module) for item in _list(value)],
    "alias*": lambda value: [_alias(item, _name) for item in _list(value)],
}
