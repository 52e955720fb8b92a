"""What an expression is that is gone over: whether it gives an object, or is gone over where it is consumed."""

from __future__ import annotations

import ast

from portalis.translator.frontend.infer.expressions.attributes import standard_name
from portalis.translator.frontend.infer.expressions.standard.streams import STREAMS
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.tree import makes_generators
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import class_named
from portalis.translator.ir.types import FunctionType

GOING = ("range", "enumerate", "zip", "reversed", "map", "filter")


def is_builtin(infer: FunctionInference, node: ast.expr, *names: str) -> bool:
    """Tell whether an expression calls one of these built-ins."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and not infer.shadows(node.func.id)


def standard_stream(infer: FunctionInference, node: ast.expr) -> str | None:
    """Return which function of `itertools` or the like an expression calls; None for anything else."""
    name = standard_name(infer, node.func) if isinstance(node, ast.Call) else None
    return name if name in STREAMS else None


def fuses(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether what an expression gives is never an object: it is gone over where it is consumed."""
    return (
        isinstance(node, ast.GeneratorExp)
        or is_builtin(infer, node, *GOING)
        or is_view(node)
        or standard_stream(infer, node) is not None
        or gives_generator(infer, node)
    )


def gives_generator(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression certainly is a generator: the call of a function that makes them, or a name."""
    if not infer.references:
        return False
    match node:
        case ast.Name(id=name):
            binding = infer.live.names.get(name)
            return binding is not None and is_generator(binding.type)
        case ast.Call(func=ast.Name(id=name)):
            binding, scope = infer.live.names.get(name), infer.names.scope
            if binding is not None and isinstance(binding.type, FunctionType) and class_named(binding.type) is None:
                return makes_generators(scope.definition(binding.type.name))
            return name not in infer.names.local and name in scope.functions and makes_generators(scope.functions[name])
    return False


def is_view(node: ast.expr) -> bool:
    """Tell whether an expression calls a method with the name of one that gives a view of a dict."""
    match node:
        case ast.Call(func=ast.Attribute(attr="keys" | "values" | "items"), args=[], keywords=[]):
            return True
    return False
