"""Calls of built-ins by their names."""

from __future__ import annotations

import ast

from portalis.translator.diagnostics.spelling import did_you_mean, forgotten
from portalis.translator.frontend.calls.binder import Misfit
from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.rows import call_row
from portalis.translator.frontend.facts.model import Fact, Known, Unknown, first_unknown
from portalis.translator.frontend.infer.expressions.comprehensions import consumer_of, infer_dict
from portalis.translator.frontend.infer.expressions.functions.arguments import arguments_of
from portalis.translator.frontend.infer.expressions.functions.instances import (
    call_callable,
    call_hash,
    call_subclass,
    call_type,
    said_of_instance,
)
from portalis.translator.frontend.infer.expressions.functions.named.attributes import infer_by_name
from portalis.translator.frontend.infer.expressions.objects.advancing import advancing
from portalis.translator.frontend.infer.expressions.objects.dicts import dict_of_names
from portalis.translator.frontend.infer.expressions.objects.either import call_of_either
from portalis.translator.frontend.infer.expressions.objects.octets import make_octets
from portalis.translator.frontend.infer.expressions.objects.sets import make_set
from portalis.translator.frontend.infer.expressions.objects.views import length_of_view
from portalis.translator.frontend.infer.expressions.standard.ordering import extreme_of
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.at_import.tables import import_of
from portalis.translator.frontend.types.references.building import list_of
from portalis.translator.frontend.types.sequences import make_tuple

# What asks of a value which class it is of, or of a class.
_ABOUT_CLASSES = {"callable": call_callable, "hash": call_hash, "type": call_type, "issubclass": call_subclass}


def call_builtin(infer: FunctionInference, node: ast.Call, name: str) -> Fact:
    """Infer the call of a built-in, or refuse a name that is none."""
    if (of_either := call_of_either(infer, node, name)) is not None:
        return of_either
    consume = consumer_of(infer, node, name) or advancing(infer, node, name)
    if consume is not None:
        return consume(infer, node)
    if infer.references and (made := _made(infer, node, name)) is not None:
        return made
    if name in _ABOUT_CLASSES and (about := _ABOUT_CLASSES[name](infer, node)) is not None:
        return about
    row = BUILTINS.get(name)
    if row is None:
        arguments = arguments_of(infer, node)
        if isinstance(arguments, Unknown):
            return arguments
        known = {*BUILTINS, *infer.names.scope.functions, *infer.names.scope.classes}
        help_ = did_you_mean(name, known, "define the function in this file, or check its spelling")
        return infer.refuse("P0301", node, f"the name `{name}` is not defined", forgotten(import_of(name, called=True), help_))
    if name in ("getattr", "hasattr", "setattr") and (named := infer_by_name(infer, node, name)) is not None:
        return named
    if row.refused is not None and row.refused.code != "P0224":
        for argument in node.args:
            infer.expression(argument)
        return infer.refuse(row.refused.code, node, row.refused.message, row.refused.help)
    if row.evaluated is not None and len(node.args) == row.evaluated + 1 and not node.keywords:
        values = [infer.expression(argument) for argument in node.args[: row.evaluated]]
        unknown = first_unknown(*values)
        return unknown if unknown is not None else call_row(infer, node, row, [one for one in values if isinstance(one, Known)], {})
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    said = None if arguments.keywords else said_of_instance(infer, node, name, arguments.args)
    if said is None and infer.references and not arguments.keywords:
        said = extreme_of(infer, node, name, arguments.args)
    if said is not None:
        return said
    if row.refused is not None:
        return infer.refuse(row.refused.code, node, row.refused.message, row.refused.help)
    if row.evaluated is not None:
        assert row.refuse is not None
        return row.refuse(infer, node, row, arguments.args, Misfit("keyword" if arguments.keywords else "missing"))
    return call_row(infer, node, row, arguments.args, arguments.keywords)


def _made(infer: FunctionInference, node: ast.Call, name: str) -> Fact | None:
    """Return what is made of no argument, or of names alone; None where a call does something else."""
    bare = not node.args and not node.keywords
    if name == "tuple" and bare:
        return make_tuple(infer, node, [])
    if name == "dict" and bare:
        return infer_dict(infer, ast.copy_location(ast.Dict([], []), node))
    if name == "len" and len(node.args) == 1 and not node.keywords:
        return length_of_view(infer, node)
    if name == "dict" and node.keywords and len(node.args) < 2:
        return dict_of_names(infer, node)
    if name == "list" and bare:
        return list_of(infer, node, [])
    if name in ("bytes", "bytearray"):
        return make_octets(infer, node, changing=name == "bytearray")
    return make_set(infer, node, frozen=name == "frozenset") if name in ("set", "frozenset") and bare else None
