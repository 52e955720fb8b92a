"""`match`: the tests that its patterns are, as the `if` and `elif` that they stand for.

A pattern tests first and binds its names when all of it fits, before its guard is evaluated. What a pattern looks at more than once has a
name that no Python name can clash with.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from portalis.translator.frontend.facts.contents import contents_of
from portalis.translator.frontend.facts.model import Known, Unknown
from portalis.translator.frontend.facts.tables import Control, Matched
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import module_of
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, own_class
from portalis.translator.frontend.read.tree import stored_names, walk
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import DictRef, LibraryRef, ListRef, SetRef, Type, UnionType

_CLASSES = ("bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple")


class _NotTranslated(Exception):
    """A pattern has no translation; `node` is the pattern."""

    def __init__(self, node: ast.pattern) -> None:
        super().__init__()
        self.node = node


@dataclass(slots=True)
class _Patterns:
    """Makes tests of patterns: `tests` in their order, and the names to bind with their values."""

    infer: FunctionInference
    where: ast.AST
    count: int = 0
    tests: list[ast.expr] = field(default_factory=list)
    bound: list[tuple[str, ast.expr]] = field(default_factory=list)

    def add(self, node: ast.pattern, subject: ast.expr) -> None:
        """Add what a pattern tests and binds of a subject, an expression that changes nothing."""
        match node:
            case ast.MatchValue(value=value):
                self._test(ast.Compare(subject, [ast.Eq()], [value]))
            case ast.MatchSingleton(value=value):
                self._test(ast.Compare(subject, [ast.Is()], [ast.Constant(value)]))
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self.add(inner, subject)
                if name is not None:
                    self.bound.append((name, subject))
            case ast.MatchOr(patterns=patterns):
                self._any_of(node, patterns, subject)
            case ast.MatchSequence(patterns=patterns):
                self._sequence(patterns, self._named(subject))
            case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
                self._mapping(keys, patterns, rest, self._named(subject))
            case ast.MatchClass(cls=ast.Name(id=name), patterns=[*patterns], kwd_attrs=[]) if name in _CLASSES and len(patterns) < 2:
                if self.infer.shadows(name):
                    raise _NotTranslated(node)
                held = self._named(subject)
                self._is(held, name)
                for inner in patterns:
                    self.add(inner, held)
            case ast.MatchClass(cls=ast.Name() as named):
                self._instance(node, named, self._named(subject))
            case _:
                raise _NotTranslated(node)

    def _instance(self, node: ast.MatchClass, named: ast.Name, subject: ast.expr) -> None:
        """Add the pattern of a class of the module: what is at its places, by `__match_args__`, and in the fields that it names."""
        infer = self.infer
        found = own_class(module_of(infer), named.id) if named.id not in infer.names.local and infer.lineage(named) is not None else None
        if not isinstance(found, OwnClass) or len(node.patterns) > len(found.match_args):
            raise _NotTranslated(node)
        names = [*found.match_args[: len(node.patterns)], *node.kwd_attrs]
        # What an instance may lack would not fit, and CPython asks what else a name may be.
        plain = all(name in found.certain or ((method := found.method(name)) is not None and method.kind == "property") for name in names)
        if not plain or len(set(names)) < len(names):
            raise _NotTranslated(node)
        self._is(subject, named.id)
        for name, pattern in zip(names, (*node.patterns, *node.kwd_patterns), strict=True):
            self.add(pattern, ast.Attribute(subject, name, ast.Load()))

    def _any_of(self, node: ast.pattern, patterns: list[ast.pattern], subject: ast.expr) -> None:
        held = self._named(subject)
        choices: list[ast.expr] = []
        for pattern in patterns:
            inner = _Patterns(self.infer, self.where, self.count)
            inner.add(pattern, held)
            self.count = inner.count
            if inner.bound:
                raise _NotTranslated(node)
            if not inner.tests:
                return
            choices.append(inner.joined())
        self._test(ast.BoolOp(ast.Or(), choices))

    def _sequence(self, patterns: list[ast.pattern], subject: ast.expr) -> None:
        self._is(subject, "list", "tuple")
        star = next((number for number, one in enumerate(patterns) if isinstance(one, ast.MatchStar)), None)
        length = ast.Call(ast.Name("len", ast.Load()), [subject], [])
        least = ast.Constant(len(patterns) - (star is not None))
        self._test(ast.Compare(length, [ast.Eq() if star is None else ast.GtE()], [least]))
        for number, pattern in enumerate(patterns):
            if isinstance(pattern, ast.MatchStar):
                after = len(patterns) - number - 1
                part = ast.Subscript(subject, ast.Slice(ast.Constant(number), _negative(after) if after else None), ast.Load())
                if pattern.name is not None:
                    self.bound.append((pattern.name, ast.Call(ast.Name("list", ast.Load()), [part], [])))
            else:
                place = ast.Constant(number) if star is None or number < star else _negative(len(patterns) - number)
                self.add(pattern, ast.Subscript(subject, place, ast.Load()))

    def _mapping(self, keys: list[ast.expr], patterns: list[ast.pattern], rest: str | None, subject: ast.expr) -> None:
        self._is(subject, "dict")
        for key, pattern in zip(keys, patterns, strict=True):
            self._test(ast.Compare(key, [ast.In()], [subject]))
            self.add(pattern, ast.Subscript(subject, key, ast.Load()))
        if rest is not None:
            key, value = ast.Name("@key", ast.Store()), ast.Name("@value", ast.Store())
            items = ast.Call(ast.Attribute(subject, "items", ast.Load()), [], [])
            known: ast.expr = ast.Tuple(keys, ast.Load())
            tests: list[ast.expr] = [ast.Compare(ast.Name("@key", ast.Load()), [ast.NotIn()], [known])] if keys else []
            clause = ast.comprehension(ast.Tuple([key, value], ast.Store()), items, tests, 0)
            made = ast.DictComp(ast.Name("@key", ast.Load()), ast.Name("@value", ast.Load()), [clause])
            self.bound.append((rest, made))

    def _is(self, subject: ast.expr, *classes: str) -> None:
        kinds: list[ast.expr] = [ast.Name(name, ast.Load()) for name in classes]
        kind = kinds[0] if len(kinds) == 1 else ast.Tuple(kinds, ast.Load())
        self._test(ast.Call(ast.Name("isinstance", ast.Load()), [subject, kind], []))

    def _named(self, subject: ast.expr) -> ast.expr:
        """Return a subject under a name of its own, which tests may say something of."""
        if isinstance(subject, ast.Name):
            return subject
        self.count += 1
        name = f"@part{self.count}_{getattr(self.where, 'lineno', 0)}"
        self._bind(name, subject)
        return ast.Name(name, ast.Load())

    def _bind(self, name: str, value: ast.expr) -> None:
        # A tuple with an element is true, whatever that is.
        self._test(ast.Tuple([ast.NamedExpr(ast.Name(name, ast.Store()), value)], ast.Load()))

    def _test(self, node: ast.expr) -> None:
        self.tests.append(node)

    def joined(self) -> ast.expr:
        """Return all tests as one."""
        return self.tests[0] if len(self.tests) == 1 else ast.BoolOp(ast.And(), self.tests)

    def bind_all(self) -> None:
        """Bind the names, once everything fits."""
        for name, value in self.bound:
            self._bind(name, value)


def _negative(number: int) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(number))


def infer_match(infer: FunctionInference, node: ast.Match) -> Control | None:
    """Infer `match` over what has one of the classes that patterns know."""
    subject = infer.expression(node.subject)
    if isinstance(subject, Known) and _holds_others(subject.type):
        subject = infer.refuse("P0215", node, f"`match` on {subject.type} is not translated", "write if / elif / else")
    if isinstance(subject, Unknown):
        _lose(infer, node, subject)
        return None
    key = f"@matched_{node.lineno}_{node.col_offset}"
    held: ast.expr = node.subject
    bound = set().union(*(stored_names(case) for case in node.cases))
    if not isinstance(held, ast.Name) or held.id in bound:
        held = ast.Name(key, ast.Load())
        infer.bind(key, subject, node.subject)
    try:
        statements = _chain(infer, node, held)
    except _NotTranslated as refused:
        _lose(infer, node, infer.refuse("P0215", refused.node, "this pattern is not translated", "write if / elif / else"))
        return None
    infer.body(statements)
    return Matched(tuple(statements))


def _lose(infer: FunctionInference, node: ast.Match, cause: Unknown) -> None:
    """Know nothing of the names that a refused statement binds."""
    for name in sorted(set().union(*map(stored_names, node.cases))):
        infer.lose(name, cause)


def _chain(infer: FunctionInference, node: ast.Match, subject: ast.expr) -> list[ast.stmt]:
    """Return the cases as `if` and `else`, the last in the innermost."""
    rest: list[ast.stmt] = []
    counted = 0
    made: list[tuple[ast.match_case, _Patterns]] = []
    for case in node.cases:
        patterns = _Patterns(infer, case.pattern, counted)
        patterns.add(case.pattern, subject)
        patterns.bind_all()
        counted = patterns.count
        if case.guard is not None:
            patterns.tests.append(case.guard)
        made.append((case, patterns))
    for case, patterns in reversed(made):
        body: list[ast.stmt] = list(case.body)
        if patterns.tests:
            body = [_placed(ast.If(patterns.joined(), body, rest), case)]
        rest = body
    return rest


def _placed(node: ast.If, case: ast.match_case) -> ast.If:
    """Give what was made for a case the place of its pattern."""
    ast.copy_location(node, case.pattern)
    for inner in walk(node.test):
        if not hasattr(inner, "lineno") and "lineno" in inner._attributes:
            ast.copy_location(inner, case.pattern)
    return node


def _holds_others(type_: Type) -> bool:
    """Tell whether a type is, or holds, a class of which patterns would have to know whether it is a sequence."""
    if isinstance(type_, LibraryRef):
        return not is_instance(type_)
    if isinstance(type_, UnionType):
        return any(map(_holds_others, type_.members))
    inner = contents_of(type_) if isinstance(type_, ListRef | DictRef | SetRef) else getattr(type_, "items", ())
    return any(map(_holds_others, inner))
