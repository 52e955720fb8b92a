"""Functions as values: inner functions, lambdas, functions of the module that are passed on.

Such a value is nothing at run time: its type says which function it is. An inner function becomes one of the module that gets the variables
it captures as further arguments. As long as it is called by its name, they are read where it is called: that is what its cells hold then.
Where it is used otherwise, a closure is made (`closures.py`) of variables that nobody assigns any more, or of the cells that hold them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from portalis.translator.frontend.calls.binder import names_of, parameters_of
from portalis.translator.frontend.facts.making import after, hold, is_simple, once
from portalis.translator.frontend.facts.model import Build, Evaluated, Fact, Known, Step, Unknown, Unreached
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.expressions.functions.arguments import bound_values
from portalis.translator.frontend.infer.expressions.functions.binding import Arguments, Binding
from portalis.translator.frontend.infer.expressions.functions.closures import captured_by, evaluated_decorator, make_closure
from portalis.translator.frontend.infer.expressions.functions.instances import call_instance, can_be_called, construct
from portalis.translator.frontend.infer.expressions.functions.stars.misfits import misfit_message, qualified_name
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.escaping import changing_names
from portalis.translator.frontend.infer.refused import refuse_expression, refuse_statement
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.at_import.decorators import is_decorated, is_wraps
from portalis.translator.frontend.read.free_names import Definition, free_names, own_names
from portalis.translator.frontend.read.module_scope import InnerFunction
from portalis.translator.frontend.read.tree import defaults_in_order, makes_generators, stored_names, walk
from portalis.translator.frontend.types.unions.mistakes import Mistake
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.closures import closure_key, function_of, is_callable
from portalis.translator.ir.instances import class_named, is_instance
from portalis.translator.ir.types import NEVER, NONE, TEXT, FunctionType, Type, UnionType, members_of


def infer_inner_function(infer: FunctionInference, node: ast.FunctionDef) -> None:
    """Infer `def` inside a function: its name stands for the function from here on."""
    if not infer.references:
        refuse_statement(infer, node)
        return
    decorators = node.decorator_list
    if not all(map(_is_constant, defaults_in_order(node))):
        decorators = [one if is_wraps(infer.names.scope, one) else evaluated_decorator(infer, one) for one in decorators]
    value = _function_value(infer, node, node.name, stands_alone=True)
    if isinstance(value, Known) and (node.decorator_list or infer.cell(node.name) is not None):
        value = as_closure(infer, node, value)
    for decorator in reversed(decorators):
        value = value if isinstance(value, Unknown) else decorated(infer, decorator, value)
    infer.bind(node.name, value, node)


def decorated(infer: FunctionInference, decorator: ast.expr, value: Known) -> Fact:
    """Return what a decorator makes of a function; `wraps` changes nothing that is translated."""
    if is_wraps(infer.names.scope, decorator):
        return value
    infer.names.scope.visited.add(id(decorator))
    name = ast.copy_location(ast.Name("@decorated", ast.Load()), decorator)
    infer.replaced[id(name)] = lambda: value
    found = infer.expression(ast.copy_location(ast.Call(decorator, [name], []), decorator))
    infer.replaced.pop(id(name), None)
    if isinstance(found, Known) and not is_callable(found.type):
        return infer.refuse("P0218", decorator, f"this decorator gives {found.type}, which is no function", "call it by its name")
    return found


def infer_nonlocal(infer: FunctionInference, node: ast.Nonlocal) -> None:
    """Infer `nonlocal`, which says of names what is known before: their values are in cells of functions around this one."""
    if not all(name in infer.cells for name in node.names):
        refuse_statement(infer, node)


def infer_global(infer: FunctionInference, node: ast.Global) -> None:
    """Infer `global`, which says of names what is known before: they are the module's state, or only read."""
    definition = infer.unit.definition
    stored = set[str]() if definition is None else set[str]().union(*map(stored_names, definition.body))
    if not all((cell := infer.cells.get(name)) is not None and cell.is_module for name in node.names if name in stored):
        refuse_statement(infer, node)


def infer_lambda(infer: FunctionInference, node: ast.Lambda, name: str = "") -> Fact:
    """Infer a lambda as a value; one that gets a `name` may capture variables."""
    if not infer.references:
        return refuse_expression(infer, node)
    value = _function_value(infer, node, name or "lambda", stands_alone=bool(name))
    kept = not name or infer.cell(name) is not None
    return as_closure(infer, node, value, infer.names.fixed) if kept and isinstance(value, Known) else value


def as_closure(infer: FunctionInference, node: ast.expr | ast.stmt, value: Known, fixed: frozenset[str] = frozenset()) -> Fact:
    """Return a function that is used otherwise than to be called by its name: with what it captured, if it captured anything.

    `fixed` are variables of a lambda around it that it sees where it is made.
    """
    if isinstance(value.type, UnionType) and any(captures(infer, replace(value, type=member)) for member in value.type.members):
        return by_member(infer, node, [value], lambda parts: as_closure(infer, node, parts[0]), lambda types: None)
    if not isinstance(value.type, FunctionType) or not captures(infer, value):
        return value
    name = value.type.name
    found: dict[str, Known] = {}
    pending = list(infer.names.scope.inner[name].captured)
    while pending:
        variable = pending.pop(0)
        if variable in found:
            continue
        fact = _captured(infer, node, variable, fixed)
        if isinstance(fact, Known) and isinstance(fact.type, FunctionType) and captures(infer, fact):
            if name in (fact.type.name, *_called_by(infer, fact.type)):
                # They call one another: what it captured is captured here, too.
                pending += infer.names.scope.inner[fact.type.name].captured
            else:
                fact = as_closure(infer, node, fact)
        if isinstance(fact, Unknown):
            return fact
        found[variable] = fact
    changing = [variable for variable in found if variable not in fixed and variable in changing_names(infer.unit.definition)]
    if changing:
        shown = ", ".join(f"`{one}`" for one in changing)
        return infer.refuse("P0207", node, f"a function that is kept reads {shown}, which may get other values", "pass it as a parameter")
    return make_closure(infer, node, name, found)


def _called_by(infer: FunctionInference, type_: FunctionType) -> set[str]:
    """Return the names of the inner functions that an inner function captures, and of those that these capture."""
    found: set[str] = set()
    pending = [type_.name]
    while pending:
        inner = infer.names.scope.inner.get(pending.pop())
        for variable in inner.captured if inner is not None else ():
            binding = infer.live.names.get(variable)
            if binding is not None and isinstance(binding.type, FunctionType) and binding.type.name not in found:
                found.add(binding.type.name)
                pending.append(binding.type.name)
    return found


def module_function(infer: FunctionInference, node: ast.Name) -> Fact:
    """Return a function of the module as a value; one that is decorated is what the decorators make of it."""
    scope = infer.names.scope
    definition = scope.functions[node.id]
    value: Fact = _value(infer, node, node.id)
    # It is named: there it has to be, though nothing may call it.
    scope.visited.add(id(definition))
    if not is_decorated(scope, definition):
        return value
    with infer.apart(Names(scope, frozenset(), infer.names.expanding)):
        for decorator in reversed(definition.decorator_list):
            value = value if isinstance(value, Unknown) else decorated(infer, decorator, value)
    if isinstance(value, Known) and any(_keeps_state(infer, member, set()) for member in members_of(value.type)):
        return infer.refuse(
            "P0218",
            definition.decorator_list[0],
            f"what decorates `{node.id}` keeps something that changes from call to call",
            "keep it in a variable of the function that calls it",
        )
    return value


def _keeps_state(infer: FunctionInference, type_: Type, seen: set[str]) -> bool:
    """Tell whether a function captured what can change, itself or by the functions that it captured: it would be made anew for each use."""
    key = closure_key(type_)
    if key is None or key in seen:
        return key is None and not isinstance(type_, FunctionType) and (type_.refers and type_ != TEXT)
    seen.add(key)
    fields = infer.unit.specialiser.sites.fields.get(key, {}).values()
    return any(_keeps_state(infer, member, seen) for held in fields for member in members_of(held))


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
    """Return the call of a value that may be a function; what it captures is read here."""
    if isinstance(value.type, UnionType):
        return _call_one_of(infer, node, value, arguments)
    if value.type == NEVER:
        return after(infer.span(node), [Evaluated(value.span, value)], Known(infer.span(node), NEVER, Unreached()))
    if is_instance(value.type):
        return call_instance(infer, node, value, arguments)
    if not isinstance(value.type, FunctionType):
        steps: list[Step] = []
        held = once(infer, value, "function", steps)
        found = captured_by(infer, node, held)
        key = closure_key(value.type)
        assert key is not None
        result = found if isinstance(found, Unknown) else _invoke(infer, node, function_of(key), found, arguments)
        return after(infer.span(node), steps, result) if isinstance(result, Known) else result
    if (owner := class_named(value.type)) is not None:
        return construct(infer, node, owner, arguments)
    captured = captures(infer, value)
    generates = bool(captured) and makes_generators(infer.names.scope.definition(value.type.name))
    changing = set(captured) & changing_names(infer.unit.definition) if generates else set()
    if changing:
        return infer.refuse(
            "P0207",
            node,
            f"a generator reads {', '.join(f'`{one}`' for one in sorted(changing))} of the function around it whenever it goes on",
            "pass it as a parameter",
        )
    facts: dict[str, Known] = {}
    for variable in captured:
        fact = _captured(infer, node, variable)
        if isinstance(fact, Unknown):
            return fact
        facts[variable] = fact
    return _invoke(infer, node, value.type.name, facts, arguments)


def _invoke(infer: FunctionInference, node: ast.Call, name: str, captured: Mapping[str, Known], arguments: Arguments) -> Fact:
    """Return the call of a function of the module, or of an inner one with what it captured."""
    scope = infer.names.scope
    called = _with_captured(infer, name, tuple(captured))
    if called is None:
        return infer.refuse(
            "P0207", node, "a name means one variable in this function and another in one that it calls", "rename one of them"
        )

    def default(expression: ast.expr) -> Fact:
        return captured[expression.id] if isinstance(expression, ast.Name) and expression.id in captured else infer.expression(expression)

    original = scope.definition(name)
    binding = Binding(infer, node, parameters_of(original), qualified_name(scope, name), default)
    bound = bound_values(infer, binding, arguments)
    if not isinstance(bound, dict):
        return bound
    given = bound | dict(captured)
    values = [given[parameter] for parameter in names_of(scope.definition(called))]
    result = call_specialised(infer, node, scope, called, values, [None] * len(values))
    return after(infer.span(node), binding.steps, result) if isinstance(result, Known) else result


def _call_one_of(infer: FunctionInference, node: ast.Call, value: Known, arguments: Arguments) -> Fact:
    """Return the call of what is one of several functions, or no function at all: CPython says what it is then."""
    steps: list[Step] = []
    held = hold(infer, value, "function", steps)
    args = [hold(infer, one, "argument", steps) for one in arguments.args]
    keywords = {name: hold(infer, one, name, steps) for name, one in arguments.keywords.items()}
    given = replace(arguments, args=args, keywords=keywords)

    def one(parts: list[Known]) -> Fact | None:
        return call_function_value(infer, node, parts[0], given) if can_be_called(infer, parts[0].type) else None

    def wrong(types: Sequence[Type]) -> Mistake | None:
        name = _name_of(types[0])
        if name is None:
            return Mistake("TypeError", f"'{types[0].python_class}' object is not callable") if types[0] == NONE else None
        if given.rest is not None or given.mapping is not None or name not in infer.names.scope.inner:
            return None
        parameters = parameters_of(infer.names.scope.definition(name))
        message = misfit_message(parameters, qualified_name(infer.names.scope, name), len(args), tuple(keywords))
        return None if message is None else Mistake("TypeError", message)

    found = by_member(infer, node, [held], one, wrong)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _name_of(type_: Type) -> str | None:
    key = closure_key(type_)
    return function_of(key) if key is not None else type_.name if isinstance(type_, FunctionType) else None


def _captured(infer: FunctionInference, node: ast.expr | ast.stmt, variable: str, fixed: frozenset[str] = frozenset()) -> Fact:
    binding = infer.live.names.get(variable)
    if binding is not None and binding.unknown is not None:
        return Unknown(binding.unknown.cause)
    if binding is None or binding.maybe or variable in infer.names.inner - fixed:
        return infer.refuse(
            "P0207",
            node,
            f"what is called here uses `{variable}` of the function around it, which may be another one here, or have no value",
            "pass it as a parameter",
        )
    return infer.load(variable, ast.copy_location(ast.Name(variable, ast.Load()), node))


def _value(infer: FunctionInference, node: ast.AST, name: str) -> Known:
    return Known(infer.span(node), FunctionType(name, ()), Build(()))


def _function_value(infer: FunctionInference, node: Definition, name: str, *, stands_alone: bool) -> Fact:
    """Return an inner function; its defaults are evaluated here. `stands_alone`: nothing else is evaluated beside it."""
    state = infer.names.scope.state
    nonlocal_ = next(
        (one for one in walk(node) if isinstance(one, ast.Await) or (isinstance(one, ast.Global) and not {*one.names} <= {*state})), None
    )
    if nonlocal_ is not None:
        return infer.refuse("P0209", nonlocal_, "an inner function that changes names of others is not translated", "return the new value")
    for default in defaults_in_order(node):
        if _is_constant(default):
            continue
        value = infer.expression(default)
        if isinstance(value, Known) and not stands_alone and not is_simple(value):
            return infer.refuse("P0110", default, "a default that is computed is translated of a function with a name", "use `def`")
        if isinstance(value, Unknown):
            return value
        infer.bind(_hidden(default), value, default)
    return _value(infer, node, _lifted(infer, node, name))


def _is_constant(default: ast.expr) -> bool:
    return isinstance(default.operand if isinstance(default, ast.UnaryOp) else default, ast.Constant)


def _hidden(default: ast.expr) -> str:
    """Return the name of the variable that holds a default."""
    return f"@default_{default.lineno}_{default.col_offset}"


def _kept_default(default: ast.expr) -> ast.expr:
    return default if _is_constant(default) else ast.copy_location(ast.Name(_hidden(default), ast.Load()), default)


def _lifted(infer: FunctionInference, node: Definition, name: str) -> str:
    """Return the name of an inner function among those of the module, where it is put when it is first met."""
    inner = infer.names.scope.inner
    key = f"line_{node.lineno}_{node.col_offset}.{name}"
    if key not in inner:
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)] if isinstance(node, ast.Lambda) else node.body
        given = node.args
        args = ast.arguments(
            posonlyargs=given.posonlyargs,
            args=given.args,
            vararg=given.vararg,
            kwonlyargs=given.kwonlyargs,
            kw_defaults=[None if default is None else _kept_default(default) for default in given.kw_defaults],
            kwarg=given.kwarg,
            defaults=[_kept_default(default) for default in given.defaults],
        )
        definition = ast.FunctionDef(name=name, args=args, body=body, decorator_list=[], returns=None)
        qualified = f"{_qualified_around(infer)}{'<lambda>' if isinstance(node, ast.Lambda) else name}"
        hidden = tuple([_hidden(default) for default in defaults_in_order(node) if not _is_constant(default)])
        captured = captured_names(infer, node) + hidden
        inner[key] = InnerFunction(ast.copy_location(definition, node), captured, qualified, infer.names.imports)
    return key


def _qualified_around(infer: FunctionInference) -> str:
    """Return what the names of functions inside this one begin with in CPython."""
    scope, around = infer.names.scope, None if infer.names.expanding else infer.unit.definition
    for inner in scope.inner.values():
        if inner.definition is around:
            return f"{inner.qualified}.<locals>."
    name = next((name for name, one in scope.functions.items() if one is around), None)
    if name is None:
        owners = [scope.inner_classes.shown(one.name) for one in scope.classes.values() if around in one.body]
        name = None if around is None else ".".join([*owners, around.name])
    return "" if name is None else f"{name}.<locals>."


def captured_names(infer: FunctionInference, node: Definition) -> tuple[str, ...]:
    """Return which variables of this function an inner one uses: of those in cells, the cells."""
    shared = {name for name, cell in infer.cells.items() if cell.is_module}
    used = sorted((free_names(node) & infer.names.local) - shared)
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
    key = f"{owner}_with_{'_'.join(captured).replace('.', '_').replace('@', '')}"
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
        inner[key] = InnerFunction(ast.copy_location(made, node), captured, original.qualified, original.imports)
    return key
