"""Functions as values: inner functions, lambdas with a name, functions of the module that are passed on.

Such a value is nothing at run time: its type says which function it is. An inner function becomes one of the module that gets the variables
it captures as further arguments, read where it is called. That is what its cells hold then, since it is called in the frame that they
belong to, or in one that got them from there: a function that captures is called by its name, and never stored, returned or passed on.
"""

from __future__ import annotations

import ast

from portalis.translator.frontend.calls.binder import parameters_of
from portalis.translator.frontend.facts.making import after
from portalis.translator.frontend.facts.model import Build, Fact, Known, Unknown
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.expressions.functions.arguments import bound_values
from portalis.translator.frontend.infer.expressions.functions.binding import Arguments, Binding
from portalis.translator.frontend.infer.expressions.functions.instances import construct
from portalis.translator.frontend.infer.expressions.functions.misfits import qualified_name
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_expression, refuse_statement
from portalis.translator.frontend.read.free_names import Definition, free_names, own_names
from portalis.translator.frontend.read.module_scope import InnerFunction
from portalis.translator.frontend.read.tree import bound_names, child_nodes, defaults_in_order, makes_generators, walk
from portalis.translator.ir.instances import class_named
from portalis.translator.ir.types import FunctionType


def infer_inner_function(infer: FunctionInference, node: ast.FunctionDef) -> None:
    """Infer `def` inside a function: its name stands for the function from here on."""
    if not infer.references:
        refuse_statement(infer, node)
        return
    infer.bind(node.name, _function_value(infer, node, node.name), node)


def infer_nonlocal(infer: FunctionInference, node: ast.Nonlocal) -> None:
    """Infer `nonlocal`, which says of names what is known before: their values are in cells of functions around this one."""
    if not all(name in infer.cells for name in node.names):
        refuse_statement(infer, node)


def infer_lambda(infer: FunctionInference, node: ast.Lambda, name: str = "") -> Fact:
    """Infer a lambda as a value; one that gets a `name` may capture variables."""
    if not infer.references:
        return refuse_expression(infer, node)
    value = _function_value(infer, node, name or "lambda")
    if not name and isinstance(value, Known) and captures(infer, value):
        return infer.refuse(
            "P0204",
            node,
            f"this lambda uses {', '.join(f'`{one}`' for one in captures(infer, value))} of the function around it, and is not called here",
            "pass what it needs as a parameter, or give it a name and call it by that",
        )
    return value


def module_function(infer: FunctionInference, node: ast.Name) -> Known:
    """Return a function of the module as a value."""
    return _value(infer, node, node.id)


def captures(infer: FunctionInference, value: Known) -> tuple[str, ...]:
    """Return the variables of other functions that a function reads, itself or by those that it calls, as far as they are known here."""
    found: dict[str, None] = {}
    pending = [value.type]
    while pending:
        type_ = pending.pop()
        inner = infer.names.scope.inner.get(type_.name) if isinstance(type_, FunctionType) else None
        for variable in inner.captured if inner is not None else ():
            if variable not in found:
                found[variable] = None
                binding = infer.live.names.get(variable)
                pending += [binding.type] if binding is not None else []
    return tuple(found)


def call_function_value(infer: FunctionInference, node: ast.Call, value: Known, arguments: Arguments) -> Fact:
    """Return the call of a function that is a value; what it captures is read here."""
    assert isinstance(value.type, FunctionType)
    if (owner := class_named(value.type)) is not None:
        return construct(infer, node, owner, arguments)
    scope, captured = infer.names.scope, captures(infer, value)
    name = _with_captured(infer, value.type.name, captured)
    if name is None:
        return infer.refuse(
            "P0207", node, "a name means one variable in this function and another in one that it calls", "rename one of them"
        )
    original = scope.definition(value.type.name)
    changing = set(captured) & changing_names(infer.unit.definition) if captured and makes_generators(original) else set()
    if changing:
        return infer.refuse(
            "P0207",
            node,
            f"a generator reads {', '.join(f'`{one}`' for one in sorted(changing))} of the function around it whenever it goes on",
            "pass it as a parameter",
        )
    found: dict[str, Known] = {}
    for variable in captured:
        fact = _captured(infer, node, variable)
        if isinstance(fact, Unknown):
            return fact
        found[variable] = fact
    binding = Binding(infer, node, parameters_of(original), qualified_name(scope, value.type.name), infer.expression)
    bound = bound_values(infer, binding, arguments)
    if not isinstance(bound, dict):
        return bound
    given = bound | found
    values = [given[parameter] for parameter in parameters_of(scope.definition(name)).order]
    result = call_specialised(infer, node, scope, name, values, [None] * len(values))
    return after(infer.span(node), binding.steps, result) if isinstance(result, Known) else result


def changing_names(definition: ast.FunctionDef | None) -> set[str]:
    """Return the names of a function that may get another value after they have one."""
    if definition is None:
        return set()
    found: dict[str, int] = dict.fromkeys(parameters_of(definition).order, 1)
    pending: list[tuple[ast.AST, bool]] = [(statement, False) for statement in definition.body]
    while pending:
        node, repeated = pending.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found[node.id] = found.get(node.id, 0) + 1 + repeated
        for name in bound_names(node):
            # What a pattern or a handler binds may have no value later.
            found[name] = found.get(name, 0) + 1 + (repeated or not isinstance(node, ast.FunctionDef))
        if isinstance(node, ast.Global | ast.Nonlocal):
            found |= dict.fromkeys(node.names, 2)
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            changed = [inner for inner in walk(node) if isinstance(inner, ast.Global | ast.Nonlocal)]
            pending += [(inner, repeated) for inner in (*defaults_in_order(node), *changed)]
            continue
        # The targets of a comprehension are its own.
        inside = [node.iter, *node.ifs] if isinstance(node, ast.comprehension) else child_nodes(node)
        pending += [(inner, repeated or isinstance(node, ast.For | ast.While)) for inner in inside]
    return {name for name, count in found.items() if count > 1}


def _captured(infer: FunctionInference, node: ast.Call, variable: str) -> Fact:
    binding = infer.live.names.get(variable)
    if binding is not None and binding.unknown is not None:
        return Unknown(binding.unknown.cause)
    if binding is None or binding.maybe or variable in infer.names.inner:
        return infer.refuse(
            "P0207",
            node,
            f"what is called here uses `{variable}` of the function around it, which may be another one here, or have no value",
            "pass it as a parameter",
        )
    return infer.load(variable, ast.copy_location(ast.Name(variable, ast.Load()), node))


def _value(infer: FunctionInference, node: ast.AST, name: str) -> Known:
    return Known(infer.span(node), FunctionType(name, ()), Build(()))


def _shown(name: str) -> str:
    return name.rpartition(".")[2]


def _function_value(infer: FunctionInference, node: Definition, name: str) -> Fact:
    given = node.args
    for default in (*given.defaults, *(one for one in given.kw_defaults if one is not None)):
        constant = default.operand if isinstance(default, ast.UnaryOp) else default
        if not isinstance(constant, ast.Constant):
            return infer.refuse("P0110", default, "a default of an inner function is translated where it is a constant", "pass the value")
    nonlocal_ = next((one for one in walk(node) if isinstance(one, ast.Global | ast.Await)), None)
    if nonlocal_ is not None:
        return infer.refuse("P0209", nonlocal_, "an inner function that changes names of others is not translated", "return the new value")
    return _value(infer, node, _lifted(infer, node, name))


def _lifted(infer: FunctionInference, node: Definition, name: str) -> str:
    """Return the name of an inner function among those of the module, where it is put when it is first met."""
    inner = infer.names.scope.inner
    key = f"line_{node.lineno}_{node.col_offset}.{name}"
    if key not in inner:
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)] if isinstance(node, ast.Lambda) else node.body
        definition = ast.FunctionDef(name=name, args=node.args, body=body, decorator_list=getattr(node, "decorator_list", []), returns=None)
        shown = "<lambda>" if isinstance(node, ast.Lambda) else name
        qualified = f"{_qualified_around(infer)}{shown}"
        inner[key] = InnerFunction(ast.copy_location(definition, node), captured_names(infer, node), qualified)
    return key


def _qualified_around(infer: FunctionInference) -> str:
    """Return what the names of functions inside this one begin with in CPython."""
    scope, around = infer.names.scope, infer.unit.definition
    for inner in scope.inner.values():
        if inner.definition is around:
            return f"{inner.qualified}.<locals>."
    name = next((name for name, one in scope.functions.items() if one is around), None)
    if name is None:
        owners = [one.name for one in scope.classes.values() if around in one.body]
        name = None if around is None else ".".join([*owners, around.name])
    return "" if name is None else f"{name}.<locals>."


def captured_names(infer: FunctionInference, node: Definition) -> tuple[str, ...]:
    """Return which variables of this function an inner one uses: of those in cells, the cells."""
    used = sorted(free_names(node) & infer.names.local)
    return tuple([infer.cells[name].kept_as if infer.cell(name) is not None else name for name in used])


def _with_captured(infer: FunctionInference, name: str, captured: tuple[str, ...]) -> str | None:
    """Return the name of a function of the module that gets what another captures as parameters; None where names would meet."""
    inner = infer.names.scope.inner
    if name not in inner or not captured:
        return name
    original = inner[name]
    own = own_names(original.definition)
    if any(variable.partition(".")[0] in own for variable in captured):
        return None
    owner, _, shown = name.rpartition(".")
    key = f"{owner}_with_{'_'.join(captured).replace('.', '_')}"
    while f"{key}.{shown}" in inner and inner[f"{key}.{shown}"].captured != captured:
        key += "_"
    key = f"{key}.{shown}"
    if key not in inner:
        node, given = original.definition, original.definition.args
        added = [ast.copy_location(ast.arg(variable), node) for variable in captured]
        args = ast.arguments(
            posonlyargs=given.posonlyargs,
            args=given.args,
            vararg=given.vararg,
            kwonlyargs=[*given.kwonlyargs, *added],
            kw_defaults=[*given.kw_defaults, *[None] * len(added)],
            kwarg=given.kwarg,
            defaults=given.defaults,
        )
        made = ast.FunctionDef(name=shown, args=args, body=node.body, decorator_list=node.decorator_list, returns=None)
        inner[key] = InnerFunction(ast.copy_location(made, node), captured, original.qualified)
    return key
