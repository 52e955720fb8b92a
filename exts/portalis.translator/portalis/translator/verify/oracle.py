"""CPython itself, running the user's source: the meaning that every artefact is held to.

The *exact* oracle gives `math` and the power operator the functions of our own library, run by CPython, so that not one bit may differ. The
*drift* oracle gives them CPython's own, so that the report can say how far the platform's libm is from ours. Both run only source that
the front-end accepted, with nothing in reach but the builtins that the language knows.
"""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import inspect
import sys
import traceback
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from portalis.translator.calling.outcome import Outcome, identity
from portalis.translator.frontend.read.builtin_names import HARMLESS_BUILTINS
from portalis.translator.frontend.read.module_scope import IGNORED_MODULES
from portalis.translator.ir.errors import RECURSION, RECURSION_LIMIT
from portalis.translator.ir.types import Type
from portalis.translator.library.gf_signatures import DRIFTING
from portalis.translator.source import SourceFile

STEPS = 500_000
# Names that no class mangles.
_POWER, _STEPS, _OUT_OF_STEPS = "__portalis_power__", "__portalis_steps__", "__portalis_out_of_steps__"
Library: TypeAlias = Literal["exact", "drift"]
_MODULES = ("math", "pxr", "pxr.Gf", *IGNORED_MODULES)


class OutOfSteps(BaseException):
    """CPython needed more loop iterations than it was given: a compiler can turn into one formula what takes CPython for ever."""


class ModuleFailure(Exception):
    """CPython cannot import the user's module; `line` is where it failed."""

    def __init__(self, line: int, error: BaseException) -> None:
        self.line = line
        super().__init__(f"{type(error).__name__}: {error}")


class _CountedLoops(ast.NodeTransformer):
    """Begin the body of every loop with statements that count its iterations. They call and compare nothing, since either may strike
    CPython's recursion limit one frame too early."""

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._counted(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._counted(node)

    def _counted(self, node: ast.For | ast.While) -> ast.AST:
        self.generic_visit(node)
        counting = ast.parse(f"{_STEPS}[0] -= 1\nif not {_STEPS}[0]:\n    raise {_OUT_OF_STEPS}").body
        node.body[:0] = counting
        return node


class _PowerCalls(ast.NodeTransformer):
    """Turn `a ** b` into a call, because CPython's own operator reaches the platform's `pow`."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        name = ast.Name(_POWER, ast.Load())
        return ast.fix_missing_locations(ast.copy_location(ast.Call(ast.copy_location(name, node), [node.left, node.right], []), node))

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        # Reading the target anew evaluates its index twice; the front-end admits no index with an effect here.
        current = ast.copy_location(ast.parse(ast.unparse(node.target), mode="eval").body, node)
        value = ast.copy_location(ast.BinOp(current, node.op, node.value), node)
        assignment = ast.copy_location(ast.Assign([node.target], self.visit(value)), node)
        return ast.fix_missing_locations(assignment)


def _library(name: str) -> types.ModuleType:
    return importlib.import_module(f"portalis.translator.library.{name}")


def _float_power(base: float, exponent: float) -> float:
    return float(_library("operators").float_pow(base, exponent))


def exact_power(base: Any, exponent: Any, modulus: Any = None) -> Any:
    """`base ** exponent` with our library's float power; ints stay CPython's."""
    if modulus is not None or not isinstance(base, int | float) or not isinstance(exponent, int | float):
        return builtins.pow(base, exponent, modulus)
    if isinstance(base, int) and isinstance(exponent, int) and exponent >= 0:
        return builtins.pow(base, exponent)
    return _float_power(float(base), float(exponent))


@functools.cache
def _library_math() -> types.ModuleType:
    """Our library as `math`; the names that it lacks can be imported but, as the front-end refuses them, not called."""
    module = types.ModuleType("math")
    vars(module).update(vars(importlib.import_module("math")))
    vars(module).update(vars(_library("host").host_math()))
    return module


@functools.cache
def _library_gf() -> types.ModuleType:
    """OpenUSD's `Gf` itself, but for the functions that it computes with the platform's C library: those are ours."""
    module = types.ModuleType("pxr.Gf")
    vars(module).update(vars(importlib.import_module("pxr.Gf")))
    for name, function in DRIFTING.items():
        setattr(module, name, getattr(_library("gf"), function))
    return module


@dataclass(frozen=True)
class Oracle:
    """The user's module executed by CPython, ready to be called."""

    namespace: dict[str, Any]
    name: str
    parameter_types: tuple[Type, ...]
    steps: list[int]

    @classmethod
    def load(
        cls, source: SourceFile, name: str, parameter_types: Sequence[Type], library: Library, recursive: Iterable[str] = ()
    ) -> Oracle:
        """Execute a module that the front-end accepted; ModuleFailure where that raises. `recursive` names its recursive functions."""
        tree = _CountedLoops().visit(ast.parse(source.text.removeprefix("\ufeff"), source.path))
        allowed = dict(_allowed_builtins())
        modules: dict[str, Any] = {}
        if library == "exact":
            tree = _PowerCalls().visit(tree)
            modules["math"] = _library_math()
            modules["pxr.Gf"] = _library_gf()
            modules["pxr"] = types.ModuleType("pxr")
            modules["pxr"].Gf = modules["pxr.Gf"]
            allowed["pow"] = exact_power
        allowed["__import__"] = _importer(modules)
        namespace: dict[str, Any] = {"__builtins__": allowed, "__name__": "portalis_snippet", _POWER: exact_power}
        steps = [STEPS]
        namespace |= {_STEPS: steps, _OUT_OF_STEPS: OutOfSteps}
        try:
            exec(compile(tree, source.path, "exec", dont_inherit=True), namespace)
        except (Exception, OutOfSteps) as error:
            raise ModuleFailure(_line_in(source.path, error), error) from error
        count_depth(namespace, recursive)
        return cls(namespace, name, tuple(parameter_types), steps)

    def evaluate(self, expression: str) -> Any:
        """Evaluate an expression, such as an example's argument, as the module's own code would."""
        self.steps[0] = STEPS
        return eval(compile(expression, "<example>", "eval", dont_inherit=True), self.namespace)

    def call(self, arguments: Sequence[Any], steps: int = STEPS) -> Outcome:
        """Call the entry and record everything a caller could observe; OutOfSteps where its loops go round more often than `steps`."""
        self.steps[0] = steps
        return observe(self.namespace[self.name], arguments, self.parameter_types)


def _line_in(path: str, error: BaseException) -> int:
    """Return the module's own line that an exception came through."""
    lines = (line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == path)
    return next(lines, 1)


@functools.cache
def _allowed_builtins() -> dict[str, Any]:
    exceptions = {name: value for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
    return exceptions | {name: getattr(builtins, name) for name in (*HARMLESS_BUILTINS, "__build_class__")}


def _importer(modules: dict[str, Any]) -> Callable[..., Any]:
    def importer(name: str, globals_: Any = None, locals_: Any = None, fromlist: Sequence[str] = (), level: int = 0) -> Any:
        if name not in _MODULES or level:
            raise ImportError(f"a verified snippet cannot import {name!r}")
        # `import pxr.Gf` asks for the package; `from pxr.Gf import …` for the module itself.
        wanted = name if fromlist else name.partition(".")[0]
        return modules[wanted] if wanted in modules else builtins.__import__(name, globals_, locals_, fromlist, level)

    return importer


def count_depth(namespace: dict[str, Any], recursive: Iterable[str]) -> None:
    """Hold the recursive functions of a module to the depth that is promised, all together.

    CPython's own limit also counts whoever called, C code in between included, so that it would strike somewhere else in every host.
    """
    depth = [0]
    for name in recursive:
        *owner, attribute = name.split(".")
        scope = namespace[owner[0]] if owner else None
        function = getattr(scope, attribute) if scope else namespace[attribute]
        counted = _counted(function, depth)
        if scope:
            setattr(scope, attribute, counted)
        else:
            namespace[attribute] = counted


def _counted(function: Callable[..., Any], depth: list[int]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        if depth[0] >= RECURSION_LIMIT:
            raise RecursionError(RECURSION[1])
        depth[0] += 1
        try:
            return function(*arguments, **named)
        finally:
            depth[0] -= 1

    return call


def observe(function: Callable[..., Any], arguments: Sequence[Any], parameter_types: Sequence[Type]) -> Outcome:
    """Call a function and record everything a caller could observe."""
    limit = sys.getrecursionlimit()
    # Each counted call is two frames, and what they call has to fit above them.
    sys.setrecursionlimit(_depth() + 4 * RECURSION_LIMIT)
    count = len(arguments) - len(by_name(function))
    named = dict(zip(by_name(function), arguments[count:], strict=True))
    try:
        value = function(*arguments[:count], **named)
    except Exception as error:
        return Outcome(exception=(type(error).__name__, str(error)), arguments=tuple(arguments))
    finally:
        sys.setrecursionlimit(limit)
    return Outcome(value, None, tuple(arguments), identity(value, arguments, parameter_types))


def by_name(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the parameters of a Python function that are passed by name alone; they are its last."""
    code: types.CodeType = inspect.unwrap(function).__code__
    return code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]


def _depth() -> int:
    """Count the frames below the observed function, which CPython's limit includes."""
    frame, depth = sys._getframe(1), 0
    while frame is not None:
        depth += 1
        frame = frame.f_back  # type: ignore[assignment]
    return depth
