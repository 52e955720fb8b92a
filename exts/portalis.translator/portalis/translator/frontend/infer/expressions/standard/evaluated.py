"""What is gone over, written anew when all is evaluated that CPython evaluates before it goes over that, in CPython's order."""

from __future__ import annotations

import ast
from collections.abc import Callable

from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.attributes import standard_name
from portalis.translator.frontend.infer.expressions.functions.called import MAKERS
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.objects.gone_over import GOING, is_builtin, standard_stream
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.types.unions.instances import Instance
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import members_of

# What of their arguments these ask for an iterator when they are called.
_STARTED = {
    "map": slice(1, None), "filter": slice(1, None), "zip": slice(None), "enumerate": slice(1), "itertools.zip_longest": slice(None),
    "itertools.compress": slice(None), "itertools.dropwhile": slice(1, None), "itertools.takewhile": slice(1, None),
    "itertools.filterfalse": slice(1, None), "itertools.starmap": slice(1, None), "itertools.accumulate": slice(1),
    "itertools.chain.from_iterable": slice(1), "itertools.cycle": slice(1), "itertools.groupby": slice(1), "itertools.islice": slice(1),
    "itertools.pairwise": slice(1),
}  # fmt: skip


def has_stars(node: ast.Call) -> bool:
    """Tell whether a call has arguments that bring others."""
    return any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords)


def does_nothing(node: ast.expr) -> bool:
    """Tell whether nobody can see when an expression is evaluated."""
    if isinstance(node, ast.Lambda):
        return not node.args.defaults and not any(node.args.kw_defaults)
    return isinstance(node, ast.Constant | ast.Name)


def is_maker(infer: FunctionInference, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and standard_name(infer, node.func) in MAKERS


def is_method(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression names what a class, a module or an object of no own class has."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return False
    binding = infer.live.names.get(node.value.id)
    return binding is None or not any(map(is_instance, members_of(binding.type)))


def starts(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether it could show when arguments are evaluated, and iterators of instances made, of what is gone over later."""
    if not infer.references or infer.scope.library or not has_iterators(infer.names.scope):
        return False
    if isinstance(node, ast.GeneratorExp):
        return not does_nothing(node.generators[0].iter) or _is_instance(infer, node.generators[0].iter)
    if stream_name(infer, node) is None or not isinstance(node, ast.Call) or has_stars(node):
        return False
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return not all(does_nothing(one) and not _is_instance(infer, one) for one in given)


def _is_instance(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression is the name of an instance."""
    binding = infer.live.names.get(node.id) if isinstance(node, ast.Name) else None
    return binding is not None and is_instance(binding.type)


def stream_name(infer: FunctionInference, node: ast.expr) -> str | None:
    """Return which function a call is that gives what is gone over later: a built-in, or one of `itertools`; None for anything else."""
    if is_builtin(infer, node, *GOING) and not is_builtin(infer, node, "range"):
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        return node.func.id
    return standard_stream(infer, node)


def has_iterators(scope: ModuleScope) -> bool:
    """Tell whether a module has classes that say themselves how they are gone over."""
    said = ("__iter__", "__getitem__", "__reversed__")
    return any(isinstance(item, ast.FunctionDef) and item.name in said for node in scope.classes.values() for item in node.body)


class Evaluation:
    """Expressions written anew of what is evaluated already, in order."""

    def __init__(self, infer: FunctionInference, steps: list[Step]) -> None:
        self._infer = infer
        self._steps = steps
        self._rebinds = False
        self.failed: Unknown | None = None

    def call(self, node: ast.Call) -> ast.Call:
        """Return a call of evaluated arguments."""
        visited, function = self._infer.names.scope.visited, node.func
        self._rebinds = self._rebinds or any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node))
        if isinstance(function, ast.Attribute) and not isinstance(function.value, ast.Name) and not standard_name(self._infer, function):
            visited.add(id(function))
            function = ast.copy_location(ast.Attribute(self._value(function.value), function.attr, ast.Load()), function)
        # A method goes over one after the other.
        several = isinstance(function, ast.Attribute) and len(node.args) > 1 and standard_name(self._infer, function) is None
        args = [self._value(one) if several and isinstance(one, ast.GeneratorExp) else self.gone_over(one) for one in node.args]
        keywords = [ast.copy_location(ast.keyword(one.arg, self.gone_over(one.value)), one) for one in node.keywords]
        started = _STARTED.get(stream_name(self._infer, node) or "", slice(0))
        args[started] = [self._started(one) for one in args[started]]
        if stream_name(self._infer, node) == "itertools.chain":
            args = [self._started(one, later=True) for one in args]
        visited.add(id(node))
        visited.update(id(inner) for inner in ast.walk(function))
        return ast.copy_location(ast.Call(function, args, keywords), node)

    def gone_over(self, node: ast.expr) -> ast.expr:
        """Return what stands for an argument of which all is evaluated that CPython evaluates before it goes over that."""
        quiet = does_nothing(node) or is_method(self._infer, node)
        if (quiet and not (self._rebinds and isinstance(node, ast.Name | ast.Attribute))) or is_maker(self._infer, node):
            return node
        if is_builtin(self._infer, node, "range") and isinstance(node, ast.Call) and not has_stars(node):
            return self.call(node)
        if isinstance(node, ast.GeneratorExp):
            first = node.generators[0]
            self._infer.names.scope.visited.update((id(node), id(first)))
            clause = ast.comprehension(first.target, self._started(self.gone_over(first.iter)), first.ifs, first.is_async)
            return ast.copy_location(ast.GeneratorExp(node.elt, [clause, *node.generators[1:]]), node)
        if stream_name(self._infer, node) is not None and isinstance(node, ast.Call) and not has_stars(node):
            made = self.call(node)
            return self._turned(made) if is_builtin(self._infer, node, "reversed") else made
        return self._value(node)

    def _started(self, node: ast.expr, later: bool = False) -> ast.expr:
        """Return what stands for the iterator of an instance, which may be asked for `later`, and anything else itself."""
        infer = self._infer
        return self._of_instance(
            node, lambda value: infer.written(node, "later", [value]) if later else Instance().iterator(infer, node, value)
        )

    def _turned(self, node: ast.Call) -> ast.expr:
        """Return what stands for `reversed` of an instance, which is asked at once how long it is."""
        argument, infer = node.args[0], self._infer
        found = self._of_instance(argument, lambda value: Instance().backwards(infer, node, value, infer.statement_scope.steps))
        return node if found is argument else found

    def _of_instance(self, node: ast.expr, make: Callable[[Known], Fact | None]) -> ast.expr:
        if id(node) not in self._infer.replaced and not _is_instance(self._infer, node):
            return node
        with captured(self._infer, self._steps):
            value = self._infer.expression(node)
            found = make(value) if isinstance(value, Known) and is_instance(value.type) else None
        return node if found is None else self._named(node, found)

    def _value(self, node: ast.expr) -> ast.expr:
        with captured(self._infer, self._steps):
            value = self._infer.expression(node)
        return self._named(node, value)

    def _named(self, node: ast.expr, value: Fact) -> ast.expr:
        if isinstance(value, Unknown):
            self.failed = self.failed or value
            return node
        held = hold(self._infer, value, "argument", self._steps)
        name = ast.copy_location(ast.Name("@argument", ast.Load()), node)

        # Whoever goes over it may ask long after this: the name has to live as long as what it stands for.
        def stands(_: ast.expr = name) -> Known:
            return held

        self._infer.replaced[id(name)] = stands
        return name
