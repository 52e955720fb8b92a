"""Functions that are no functions of the source, as values: built-ins, functions of Python's modules, methods that are bound.

A function is written for each, which calls it with whatever it is given: so they are called, kept and passed on as any other. Its name
begins as none in the source can.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from portalis.translator.frontend.facts.model import Build, Fact, Known, Unknown
from portalis.translator.frontend.infer.expressions.functions.arguments import arguments_of
from portalis.translator.frontend.infer.expressions.functions.closures import make_closure
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.module_scope import InnerFunction
from portalis.translator.ir.closures import is_callable
from portalis.translator.ir.types import TEXT, FunctionType, Type

# Built-ins that a program may keep: they go over nothing that outlives their call, and their rows or handlers take evaluated arguments.
STANDING = frozenset((
    "abs", "all", "any", "bin", "bool", "chr", "divmod", "float", "hex", "int", "len", "list", "max", "min", "oct", "ord", "pow", "print",
    "repr", "round", "set", "sorted", "str", "sum", "tuple",
))  # fmt: skip
_RECEIVER = "@receiver"
# What is passed on.
_FURTHER: list[ast.expr] = [ast.Starred(ast.Name("@args", ast.Load()), ast.Load())]
_NAMED = [ast.keyword(None, ast.Name("@named", ast.Load()))]


def builtin_value(infer: FunctionInference, node: ast.expr, name: str) -> Known | None:
    """Return a built-in as a value; None where it has no translation as one."""
    if not infer.references or name not in STANDING:
        return None
    returned = ast.Return(ast.Call(ast.Name(name, ast.Load()), _FURTHER, _NAMED))
    return _value(infer, node, _written(infer, node, f"built-in.{name}", name, [returned], []))


def standard_function(infer: FunctionInference, node: ast.expr, dotted: str) -> Known | None:
    """Return a function of one of Python's modules as a value."""
    if not infer.references:
        return None
    module, _, name = dotted.partition(".")
    importing = ast.ImportFrom(module=module, names=[ast.alias(name)], level=0)
    returned = ast.Return(ast.Call(ast.Name(name, ast.Load()), _FURTHER, _NAMED))
    return _value(infer, node, _written(infer, node, f"kept-{module}.{name}", name, [importing, returned], []))


def method_of_text(infer: FunctionInference, node: ast.Attribute) -> Known | None:
    """Return `str.upper` and its like as a value: its first argument is the text; None where str has no such method."""
    if not callable(getattr(str, node.attr, None)) or node.attr.startswith("_"):
        return None
    text = ast.Name("@text", ast.Load())
    is_text = ast.Call(ast.Name("isinstance", ast.Load()), [text, ast.Name("str", ast.Load())], [])
    called = ast.Call(ast.Attribute(text, node.attr, ast.Load()), _FURTHER, _NAMED)
    # Of what is no text there is no translation: an object of another class may have such a method.
    chosen = ast.IfExp(is_text, called, ast.Attribute(text, f"{node.attr} of str", ast.Load()))
    return _value(infer, node, _written(infer, node, f"of-str.{node.attr}", node.attr, [ast.Return(chosen)], ["@text"]))


def method_of_class(infer: FunctionInference, node: ast.Attribute, owner: str) -> Known:
    """Return `Item.cost`, a method of a class of the source, as a value."""
    returned = ast.Return(ast.Call(ast.Attribute(ast.Name(owner, ast.Load()), node.attr, ast.Load()), _FURTHER, _NAMED))
    return _value(infer, node, _written(infer, node, f"of-{owner}.{node.attr}", node.attr, [returned], []))


# The methods of objects that may be kept: whatever CPython's class has by that name.
_CLASSES: dict[str, type] = {one.__name__: one for one in (str, list, dict, set, frozenset, tuple)}


def called_of_class(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> tuple[ast.Call, ast.Attribute, str] | None:
    """Return `str.upper(text)` as the call `text.upper()`, with what is called and the class; None for what is no method of a class."""
    match function.value, node.args:
        case ast.Name(id=name), [first, *rest] if infer.references and name in _CLASSES and not isinstance(first, ast.Starred):
            if infer.shadows(name) or isinstance(vars(_CLASSES[name]).get(function.attr), classmethod | staticmethod | None):
                return None
            infer.names.scope.visited.update((id(function), id(function.value)))
            called = ast.copy_location(ast.Attribute(first, function.attr, ast.Load()), function)
            return ast.copy_location(ast.Call(called, rest, node.keywords), node), called, name
        case _:
            return None


def names_text(infer: FunctionInference, node: ast.Name) -> bool:
    """Tell whether a name is that of the class str, or of a text."""
    binding = infer.live.names.get(node.id)
    return binding.type == TEXT if binding is not None else node.id == "str" and not infer.shadows("str")


def is_method(type_: Type, name: str) -> bool:
    """Tell whether objects of a type have a method of a name that may be kept."""
    owner = _CLASSES.get(type_.python_class)
    return owner is not None and not name.startswith("_") and callable(getattr(owner, name, None))


def bound_method(infer: FunctionInference, node: ast.Attribute, receiver: Known) -> Fact:
    """Return a method of an object as a value, which calls it on that object."""
    function = ast.Attribute(ast.Name(_RECEIVER, ast.Load()), node.attr, ast.Load())
    key = f"line_{node.lineno}_{node.end_col_offset}.{node.attr}"
    returned = ast.Return(ast.Call(function, _FURTHER, _NAMED))
    return make_closure(infer, node, _written(infer, node, key, node.attr, [returned], [], _RECEIVER), {_RECEIVER: receiver})


def infer_partial(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `functools.partial(function, …)`: what calls it with these arguments before and beside what it is given."""
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if not arguments.args or not is_callable(arguments.args[0].type):
        return infer.refuse("P0309", node, "`partial` is translated of functions", "pass a function, and what it gets first")
    function, *args = arguments.args
    keywords = arguments.keywords
    names = [f"@given_{index}" for index in range(len(args))]
    captured = {"@function": function} | dict(zip(names, args, strict=True)) | {f"@named_{name}": value for name, value in keywords.items()}
    given: list[ast.expr] = [*[ast.Name(name, ast.Load()) for name in names], *_FURTHER]
    named = [*[ast.keyword(name, ast.Name(f"@named_{name}", ast.Load())) for name in keywords], *_NAMED]
    returned = ast.Return(ast.Call(ast.Name("@function", ast.Load()), given, named))
    key = f"line_{node.lineno}_{node.col_offset}_{node.end_col_offset}.partial"
    return make_closure(infer, node, _written(infer, node, key, "partial", [returned], [], *captured), captured)


def _value(infer: FunctionInference, node: ast.AST, key: str) -> Known:
    return Known(infer.span(node), FunctionType(key, ()), Build(()))


def _written(
    infer: FunctionInference, node: ast.expr, key: str, name: str, body: Sequence[ast.stmt], parameters: Sequence[str], *captured: str
) -> str:
    """Return the name of a function with this body, which has its further arguments in `@args` and `@named`."""
    inner = infer.names.scope.inner
    if key not in inner:
        args = ast.arguments([], [ast.arg(one) for one in parameters], ast.arg("@args"), [], [], ast.arg("@named"), [])
        definition = copy.deepcopy(ast.FunctionDef(name=name, args=args, body=list(body), decorator_list=[], returns=None))
        for one in ast.walk(definition):
            if "lineno" in one._attributes:
                ast.copy_location(one, node)
        inner[key] = InnerFunction(definition, captured, name)
    return key
