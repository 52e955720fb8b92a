"""Argument values that find mistakes: each type's boundaries, the program's own constants and their neighbours, then random values."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from portalis.translator.calling.values import SlotValue, build
from portalis.translator.ir.nodes import Const, Program, walk_function
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS
from portalis.translator.ir.types import (
    BoolType,
    FloatType,
    IntType,
    ListType,
    MatrixType,
    NoneType,
    QuatType,
    RecordType,
    StrType,
    TupleType,
    Type,
    VecType,
)

INTS = (
    0, 1, -1, 2, -2, 3, 7, -7, 10, 63, 64, 100, 255, 256, 1000, 2**31 - 1, -(2**31), 2**32, 3037000500, -(2**33), 2**53, 2**53 + 1,
    INT_MAX, INT_MIN, INT_MAX - 1,
)  # fmt: skip
_EVERYDAY = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, 0.1, 1.5, 2.5, -2.5, 10.0, 100.0, math.pi, math.e, 1e-3, 1e3, 1e6, -1e6)
_EXTREME = (1e16, 1e22, 1e100, 1e-100, 1e300, -1e300, 1e-300, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308)
_EDGES = (2.0**53, 2.0**63, -(2.0**63), 1 - 2.0**-53, 1 + 2.0**-52, math.inf, -math.inf, math.nan)
FLOATS = _EVERYDAY + _EXTREME + _EDGES


@dataclass(frozen=True)
class CaseGenerator:
    """Deterministic argument slots for a tuple of parameter types.

    `strings` are the program's constants; `ints` and `floats` are those that the source mentions, so that its comparisons are hit exactly.
    """

    types: tuple[Type, ...]
    strings: tuple[str, ...]
    ints: tuple[int, ...]
    floats: tuple[float, ...]
    seed: int

    @classmethod
    def of(cls, program: Program, types: Sequence[Type], seed: int) -> CaseGenerator:
        """Build the generator for a program's entry."""
        nodes = (node for function in program.functions if not function.library for node in walk_function(function))
        constants = [node.value for node in nodes if isinstance(node, Const)]
        numbers: list[int | float] = [value for value in constants if isinstance(value, int | float)]
        ints = {near for value in numbers if value == value and abs(value) < 2**62 for near in _int_neighbours(int(value))}
        floats = {near for value in numbers for near in _float_neighbours(float(value)) if near == near}
        return cls(tuple(types), program.strings, tuple(sorted(ints)), tuple(sorted(floats)), seed)

    def cases(self, count: int) -> Iterator[list[SlotValue]]:
        """Yield `count` argument lists as flat slots: first every boundary of each slot in turn, then mixtures and random values."""
        source = random.Random(self.seed)
        produced = itertools.chain(self._boundaries(source), (self._random(source) for _ in itertools.count()))
        yield from itertools.islice(produced, count)

    def values(self, case: Sequence[SlotValue]) -> list[Any]:
        """Build fresh Python arguments from one case's slots."""
        supply = iter(case)
        return [build(type_, supply, self.strings) for type_ in self.types]

    def _boundaries(self, source: random.Random) -> Iterator[list[SlotValue]]:
        yield [self._plain(type_, source) for type_ in self._leaves()]
        leaves = list(self._leaves())
        # The interesting values of a wide signature would crowd out everything else: sample them, keeping each leaf's share equal.
        share = max(4, 96 // max(1, len(leaves)))
        for position, leaf in enumerate(leaves):
            # By their text, since 0.0 equals -0.0.
            pool = list({repr(value): value for value in self._interesting(leaf)}.values())
            for value in source.sample(pool, min(share, len(pool))):
                yield [value if index == position else self._plain(other, source) for index, other in enumerate(leaves)]

    def _random(self, source: random.Random) -> list[SlotValue]:
        mood = source.random()
        leaves = self._leaves()
        if mood < 0.15:
            return [source.choice(self._interesting(leaf)) for leaf in leaves]
        if mood < 0.3:
            return [self._wild(leaf, source) for leaf in leaves]
        return [self._plain(leaf, source) for leaf in leaves]

    def _leaves(self) -> Iterator[Type]:
        for type_ in self.types:
            yield from leaves(type_)

    def _interesting(self, leaf: Type) -> tuple[SlotValue, ...]:
        match leaf:
            case IntType():
                return (*self.ints, *INTS)
            case FloatType():
                return (*self.floats, *FLOATS)
            case BoolType():
                return (0, 1)
            case StrType():
                return tuple(range(len(self.strings)))
            case VecType() | QuatType():
                return tuple(value for value in map(_to_single, FLOATS))
            case NoneType() | TupleType() | ListType() | MatrixType() | RecordType():
                raise TypeError(f"{leaf} is no leaf")
            case _:
                assert_never(leaf)

    def _plain(self, leaf: Type, source: random.Random) -> SlotValue:
        """Draw a value of everyday size."""
        match leaf:
            case IntType():
                pool = self.ints or INTS
                return source.choice(pool) if source.random() < 0.3 else source.randint(-20, 100)
            case FloatType():
                if self.floats and source.random() < 0.2:
                    return source.choice(self.floats)
                return source.uniform(-10.0, 10.0) if source.random() < 0.7 else round(source.uniform(-1000.0, 1000.0), 2)
            case VecType() | QuatType():
                return _to_single(source.uniform(-10.0, 10.0))
            case BoolType() | StrType() | NoneType() | TupleType() | ListType() | MatrixType() | RecordType():
                return source.choice(self._interesting(leaf))
            case _:
                assert_never(leaf)

    def _wild(self, leaf: Type, source: random.Random) -> SlotValue:
        """Draw a value from the whole range of the type."""
        match leaf:
            case IntType():
                return source.getrandbits(source.randint(1, 63)) * source.choice((1, -1))
            case FloatType():
                return math.ldexp(source.uniform(-1.0, 1.0), source.randint(-1074, 1023))
            case VecType() | QuatType():
                return _to_single(math.ldexp(source.uniform(-1.0, 1.0), source.randint(-149, 127)))
            case BoolType() | StrType() | NoneType() | TupleType() | ListType() | MatrixType() | RecordType():
                return source.choice(self._interesting(leaf))
            case _:
                assert_never(leaf)


def leaves(type_: Type) -> Iterator[Type]:
    """Yield a type's scalars in slot order; the element of a single vector or quaternion is given as that type itself."""
    match type_:
        case NoneType():
            return
        case IntType() | FloatType() | BoolType() | StrType():
            yield type_
        case VecType(_, "f") | QuatType("f"):
            yield from (type_ for _ in type_.slots)
        case VecType() | QuatType() | MatrixType() | TupleType() | ListType() | RecordType():
            for item in type_.elements:
                yield from leaves(item)
        case _:
            assert_never(type_)


def _to_single(value: float) -> float:
    return float(OPS["float.round_to_single"].evaluate(value))


def _int_neighbours(value: int) -> tuple[int, ...]:
    return (value - 1, value, value + 1, -value)


def _float_neighbours(value: float) -> tuple[float, ...]:
    return (value, math.nextafter(value, math.inf), math.nextafter(value, -math.inf), -value, value * 0.5, value + 1.0)
