"""What may be executed of a user's file: a tree rebuilt from the nodes that the front-end accepted.

CPython runs it, never the user's text. It holds, in the file's order, what CPython evaluates when it imports the file (constants,
defaults, the fields of classes; all of it on the list of `at_import`), and the functions that the entry reaches. Nodes are copied, never
values that the front-end computed. Annotations, decorators and base classes (but of methods, and of classes whose instances are made) are
left out: those on the list have no effect. Inside the functions, what translating never looked at, because a test is known or nothing
leads there, is a call of `TRAP`: it is never called unless the front-end was wrong, and then that shows.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from portalis.translator.frontend.read.at_import.own_classes import executed_bases, named_fields
from portalis.translator.frontend.read.class_forms.nodes import (
    NAMED_TUPLE_MAKER,
    Placed,
    at_missing,
    bare_parameters,
    class_node,
    function_node,
    placed_at,
    trap,
    trap_statements,
)
from portalis.translator.frontend.read.module_scope import ModuleScope, property_role, runs_on_import
from portalis.translator.frontend.read.standard import executed_imports
from portalis.translator.frontend.read.tree import defaults_in_order, walk, with_lambdas
from portalis.translator.library.import_time import ABSTRACT_METHODS
from portalis.translator.syntax import is_wrapper

# Calls that are understood as a whole: of what the function's name means, nothing else is looked at.
_UNDERSTOOD = ("range", "enumerate", "zip", "reversed", "map", "filter")


def rebuild(tree: ast.Module, scope: ModuleScope, visited: Collection[int], ignored: Collection[int] = ()) -> ast.Module:
    """Return the module that may be executed.

    `visited` are the identities (`id`) of the functions, statements and expressions that were lowered, `ignored` those of the statements
    that bind what only annotations use.
    """
    return ast.Module(list(_Module(scope, visited, ignored, _mentioned_on_import(tree.body, ignored)).statements(tree.body)), [])


def _mentioned_on_import(statements: Sequence[ast.stmt], ignored: Collection[int]) -> set[str]:
    """Return the names that statements use which are executed and define nothing."""
    executed = (one for one in statements if not isinstance(one, ast.FunctionDef | ast.ClassDef) and id(one) not in ignored)
    return {node.id for one in executed for node in walk(one) if isinstance(node, ast.Name)}


@dataclass(frozen=True)
class _Module:
    """Rebuilds what runs when the module is imported."""

    scope: ModuleScope
    visited: Collection[int]
    ignored: Collection[int]
    # Of functions that are not reached, these have to be something: what holds them is made all the same.
    mentioned: Collection[str]
    # The functions of the class at hand that are accepted, as "property.setter".
    roles: Collection[str] = ()

    def statements(self, statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
        for statement in statements:
            if id(statement) not in self.ignored or self._is_asked(statement):
                yield from self._statement(statement)

    def _is_asked(self, statement: ast.stmt) -> bool:
        """Tell whether a type that has a name is one that `isinstance` is asked about."""
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        return any(isinstance(target, ast.Name) and target.id in self.scope.asked for target in targets)

    def _statement(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        if any(statement is one for one in self.scope.initialising):
            yield from _Function(self.visited, self).statements([statement])
            return
        inner = self.scope.inner_classes.qualified
        match statement:
            case ast.ImportFrom(module="builtins", names=names):
                # What may be imported of it has its name anyway, and the module has much that no text may come to.
                for alias in names:
                    yield placed_at(
                        ast.Assign([ast.Name(alias.asname or alias.name, ast.Store())], ast.Name(alias.name, ast.Load())), alias
                    )
            case ast.Import() | ast.ImportFrom():
                yield from executed_imports(statement, self.scope.asked)
            case ast.If() | ast.Try():
                yield from self.statements(runs_on_import(self.scope, statement))
            case ast.AnnAssign(value=value):
                if value is not None:
                    yield ast.copy_location(ast.Assign([statement.target], self._value(value)), statement)
            case ast.Assign(targets=targets, value=value):
                yield ast.copy_location(ast.Assign(targets, self._value(value)), statement)
            case ast.FunctionDef() if id(statement) in self.visited or self._has_visited_roles(statement):
                function = _Function(self.visited, self)
                yield from (*function.decorators(statement), function.definition(statement), *function.decorations(statement))
            case ast.FunctionDef(name=name) if name in self.mentioned:
                body = trap_statements(statement.body)
                yield ast.copy_location(function_node(name, bare_parameters(statement.args), body), statement)
            case ast.FunctionDef():
                for default in defaults_in_order(statement):
                    yield ast.copy_location(ast.Expr(default), default)
            case ast.ClassDef(name=name) if name not in inner:
                yield from self.class_(statement)
            case ast.Expr(value=ast.Constant(value=Placed(name))):
                yield from self.class_(self.scope.classes[name])
            case ast.Assign(targets=[ast.Name(id=name)]) if name not in inner and named_fields(self.scope, name) is not None:
                yield from self._named_tuple(statement, name)
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]) if name in self.scope.classes:
                pass
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                yield statement

    def class_(self, definition: ast.ClassDef) -> Iterator[ast.stmt]:
        """Rebuild a class, and give those that stand in its body the names by which functions know them."""
        if named_fields(self.scope, definition.name) is not None:
            yield from self._named_tuple(definition, definition.name)
            return
        body = list(self._class_body(definition.body)) or [ast.copy_location(ast.Pass(), definition)]
        yield ast.copy_location(class_node(definition.name, executed_bases(self.scope, definition), body), definition)
        yield from self._nested_names(definition)

    def _nested_names(self, owner: ast.ClassDef) -> Iterator[ast.stmt]:
        for statement in owner.body:
            match statement:
                case ast.Expr(value=ast.Constant(value=Placed(name))):
                    value = ast.Attribute(ast.Name(owner.name, ast.Load()), name, ast.Load())
                    yield placed_at(ast.Assign([ast.Name(name, ast.Store())], value), owner)
                    yield from self._nested_names(self.scope.classes[name])

    def _named_tuple(self, statement: ast.stmt, name: str) -> Iterator[ast.stmt]:
        """Rebuild a class of named tuples: what `namedtuple` makes, and one that has its methods, too, with the same name."""
        fields = named_fields(self.scope, name) or {}
        defaults = [default for default in fields.values() if default is not None]
        names: list[ast.expr] = [ast.Constant(name), ast.Tuple([ast.Constant(field) for field in fields], ast.Load())]
        made = ast.Call(ast.Name(NAMED_TUPLE_MAKER, ast.Load()), names, [ast.keyword("defaults", ast.Tuple(defaults, ast.Load()))])
        yield at_missing(ast.ImportFrom("collections", [ast.alias("namedtuple", NAMED_TUPLE_MAKER)], 0), statement)
        yield at_missing(ast.Assign([ast.Name(name, ast.Store())], made), statement)
        methods = [one for one in getattr(statement, "body", ()) if isinstance(one, ast.FunctionDef) and id(one) in self.visited]
        if methods:
            body = list(self.statements(methods))
            yield ast.copy_location(class_node(name, [at_missing(ast.Name(name, ast.Load()), statement)], body), statement)

    def _class_body(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        """Rebuild a class's body: without `__slots__`, which nothing accepted goes beyond, and other names of methods nobody needs."""
        inside = replace(
            self,
            roles={f"{one.name}.{property_role(one)}" for one in body if isinstance(one, ast.FunctionDef) and id(one) in self.visited},
            # An abstract class asks whether they are there, and calls none.
            mentioned={*self.mentioned, *(sum(ABSTRACT_METHODS.values(), ()) if self.scope.asked else ())},
        )
        unneeded = {one.name for one in body if isinstance(one, ast.FunctionDef) and id(one) not in self.visited}
        for statement in body:
            match statement:
                case ast.Assign(targets=[ast.Name(id="__slots__")]):
                    pass
                case ast.Assign(value=ast.Name(id=name)) if name in unneeded:
                    pass
                case _:
                    yield from inside.statements([statement])

    def _has_visited_roles(self, definition: ast.FunctionDef) -> bool:
        """Tell whether a property is needed, though nobody reads it, by what stores to it."""
        return bool({f"{definition.name}.setter", f"{definition.name}.deleter"} & {*self.roles}) and not property_role(definition)

    def _value(self, value: ast.expr) -> ast.expr:
        """Return a constant with the bodies of its lambdas rebuilt, which nothing runs when the module is imported."""
        return with_lambdas(value, _Function(self.visited, self).function)


def _decorator(number: int) -> str:
    return f"_portalis_decorator_{number}"


@dataclass(frozen=True)
class _Function:
    """Rebuilds a function that was lowered."""

    visited: Collection[int]
    module: _Module

    def definition(self, node: ast.FunctionDef) -> ast.FunctionDef:
        body = self.statements(node.body)
        made = function_node(node.name, bare_parameters(node.args), body)
        made.decorator_list = [one for one in node.decorator_list if is_wrapper(one)]
        return ast.copy_location(made, node)

    def function(self, node: ast.Lambda) -> ast.expr:
        """Rebuild a lambda that is a value."""
        return ast.copy_location(ast.Lambda(bare_parameters(node.args), self._lazy(node.body)), node)

    def statements(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Rebuild statements; each run of them that was not visited becomes one trap."""
        found: list[ast.stmt] = []
        skipped: list[ast.stmt] = []
        for statement in statements:
            if id(statement) not in self.visited:
                skipped.append(statement)
                continue
            found += trap_statements(skipped)
            skipped = []
            match statement:
                case ast.Expr(value=ast.Constant(value=Placed(name))):
                    found += () if name in self.module.scope.inner_classes.nested else self.module.class_(self.module.scope.classes[name])
                case _:
                    found += [*self.decorators(statement), self._statement(statement), *self.decorations(statement)]
        return found + trap_statements(skipped)

    def decorators(self, node: ast.stmt) -> Iterator[ast.stmt]:
        """Give names to decorators that are computed: they are evaluated in their order, and before the defaults of the function."""
        for number, decorator in enumerate(node.decorator_list if isinstance(node, ast.FunctionDef) else ()):
            if id(decorator) in self.visited and not isinstance(decorator, ast.Name):
                yield at_missing(ast.Assign([ast.Name(_decorator(number), ast.Store())], self._expression(decorator)), decorator)

    def decorations(self, node: ast.stmt) -> Iterator[ast.stmt]:
        """Write what decorators do to a function inside another one as assignments, the last one first."""
        if not isinstance(node, ast.FunctionDef):
            return
        for number, decorator in reversed([*enumerate(node.decorator_list)]):
            if id(decorator) in self.visited:
                named = isinstance(decorator, ast.Name)
                function = self._expression(decorator) if named else ast.Name(_decorator(number), ast.Load())
                made = ast.Call(function, [ast.Name(node.name, ast.Load())], [])
                yield at_missing(ast.Assign([ast.Name(node.name, ast.Store())], made), decorator)

    def _statement(self, node: ast.stmt) -> ast.stmt:
        made: ast.stmt
        match node:
            case ast.AnnAssign(value=None):
                made = ast.Pass()
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                made = ast.Assign([self._target(target)], self._expression(value))
            case ast.Assign(targets=targets, value=value):
                made = ast.Assign([self._target(target) for target in targets], self._expression(value))
            case ast.AugAssign(target=target, op=op, value=value):
                rebuilt = self._target(target)
                assert isinstance(rebuilt, ast.Name | ast.Attribute | ast.Subscript)
                made = ast.AugAssign(rebuilt, op, self._expression(value))
            case ast.FunctionDef():
                made = self.definition(node)
            case ast.Return(value=value):
                made = ast.Return(self._optional(value))
            case ast.If(test=test):
                made = ast.If(self._expression(test), self.statements(node.body), self.statements(node.orelse))
            case ast.While(test=test):
                made = ast.While(self._expression(test), self.statements(node.body), self.statements(node.orelse))
            case ast.For(target=target, iter=iterated):
                made = ast.For(self._target(target), self._expression(iterated), self.statements(node.body), self.statements(node.orelse))
            case ast.Expr(value=ast.Constant()):
                made = ast.Pass()
            case ast.Expr(value=value):
                made = ast.Expr(self._expression(value))
            case ast.Raise(exc=exc, cause=cause):
                made = ast.Raise(self._optional(exc), self._optional(cause))
            case ast.With(items=items):
                entered = [ast.withitem(self._expression(one.context_expr), one.optional_vars) for one in items]
                made = ast.With(entered, self.statements(node.body))
            case ast.Match(subject=subject, cases=cases):
                made = ast.Match(self._expression(subject), [self._case(one) for one in cases])
            case ast.Try():
                made = ast.Try(
                    self.statements(node.body),
                    [self._handler(handler) for handler in node.handlers],
                    self.statements(node.orelse),
                    self.statements(node.finalbody),
                )
            case ast.Delete(targets=targets):
                made = ast.Delete([self._target(target) for target in targets])
            case ast.Import() | ast.ImportFrom():
                made = next(executed_imports(node, self.module.scope.asked), ast.Pass())
            case ast.Assert(test=test, msg=msg):
                made = ast.Assert(self._expression(test), None if msg is None else self._lazy(msg))
            case _:
                return node
        return ast.copy_location(made, node)

    def _case(self, node: ast.match_case) -> ast.match_case:
        """Rebuild a case; a pattern is nothing but constants, classes that the front-end looked at, and names."""
        if any(isinstance(one, ast.Attribute) and id(one) not in self.visited for one in walk(node.pattern)):
            unread = ast.copy_location(ast.MatchAs(), node.pattern)
            return ast.match_case(unread, trap(ast.copy_location(ast.Constant(True), node.pattern)), [placed_at(ast.Pass(), node.pattern)])
        guard = None if node.guard is None else self._lazy(node.guard)
        return ast.match_case(node.pattern, guard, self.statements(node.body) or [ast.copy_location(ast.Pass(), node.pattern)])

    def _handler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        """Rebuild a handler, which takes nothing but exceptions: what stops an oracle is none of the program's."""
        kinds = [
            ast.copy_location(ast.Name("Exception", ast.Load()), kind)
            if isinstance(kind, ast.Name) and kind.id == "BaseException"
            else kind
            for kind in (node.type.elts if isinstance(node.type, ast.Tuple) else [node.type or ast.Name("Exception", ast.Load())])
        ]
        kind = ast.Tuple(kinds, ast.Load()) if isinstance(node.type, ast.Tuple) else kinds[0]
        body = self.statements(node.body) or [ast.copy_location(ast.Pass(), node)]
        return ast.copy_location(ast.ExceptHandler(ast.copy_location(kind, node.type or node), node.name, body), node)

    def _target(self, node: ast.expr) -> ast.expr:
        made: ast.expr
        match node:
            case ast.Attribute(value=value, attr=attr, ctx=ctx):
                made = ast.Attribute(self._expression(value), attr, ctx)
            case ast.Subscript(value=value, slice=index, ctx=ctx):
                made = ast.Subscript(self._expression(value), self._expression(index), ctx)
            case ast.Tuple(elts=elements, ctx=ctx):
                made = ast.Tuple([self._target(element) for element in elements], ctx)
            case ast.List(elts=elements, ctx=ctx):
                made = ast.List([self._target(element) for element in elements], ctx)
            case ast.Starred(value=value, ctx=ctx):
                made = ast.Starred(self._target(value), ctx)
            case _:
                return node
        return ast.copy_location(made, node)

    def _optional(self, node: ast.expr | None) -> ast.expr | None:
        return None if node is None else self._expression(node)

    def _lazy(self, node: ast.expr) -> ast.expr:
        """Rebuild an expression that CPython evaluates only sometimes."""
        return self._expression(node) if id(node) in self.visited else trap(node)

    def _formatted(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.FormattedValue):
            return node
        made = ast.FormattedValue(self._expression(node.value), node.conversion, self._optional(node.format_spec))
        return ast.copy_location(made, node)

    def _expressions(self, nodes: Sequence[ast.expr]) -> list[ast.expr]:
        return [self._expression(node) for node in nodes]

    def _expression(self, node: ast.expr) -> ast.expr:
        made: ast.expr
        match node:
            case ast.Constant() | ast.Name():
                return node
            case ast.Attribute(value=value, attr=attr, ctx=ctx):
                made = ast.Attribute(self._expression(value), attr, ctx)
            case ast.Tuple(elts=elements, ctx=ctx):
                made = ast.Tuple(self._expressions(elements), ctx)
            case ast.Call() if id(node) in self.visited or _is_understood(node.func):
                keywords = [ast.copy_location(ast.keyword(item.arg, self._expression(item.value)), item) for item in node.keywords]
                made = ast.Call(self._expression(node.func), self._expressions(node.args), keywords)
            case _ if id(node) not in self.visited:
                return trap(node)
            case ast.JoinedStr(values=values):
                made = ast.JoinedStr([self._formatted(value) for value in values])
            case ast.BinOp(left=left, op=operator, right=right):
                made = ast.BinOp(self._expression(left), operator, self._expression(right))
            case ast.UnaryOp(op=unary, operand=operand):
                made = ast.UnaryOp(unary, self._expression(operand))
            case ast.BoolOp(op=junction, values=values):
                made = ast.BoolOp(junction, [self._expression(values[0]), *map(self._lazy, values[1:])])
            case ast.Compare(left=left, ops=ops, comparators=rest):
                made = ast.Compare(self._expression(left), ops, [self._expression(rest[0]), *map(self._lazy, rest[1:])])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                made = ast.IfExp(self._expression(test), self._lazy(body), self._lazy(orelse))
            case ast.Subscript(value=value, slice=index, ctx=ctx):
                made = ast.Subscript(self._expression(value), self._expression(index), ctx)
            case ast.List(elts=elements, ctx=ctx):
                made = ast.List(self._expressions(elements), ctx)
            case ast.NamedExpr(target=target, value=value):
                made = ast.NamedExpr(target, self._expression(value))
            case ast.ListComp(elt=element, generators=clauses):
                made = ast.ListComp(self._lazy(element), [self._clause(clause) for clause in clauses])
            case ast.GeneratorExp(elt=element, generators=clauses):
                made = ast.GeneratorExp(self._lazy(element), [self._clause(clause) for clause in clauses])
            case ast.DictComp(key=key, value=value, generators=clauses):
                made = ast.DictComp(self._lazy(key), self._lazy(value), [self._clause(clause) for clause in clauses])
            case ast.SetComp(elt=element, generators=clauses):
                made = ast.SetComp(self._lazy(element), [self._clause(clause) for clause in clauses])
            case ast.Set(elts=elements):
                made = ast.Set(self._expressions(elements))
            case ast.Dict(keys=keys, values=values):
                made = ast.Dict([self._optional(key) for key in keys], self._expressions(values))
            case ast.Lambda(args=parameters, body=body):
                made = ast.Lambda(bare_parameters(parameters), self._lazy(body))
            case ast.Yield(value=value):
                made = ast.Yield(self._optional(value))
            case ast.YieldFrom(value=value):
                made = ast.YieldFrom(self._expression(value))
            case ast.Starred(value=value, ctx=ctx):
                made = ast.Starred(self._expression(value), ctx)
            case ast.Slice(lower=lower, upper=upper, step=step):
                made = ast.Slice(self._optional(lower), self._optional(upper), self._optional(step))
            case _:
                return trap(node)
        return ast.copy_location(made, node)

    def _clause(self, node: ast.comprehension) -> ast.comprehension:
        tests = [self._lazy(test) for test in node.ifs]
        iterated = self._expression(node.iter) if id(node) in self.visited else trap(node.iter)
        return ast.comprehension(self._target(node.target), iterated, tests, node.is_async)


def _is_understood(node: ast.expr) -> bool:
    """Tell whether a called name is looked at together with its call: what a loop goes over, and what is raised."""
    return isinstance(node, ast.Name) and (node.id in _UNDERSTOOD or node.id.endswith(("Error", "Exception", "StopIteration")))
