"""Argument values that find mistakes: each type's boundaries, the program's own constants and their neighbours, then random values."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from portalis.translator.calling.values import SlotValue, build
from portalis.translator.ir.nodes import Const, Program, walk_function
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS
from portalis.translator.ir.types import (
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
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
        source = Source(self.seed)
        draws = [self._draw(leaf, source) for type_ in self.types for leaf in leaves(type_)]
        produced = itertools.chain(_boundaries(draws, source), (_random(draws, source) for _ in itertools.count()))
        yield from itertools.islice(produced, count)

    def values(self, case: Sequence[SlotValue]) -> list[Any]:
        """Build fresh Python arguments from one case's slots."""
        supply = iter(case)
        return [build(type_, supply, self.strings) for type_ in self.types]

    def _draw(self, leaf: Type, source: Source) -> _Draw:
        """Return how values of a scalar are drawn."""
        random, uniform, below = source.random, source.uniform, source.below
        match leaf:
            case IntType():
                ints = (*self.ints, *INTS)
                pool = self.ints or INTS
                return _Draw(
                    ints,
                    lambda: pool[below(len(pool))] if random() < 0.3 else -20 + below(121),
                    lambda: source.getrandbits(1 + below(63)) * (1, -1)[below(2)],
                )
            case FloatType():
                floats = self.floats

                def plain() -> float:
                    if floats and random() < 0.2:
                        return floats[below(len(floats))]
                    return uniform(-10.0, 10.0) if random() < 0.7 else round(uniform(-1000.0, 1000.0), 2)

                return _Draw((*floats, *FLOATS), plain, lambda: math.ldexp(uniform(-1.0, 1.0), -1074 + below(2098)))
            case BoolType():
                return _Draw((0, 1), lambda: below(2), lambda: below(2))
            case StrType():
                count = len(self.strings)
                return _Draw(tuple(range(count)), lambda: below(count), lambda: below(count))
            case VecType() | QuatType():
                return _Draw(
                    tuple(map(to_single, FLOATS)),
                    lambda: to_single(uniform(-10.0, 10.0)),
                    lambda: to_single(math.ldexp(uniform(-1.0, 1.0), -149 + below(277))),
                )
            case NoneType() | TupleType() | ListType() | MatrixType() | RecordType():
                raise TypeError(f"{leaf} is no leaf")
            case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
                raise AssertionError(f"{leaf} crosses no boundary in slots")
            case _:
                assert_never(leaf)


class Source(random.Random):
    """A stream of random numbers; `below` is `randrange` without what that asks about its arguments."""

    def below(self, count: int) -> int:
        """Draw one of `count` numbers from 0 on; IndexError where there is none."""
        if not count:
            raise IndexError("there is nothing to choose from")
        width = count.bit_length()
        drawn = self.getrandbits(width)
        while drawn >= count:
            drawn = self.getrandbits(width)
        return drawn


@dataclass(frozen=True, slots=True)
class _Draw:
    """How values of one scalar are drawn: `interesting` ones, `plain` ones of everyday size, `wild` ones from all that there are."""

    interesting: tuple[SlotValue, ...]
    plain: Callable[[], SlotValue]
    wild: Callable[[], SlotValue]


def _boundaries(draws: Sequence[_Draw], source: Source) -> Iterator[list[SlotValue]]:
    yield [draw.plain() for draw in draws]
    # The interesting values of a wide signature would crowd out everything else: sample them, keeping each leaf's share equal.
    share = max(4, 96 // max(1, len(draws)))
    for position, leaf in enumerate(draws):
        # By their text, since 0.0 equals -0.0.
        pool = list({repr(value): value for value in leaf.interesting}.values())
        for value in source.sample(pool, min(share, len(pool))):
            yield [value if index == position else draw.plain() for index, draw in enumerate(draws)]


def _random(draws: Sequence[_Draw], source: Source) -> list[SlotValue]:
    mood = source.random()
    if mood < 0.15:
        return [draw.interesting[source.below(len(draw.interesting))] for draw in draws]
    if mood < 0.3:
        return [draw.wild() for draw in draws]
    return [draw.plain() for draw in draws]


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
        case NeverType() | TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            raise AssertionError(f"{type_} crosses no boundary in slots")
        case _:
            assert_never(type_)


def to_single(value: float) -> float:
    """Return the single that is nearest."""
    return float(OPS["float.round_to_single"].evaluate(value))


def _int_neighbours(value: int) -> tuple[int, ...]:
    return (value - 1, value, value + 1, -value)


def _float_neighbours(value: float) -> tuple[float, ...]:
    return (value, math.nextafter(value, math.inf), math.nextafter(value, -math.inf), -value, value * 0.5, value + 1.0)
