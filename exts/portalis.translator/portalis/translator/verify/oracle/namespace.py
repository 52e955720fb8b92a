"""What a user's module finds when CPython runs it: the built-ins that the language knows, and our library as `math` and parts of `Gf`."""

from __future__ import annotations

import builtins
import functools
import importlib
import operator
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias, get_args

from portalis.translator.library.gf_signatures import DRIFTING
from portalis.translator.library.import_time import ABSTRACT_CLASSES, HARMLESS_BUILTINS, IGNORED_MODULES, IMPORTABLE, NEVER_EXECUTED
from portalis.translator.syntax import WRAPPERS

# The *exact* library is ours, so that not one bit may differ; *drift* is CPython's own, to tell how far the platform's libm is from ours.
Library: TypeAlias = Literal["exact", "drift"]
_MODULES = ("math", "pxr", "pxr.Gf", *IGNORED_MODULES, *(IMPORTABLE.keys() - NEVER_EXECUTED))
_NARROWED = {**IMPORTABLE, **ABSTRACT_CLASSES}
# What CPython imports by itself where a method of `datetime` is called: it looks in `sys.modules`, and needs nothing of what is given.
_INSIDE: dict[str, tuple[str, ...]] = {"datetime": ("time", "_strptime")}
# An int power beyond this many bits has no use, and takes CPython for ever; it has no memory for it either.
_POWER_BITS = 1 << 16


class BeyondReach(BaseException):
    """CPython would need more time or memory than any call gets: nothing is known of what it would give."""


# Each is given to one module only, which may change it.
_AHEAD: dict[Library, dict[str, Any]] = {}


def make_builtins_ahead() -> None:
    """Make what the next module gets: a forked process that made it would copy the pages of every built-in there is."""
    for library in get_args(Library):
        _AHEAD[library] = _made_builtins(library)


def make_builtins(library: Library) -> dict[str, Any]:
    """Return the built-ins of a module, with an `__import__` that knows the language's modules and no others; each time others."""
    return _AHEAD.pop(library, None) or _made_builtins(library)


def _made_builtins(library: Library) -> dict[str, Any]:
    found = dict(_allowed_builtins())
    modules: dict[str, Any] = {}
    if library == "exact":
        modules["math"] = _library_math()
        found["pow"] = exact_power
        found["abs"] = exact_absolute
    found["round"] = bounded_round
    found["__import__"] = _importer(modules, library)
    return found


_FACTORS = 2000
_WIDE_THEORY = {"comb": "combinations", "perm": "permutations", "factorial": "factorial", "isqrt": "square_root"}
_WIDE_ROUNDING = {"floor": "rounded_down", "ceil": "rounded_up", "trunc": "truncated"}


def exact_power(base: Any, exponent: Any, modulus: Any = None) -> Any:
    """`base ** exponent` with our library's float power; ints stay CPython's, within reason."""
    if modulus is not None or not isinstance(base, int | float) or not isinstance(exponent, int | float):
        return builtins.pow(base, exponent, modulus)
    if isinstance(base, int) and isinstance(exponent, int) and exponent >= 0:
        if base.bit_length() > 1 and base.bit_length() * exponent > _POWER_BITS:
            raise BeyondReach
        return builtins.pow(base, exponent)
    base, exponent = float(base), float(exponent)
    general = _library("general_powers")
    if general.is_complex(base, exponent):
        return general.complex_power(base, exponent)
    return float(_library("operators").float_pow(base, exponent))


def exact_absolute(value: Any) -> Any:
    """`abs` with our library's length of a complex number."""
    return _library("roots").length_of_complex(value.real, value.imag) if type(value) is complex else builtins.abs(value)


def bounded_round(number: Any, *digits: Any, **named: Any) -> Any:
    """`round`; for an int CPython computes a power of ten with as many digits as are asked for, however many those are."""
    asked = digits[0] if digits else named.get("ndigits")
    if isinstance(number, int) and isinstance(asked, int) and asked < -(_POWER_BITS // 4):
        # 10**-asked is more than twice any number of so few bits: what is nearest is 0, as CPython finds in the end.
        if number.bit_length() < _POWER_BITS // 2:
            return 0
        raise BeyondReach
    return builtins.round(number, *digits, **named)


def _bounded(function: Callable[..., int]) -> Callable[..., int]:
    """Return a function of ints that is not asked for products of too many factors."""

    @functools.wraps(function)
    def call(*arguments: Any) -> int:
        given = [operator.index(argument) for argument in arguments]
        if function.__name__ != "square_root" and min(given) > _FACTORS:
            raise BeyondReach
        return function(*given)

    return call


def _of_any(function: Callable[[float], int]) -> Callable[[Any], int]:
    """Return a function from floats to ints that gives an int as it is."""

    @functools.wraps(function)
    def call(value: Any) -> int:
        return int(value) if isinstance(value, int) else function(value)

    return call


def _library(name: str) -> types.ModuleType:
    return importlib.import_module(f"portalis.translator.library.{name}")


@functools.cache
def _library_math() -> types.ModuleType:
    """Our library as `math`; the names that it lacks can be imported but, as the front-end refuses them, not called."""
    module = types.ModuleType("math")
    vars(module).update(vars(importlib.import_module("math")))
    exact = vars(module)["gcd"], vars(module)["lcm"]
    vars(module).update(vars(_library("host").host_math()))
    # Of any number of ints, where the library has a function of a few.
    vars(module)["gcd"], vars(module)["lcm"] = exact
    # Where ints may have more than 64 bits; where they may not, a guard stops what is not asked.
    vars(module).update({name: _bounded(getattr(_library("wide_theory"), function)) for name, function in _WIDE_THEORY.items()})
    of_two, of_all = vars(module)["perm"], vars(module)["factorial"]
    vars(module)["perm"] = lambda n, k=None: of_all(n) if k is None else of_two(n, k)
    vars(module).update({name: _of_any(getattr(_library("wide_conversion"), function)) for name, function in _WIDE_ROUNDING.items()})
    return module


# What methods of `random.Random` find in their module of what the platform's C library computes.
_DRAWN_WITH = {f"_{name}": name for name in ("cos", "exp", "log", "sin", "sqrt")}
_DISTRIBUTIONS = ("expovariate", "gauss", "lognormvariate", "normalvariate", "triangular")


@functools.cache
def _exact_random() -> dict[str, Any]:
    """Return the names of `random`: CPython's own code, with our library's logarithms, roots and cosines."""
    own, library = vars(importlib.import_module("random")), vars(_library_math())
    inside = {**own, **{name: library[function] for name, function in _DRAWN_WITH.items()}}
    methods = {name: getattr(own["Random"], name) for name in _DISTRIBUTIONS}
    drawn = {
        name: types.FunctionType(method.__code__, inside, name, method.__defaults__, method.__closure__) for name, method in methods.items()
    }
    kind = type("Random", (own["Random"],), drawn)
    shared = kind()
    return {**own, **{name: getattr(shared, name) for name in IMPORTABLE["random"] - {"Random"}}, "Random": kind}


@functools.cache
def _exact_cmath() -> dict[str, Any]:
    """Return the names of `cmath` as they are written in our library, with its `math`."""
    written = importlib.import_module("portalis.translator.library.standard.cmath")
    inside = {**vars(written), "math": _library_math(), "abs": exact_absolute}
    functions = {
        name: value for name, value in inside.items() if isinstance(value, types.FunctionType) and value.__module__ == written.__name__
    }
    for name, function in functions.items():
        inside[name] = types.FunctionType(function.__code__, inside, name, function.__defaults__)
    return inside


_EXACT: dict[str, Callable[[], dict[str, Any]]] = {"cmath": _exact_cmath, "random": _exact_random}


@functools.cache
def narrowed(name: str, library: Library) -> types.ModuleType:
    """Return one of Python's own modules with the names that may be imported of it, and nothing else of it."""
    module = types.ModuleType(name)
    found = _EXACT[name]() if library == "exact" and name in _EXACT else vars(importlib.import_module(name))
    vars(module).update({key: found[key] for key in _NARROWED[name]})
    for inner in _INSIDE.get(name, ()):
        importlib.import_module(inner)
    if name == "collections":
        vars(module)["abc"] = narrowed("collections.abc", library)
    if name == "json":
        # Beside the text a program gives a value of the types that it holds.
        vars(module)["loads"] = lambda text, like=None: found["loads"](text)
    if name == "operator":
        vars(module)["pow"] = exact_power
    if name == "dataclasses":
        vars(module).update(asdict=_as_dict, astuple=_as_tuple, replace=_replaced)
    return module


def _as_dict(value: Any) -> dict[str, Any]:
    """`asdict` of a data class as it is written out: what its `__init__` takes are its fields."""
    return {name: _copied(getattr(value, name), _as_dict) for name in type(value).__match_args__}


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return tuple([_copied(getattr(value, name), _as_tuple) for name in type(value).__match_args__])


def _replaced(value: Any, /, **changes: Any) -> Any:
    return type(value)(**{name: getattr(value, name) for name in type(value).__match_args__ if name not in changes}, **changes)


def _copied(value: Any, function: Callable[[Any], Any]) -> Any:
    if isinstance(value, list | tuple):
        return type(value)([_copied(one, function) for one in value])
    if isinstance(value, dict):
        return {key: _copied(one, function) for key, one in value.items()}
    return function(value) if hasattr(type(value), "__match_args__") else value


@functools.cache
def _library_gf() -> types.ModuleType:
    """OpenUSD's `Gf` itself, but for the functions that it computes with the platform's C library: those are ours."""
    module = types.ModuleType("pxr.Gf")
    vars(module).update(vars(importlib.import_module("pxr.Gf")))
    for name, function in DRIFTING.items():
        setattr(module, name, getattr(_library("gf"), function))
    return module


@functools.cache
def _library_pxr() -> types.ModuleType:
    module = types.ModuleType("pxr")
    vars(module)["Gf"] = _library_gf()
    return module


@functools.cache
def _allowed_builtins() -> dict[str, Any]:
    exceptions = {name: value for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
    plain = {name: getattr(builtins, name) for name in (*HARMLESS_BUILTINS, "__build_class__", "super", *WRAPPERS)}
    return exceptions | plain | {"hasattr": hasattr, "getattr": _plain(getattr), "setattr": _plain(setattr)}


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `getattr` or `setattr` for names that are not special: these lead out of a program, and stop its translation."""

    def named(value: Any, name: str, *given: Any) -> Any:
        if str.startswith(name, "__"):
            raise AttributeError(name)
        return function(value, name, *given)

    return named


def _importer(modules: dict[str, Any], library: Library) -> Callable[..., Any]:
    def importer(name: str, globals_: Any = None, locals_: Any = None, fromlist: Sequence[str] = (), level: int = 0) -> Any:
        if any(name in inner for inner in _INSIDE.values()) and name in sys.modules:
            return types.ModuleType(name)
        if name not in _MODULES or level:
            raise ImportError(f"a verified snippet cannot import {name!r}")
        # `import pxr.Gf` asks for the package; `from pxr.Gf import …` for the module itself.
        wanted = name if fromlist else name.partition(".")[0]
        if name in _NARROWED:
            return narrowed(wanted, library)
        if library == "exact" and wanted.startswith("pxr"):
            return _library_gf() if wanted == "pxr.Gf" else _library_pxr()
        return modules[wanted] if wanted in modules else builtins.__import__(name, globals_, locals_, fromlist, level)

    return importer
