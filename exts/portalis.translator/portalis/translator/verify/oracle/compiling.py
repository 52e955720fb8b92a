"""An accepted module as the code that an oracle executes, made by a process that executes none of it.

The judge builds the tree anew from its text, rewrites it and has CPython compile it, once for all the oracles of a job; an oracle that is
forked for one text would copy the pages that all this touches.
"""

from __future__ import annotations

import ast
import marshal
from collections.abc import Iterable
from types import CodeType

from portalis.translator.syntax import AcceptedCall, NotAccepted, read
from portalis.translator.verify.oracle.answers import bounded
from portalis.translator.verify.oracle.messages import CompiledModule, ImportFailure, Place
from portalis.translator.verify.oracle.rewriting import CountedDepth, CountedSteps, NotedBranches, PowerCalls
from portalis.translator.work.link import OracleFailure


def compile_accepted(
    text: str, path: str, *, recursive: Iterable[str] = (), places: Iterable[Place] = (), drifts: bool = False
) -> CompiledModule | ImportFailure:
    """Compile a module that `syntax.write` wrote; an ImportFailure where CPython cannot, OracleFailure where the text is none.

    `recursive` names its recursive functions, `places` the decisions whose ways are noted; `drifts` says that it is executed a second time,
    with the platform's own library.
    """
    try:
        accepted = read(text)
    except NotAccepted as error:
        raise OracleFailure(f"what an oracle is to load cannot be read: {error}") from None
    raises = _raise_lines(accepted.module)
    try:
        code, decisions = compile_tree(accepted.module, path, recursive, places)
        examples = marshal.dumps(tuple([_compile_call(call) for call in accepted.examples]))
    except SystemError as error:
        raise OracleFailure(f"what an oracle is to load cannot be compiled: {error}") from error
    except Exception as error:
        return ImportFailure(getattr(error, "lineno", None) or 1, bounded(f"{type(error).__name__}: {error}"))
    return CompiledModule(code, drifts, examples, raises, decisions)


def compile_tree(tree: ast.Module, path: str, recursive: Iterable[str] = (), places: Iterable[Place] = ()) -> tuple[bytes, tuple[int, ...]]:
    """Return a tree, which is changed on the way, as marshalled code, and which of the decisions it has."""
    noted = NotedBranches(places)
    tree = CountedSteps().visit(noted.visit(tree))
    if recursive := tuple(recursive):
        tree = CountedDepth(recursive).visit(tree)
    tree = PowerCalls().visit(tree)
    return marshal.dumps(compile(tree, path, "exec", dont_inherit=True)), tuple(sorted(noted.found))


def _compile_call(call: AcceptedCall) -> tuple[tuple[CodeType, ...], tuple[tuple[str, CodeType], ...]]:
    return tuple(map(_compile_expression, call.args)), tuple([(name, _compile_expression(value)) for name, value in call.kwargs])


def _compile_expression(expression: ast.expr) -> CodeType:
    code = compile(ast.Expression(expression), "<example>", "eval", dont_inherit=True)
    assert isinstance(code, CodeType)
    return code


def _raise_lines(tree: ast.Module) -> tuple[int, ...]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Raise))
    return tuple(sorted({line for node in found for line in range(node.lineno, (node.end_lineno or 0) + 1)}))
