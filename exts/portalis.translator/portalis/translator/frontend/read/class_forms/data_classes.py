"""`@dataclass`: the methods that the decorator writes are written here instead, as the CPython that runs writes them.

What the decorator cannot be taken for plain (fields for keywords only, defaults that are made otherwise) stays as it is, and an instance of
such a class is refused. A class whose fields may hold itself remembers that its text is being written, since CPython leaves it out within.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portalis.translator.frontend.read.class_forms.inner.moving import prefix_of
from portalis.translator.frontend.read.python_version import running_version
from portalis.translator.frontend.read.tree import walk

_OPTIONS = frozenset(("order", "eq", "repr", "init", "unsafe_hash", "frozen"))
_FACTORIES = ("list", "dict", "set", "deque", "Counter", "OrderedDict")
_FLAGS = frozenset(("init", "repr", "compare"))
_ORDERS = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
# The field that tells whether the text of an instance is being written.
# Where the node of a class that was written out has its fields.
_FIELDS = "portalis_fields"
SHOWING = "_dataclass_is_shown"


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    default: str = ""
    factory: str = ""
    init: bool = True
    repr: bool = True
    compare: bool = True


def expand_data_classes(tree: ast.Module, qualified: Mapping[str, str]) -> None:
    """Write the methods of a module's data classes; the import goes where nothing else uses it.

    `qualified` says what CPython calls those that do not stand in the module themselves.
    """
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "dataclasses" and not node.level]
    plain = [node for node in tree.body if isinstance(node, ast.Import) and [(one.name, one.asname) for one in node.names] == [_MODULE]]
    names = {alias.name for node in imports for alias in node.names if alias.asname is None}
    if not (imports or plain) or _rebinds(tree):
        return
    if plain:
        _Undotted().visit(tree)
        names |= {"dataclass", "field"}
    known: dict[str, list[_Field]] = {}
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    stored = {node.attr for node in walk(tree) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)}
    anything = any(isinstance(node, ast.Name) and node.id == "setattr" for node in walk(tree))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and "dataclass" in names:
            fields = None if anything and _is_frozen(node) else _expand(node, known, own, stored, qualified)
            if fields is not None:
                known[node.name] = fields
    used = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    for statement in imports:
        statement.names = [
            alias for alias in statement.names if alias.asname or alias.name not in ("dataclass", "field") or alias.name in used
        ]
    gone = [node for node in imports if not node.names] + [node for node in plain if _MODULE[0] not in used]
    tree.body = [node for node in tree.body if node not in gone]


_MODULE = ("dataclasses", None)


class _Undotted(ast.NodeTransformer):
    """Names of the module that was imported, as if they were imported themselves."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Attribute(value=ast.Name(id="dataclasses"), attr="dataclass" | "field" as name):
                return ast.copy_location(ast.Name(name, ast.Load()), node)
        return node


def _rebinds(tree: ast.Module) -> bool:
    """Tell whether the names that the decorator is known by, or those in what is written for it, may mean something else."""
    taken = {"dataclass", "field", "dataclasses", "isinstance", "repr", "type", "hash", *_FACTORIES}
    # What a class's body binds, its methods do not see.
    inside = {id(item) for node in tree.body if isinstance(node, ast.ClassDef) for item in node.body}
    inside |= {
        id(item.target) for node in tree.body if isinstance(node, ast.ClassDef) for item in node.body if isinstance(item, ast.AnnAssign)
    }
    # What a function binds for itself, no class outside it sees.
    functions = [node for node in walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    for function in functions:
        below = [node for node in walk(function) if node is not function]
        if not any(isinstance(node, ast.ClassDef | ast.Global) for node in below):
            inside.update(map(id, below))
    for node in walk(tree):
        if id(node) in inside:
            continue
        bound = getattr(node, "name", None) or getattr(node, "arg", None)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound = node.id
        if bound in taken and not isinstance(node, ast.alias | ast.keyword):
            return True
    return False


def _is_frozen(node: ast.ClassDef) -> bool:
    return (_options(node) or {}).get("frozen", False)


def _expand(
    node: ast.ClassDef, known: dict[str, list[_Field]], own: set[str], stored: set[str], qualified: Mapping[str, str]
) -> list[_Field] | None:
    options = _options(node)
    bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in own]
    if options is None or any(base not in known for base in bases) or len(bases) > 1:
        return None
    methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    found: dict[str, _Field] = {one.name: one for base in bases for one in known[base]}
    recursive = bool(bases)
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and not _is_of_class(item):
            one = _field(item.target.id, item, own)
            if one is None:
                return None
            found[one.name] = one
            recursive = recursive or any(_mentions(inner, own) for inner in ast.walk(item.annotation))
    fields = list(found.values())
    defaults = [bool(one.default or one.factory) for one in fields if one.init]
    clash = options.get("order", False) and methods & _ORDERS.keys()
    if defaults != sorted(defaults) or clash or not options.get("init", True) or found.keys() & methods:
        return None
    if options.get("frozen", False) and found.keys() & stored:
        return None
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.value, ast.Call):
            item.value = next((keyword.value for keyword in item.value.keywords if keyword.arg == "default"), None)
        # Of the class itself nobody asks for what is no number or text.
        if isinstance(item, ast.AnnAssign) and not isinstance(item.value, ast.Constant | ast.UnaryOp) and not _is_of_class(item):
            item.value = None
    text = "\n".join(_methods(prefix_of(qualified, node.name), fields, options, recursive, methods))
    written = ast.parse(f"class {node.name}:\n{text or '    pass'}").body[0]
    assert isinstance(written, ast.ClassDef)
    for made in written.body:
        for inner in ast.walk(made):
            if "lineno" in inner._attributes:
                ast.copy_location(inner, node)
    node.body = [*node.body, *written.body]
    node.decorator_list = []
    if all(one.init for one in fields):
        setattr(node, _FIELDS, tuple([one.name for one in fields]))
    return fields


def fields_of(node: ast.ClassDef) -> Sequence[str] | None:
    """Return the fields of a data class that was written out, where its `__init__` takes all; None of any other class."""
    found: Sequence[str] | None = getattr(node, _FIELDS, None)
    return found


def _is_of_class(item: ast.AnnAssign) -> bool:
    """Tell whether a declaration is of the class, and of no instance."""
    named = item.annotation.value if isinstance(item.annotation, ast.Subscript) else item.annotation
    return (isinstance(named, ast.Name) and named.id == "ClassVar") or (isinstance(named, ast.Attribute) and named.attr == "ClassVar")


def _mentions(node: ast.AST, own: set[str]) -> bool:
    return (isinstance(node, ast.Name) and (node.id in own or node.id in ("Any", "object"))) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _options(node: ast.ClassDef) -> dict[str, bool] | None:
    """Return what the decorator is told; None where the class has none, or it is told more than is known here."""
    match node:
        case ast.ClassDef(decorator_list=[ast.Name(id="dataclass")], keywords=[]):
            return {}
        case ast.ClassDef(decorator_list=[ast.Call(func=ast.Name(id="dataclass"), args=[], keywords=keywords)], keywords=[]):
            told = {keyword.arg or "": keyword.value for keyword in keywords}
            plain = {name: value.value for name, value in told.items() if isinstance(value, ast.Constant) and isinstance(value.value, bool)}
            odd = plain.get("order", False) and not plain.get("eq", True)
            return plain if plain.keys() == told.keys() and plain.keys() <= _OPTIONS and not odd else None
        case _:
            return None


def _field(name: str, item: ast.AnnAssign, own: set[str]) -> _Field | None:
    annotation = ast.unparse(item.annotation)
    if any(word in annotation for word in ("ClassVar", "InitVar", "KW_ONLY")):
        return None
    match item.value:
        case None:
            return _Field(name)
        case ast.Call(func=ast.Name(id="field"), args=[], keywords=keywords):
            return _told_field(name, keywords, own)
        case value if _is_plain(value):
            return _Field(name, ast.unparse(value))
        case _:
            return None


def _told_field(name: str, keywords: list[ast.keyword], own: set[str]) -> _Field | None:
    """Return a field of which `field(…)` says more."""
    told = {keyword.arg or "": keyword.value for keyword in keywords}
    flags = {key: value.value for key, value in told.items() if isinstance(value, ast.Constant) and isinstance(value.value, bool)}
    flags = {key: value for key, value in flags.items() if key in _FLAGS}
    default, factory = told.get("default"), told.get("default_factory")
    if told.keys() - flags.keys() - {"default", "default_factory"} or (
        default is not None and (factory is not None or not _is_plain(default))
    ):
        return None
    made = ""
    match factory:
        case None:
            pass
        case ast.Name(id=kind) if kind in _FACTORIES or kind in own:
            made = f"{kind}()"
        case ast.Lambda(args=ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kwarg=None), body=body) if not any(
            isinstance(inner, ast.Lambda | ast.NamedExpr) for inner in ast.walk(body)
        ):
            made = ast.unparse(body)
        case _:
            return None
    return _Field(name, "" if default is None else ast.unparse(default), made, **flags)


def _is_plain(node: ast.expr) -> bool:
    match node:
        case ast.Name() | ast.Attribute(value=ast.Name()):
            return True
        case ast.Tuple(elts=elements):
            return all(map(_is_plain, elements))
        case ast.BinOp(left=left, right=right):
            return _is_plain(left) and _is_plain(right)
    try:
        return isinstance(ast.literal_eval(node), bool | int | float | str | None)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def _methods(prefix: str, fields: list[_Field], options: dict[str, bool], recursive: bool, taken: set[str]) -> Iterator[str]:
    yield f"    __match_args__ = ({''.join(f'{one.name!r}, ' for one in fields if one.init)})"
    if "__init__" not in taken:
        yield from _init(fields, recursive, "__post_init__" in taken)
    if options.get("repr", True) and "__repr__" not in taken:
        yield from _repr(prefix, [one.name for one in fields if one.repr], recursive and "__init__" not in taken)
    compared = [one.name for one in fields if one.compare]
    own, other = (f"({', '.join(f'{of}.{one}' for one in compared)}{',' * (len(compared) == 1)})" for of in ("self", "other"))
    for special, symbol in {"__eq__": "==", **(_ORDERS if options.get("order") else {})}.items():
        if special in taken or (special == "__eq__" and not options.get("eq", True)):
            continue
        fieldwise = special == "__eq__" and running_version() >= (3, 13)
        yield f"    def {special}(self, other):"
        if fieldwise:
            yield "        if self is other:\n            return True"
        yield "        if type(other) is not type(self):\n            return NotImplemented"
        pairs = " and ".join(f"self.{one} == other.{one}" for one in compared) or "True"
        yield f"        return {pairs if fieldwise else f'{own} {symbol} {other}'}"
    if options.get("unsafe_hash") or (options.get("frozen") and options.get("eq", True) and "__hash__" not in taken):
        yield f"    def __hash__(self):\n        return hash({own})"


def _init(fields: list[_Field], recursive: bool, continued: bool) -> Iterator[str]:
    # NotImplemented, which nobody passes, stands for what is not passed where a factory makes it.
    defaults = {one.name: "NotImplemented" if one.factory else one.default for one in fields}
    given = "".join(f", {one.name}" + (f"={defaults[one.name]}" if defaults[one.name] else "") for one in fields if one.init)
    yield f"    def __init__(self{given}):"
    for one in fields:
        if one.factory and one.init:
            yield f"        if {one.name} is NotImplemented:\n            self.{one.name} = {one.factory}"
            yield f"        else:\n            self.{one.name} = {one.name}"
        elif one.factory or one.init or one.default:
            yield f"        self.{one.name} = {one.factory or (one.name if one.init else one.default)}"
    if recursive:
        yield f"        self.{SHOWING} = False"
    if continued:
        yield "        self.__post_init__()"
    if not fields and not recursive and not continued:
        yield "        pass"


def _repr(prefix: str, fields: list[str], recursive: bool) -> Iterator[str]:
    """Write the text of an instance, which begins with the class's qualified name: whatever derives from it has the same prefix."""
    shown = " + ', ' + ".join(f"'{one}=' + repr(self.{one})" for one in fields)
    named = f"{prefix!r} + type(self).__name__" if prefix else "type(self).__name__"
    text = f"{named} + '(' + {shown + ' + ' if shown else ''}')'"
    yield "    def __repr__(self):"
    if not recursive:
        yield f"        return {text}"
        return
    yield f"        if self.{SHOWING}:\n            return '...'\n        self.{SHOWING} = True"
    yield f"        text = {text}\n        self.{SHOWING} = False\n        return text"
