"""Arguments, as messages, for entries that take or give objects: the user's examples changed again and again, boundaries, and fresh values.

What is one object in two places is such in some of them: an artefact that copies where CPython shares is found out by nothing else.
"""

from __future__ import annotations

import ast
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from portalis.translator.calling.values import member_of, tuple_of
from portalis.translator.calling.wire import MessageReader, MessageWriter, Misfit, TooLong
from portalis.translator.frontend.lowered import Example, Lowered, Overload
from portalis.translator.ir.nodes import Const, Function, Program, walk_function
from portalis.translator.ir.types import (
    BYTEARRAY,
    BoolType,
    ComplexType,
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
from portalis.translator.verify.cases import CaseGenerator, Source
from portalis.translator.verify.value_cases import Ingredients, ValueSource, characters_in, copied, ints_in

# CPython has to work on a case in microseconds.
MESSAGE_LIMIT = 1 << 13
# Ints up to here are floats, and floats up to here have an int beside them.
_MENTIONED = 2**53
_SMALL = 2
_MOST_ELEMENTS = 50
# So many attempts at a case that was not there yet.
_ATTEMPTS = 6
_FROM_EXAMPLES, _SHARED, _CHANGES = 0.75, 0.12, 3
# Of the cases that are changed examples, how many start from one that was changed already.
_FURTHER = 0.3
# Whose lengths numbers like to be.
_SIZED = (list, tuple, str, bytes, bytearray, dict)


@dataclass(frozen=True)
class MessageCases:
    """Deterministic messages for a tuple of parameter types; `examples` are the arguments of calls that the user gave."""

    types: tuple[Type, ...]
    ingredients: Ingredients
    examples: tuple[tuple[Any, ...], ...]
    seed: int
    # Whether the last argument is how many elements of an iterator are wanted.
    limited: bool = False

    @classmethod
    def of(cls, lowered: Lowered, overload: Overload, function: Function, seed: int, *, without_state: bool = False) -> MessageCases:
        """Build the generator for an entry of a program, which stands for one signature; `without_state` for what its caller passes."""
        params = function.params[: len(overload.parameters)] if without_state else function.params
        types = tuple(parameter.type for parameter in params)
        numbers = CaseGenerator.of(lowered.program, (), seed)
        examples = tuple(_fitting(example_arguments(example, overload) for example in overload.examples))
        examples = tuple(found for found in examples if len(found) == len(types) and _message(found, types) is not None)
        texts = _texts(lowered.program)
        told = "".join([characters_in(value, type_) for example in examples for value, type_ in zip(example, types, strict=True)])
        characters = "".join(dict.fromkeys("".join(texts) + told))
        given = tuple(dict.fromkeys(ints_in(examples)))
        ingredients = Ingredients(_numbers(lowered.program), numbers.ints, numbers.floats, texts, characters, given)
        return cls(types, ingredients, examples, seed, overload.gives_elements)

    def starting_from(self, messages: Sequence[bytes]) -> MessageCases:
        """Return the generator whose examples are these messages."""
        return replace(self, examples=tuple(tuple(read_message(message, self.types)) for message in messages))

    def cases(self, count: int) -> list[bytes]:
        """Return up to `count` different messages: boundaries of each parameter in turn, then changed examples and fresh values."""
        source = Source(self.seed)
        values = ValueSource(source, self.ingredients)
        return self._distinct(itertools.chain(self._boundaries(values, source), self._mixed(values, source)), count)

    def changed(self, count: int) -> list[bytes]:
        """Return up to `count` different messages, each an example with a few changes."""
        source = Source(self.seed)
        values = ValueSource(source, self.ingredients)

        def produced() -> Iterator[list[Any]]:
            while True:
                # The last one went furthest.
                arguments = self._base(values, source) if source.random() < 0.25 else list(self.examples[-1])
                for _ in range(1 + source.below(2)):
                    arguments = self._changed(arguments, values, source)
                yield arguments

        return self._distinct(produced(), count)

    def _distinct(self, produced: Iterator[list[Any]], count: int) -> list[bytes]:
        found: dict[bytes, None] = {}
        for arguments in itertools.islice(produced, _ATTEMPTS * count):
            if self.limited:
                # Some have no end.
                arguments = [*arguments[:-1], arguments[-1] % _MOST_ELEMENTS - 1]
            message = _message(arguments, self.types)
            if message is not None:
                found[message] = None
            if len(found) >= count:
                break
        return list(found)

    def _base(self, values: ValueSource, source: Source) -> list[Any]:
        """Return arguments to start from: an example's, or fresh ones."""
        if not self.examples:
            return [values.draw(type_) for type_ in self.types]
        made: dict[int, Any] = {}
        chosen = self.examples[source.below(len(self.examples))]
        return [copied(value, type_, made) for value, type_ in zip(chosen, self.types, strict=True)]

    def _boundaries(self, values: ValueSource, source: Source) -> Iterator[list[Any]]:
        yield [values.draw(type_) for type_ in self.types]
        # All at their first boundary: lists that are empty, and not one list.
        yield [values.notable(type_)[0] for type_ in self.types]
        for position, type_ in enumerate(self.types):
            for value in values.notable(type_):
                base = self._base(values, source)
                yield [*base[:position], value, *base[position + 1 :]]
        yield from self._shared_everywhere(values, source)

    def _shared_everywhere(self, values: ValueSource, source: Source) -> Iterator[list[Any]]:
        """Yield arguments of which two are one object, and two equal ones, for the first pair of each type."""
        seen: dict[Type, int] = {}
        for position, type_ in enumerate(self.types):
            if type_ in seen:
                for one in (True, False, True, False):
                    base = self._base(values, source)
                    same = base[seen[type_]]
                    base[position] = same if one else copied(same, type_, {})
                    yield base
            elif _is_object(type_):
                seen[type_] = position

    def _mixed(self, values: ValueSource, source: Source) -> Iterator[list[Any]]:
        last = self._base(values, source)
        while True:
            if source.random() < _FROM_EXAMPLES:
                arguments = last if source.random() < _FURTHER else self._base(values, source)
                for _ in range(1 + source.below(_CHANGES)):
                    arguments = self._changed(arguments, values, source)
                last = arguments
            else:
                arguments = [values.draw(type_) for type_ in self.types]
            yield self._sharing(arguments, source) if source.random() < _SHARED else arguments

    def _changed(self, arguments: Sequence[Any], values: ValueSource, source: Source) -> list[Any]:
        if not self.types:
            return []
        at = source.below(len(self.types))
        about = [len(value) for value in arguments if isinstance(value, _SIZED)]
        return [*arguments[:at], values.change(arguments[at], self.types[at], about), *arguments[at + 1 :]]

    def _sharing(self, arguments: Sequence[Any], source: Source) -> list[Any]:
        """Put one list in a place where another of its type is."""
        made: dict[int, Any] = {}
        found = [copied(value, type_, made) for value, type_ in zip(arguments, self.types, strict=True)]
        places = [place for value, type_ in zip(found, self.types, strict=True) for place in _places(value, type_)]
        places += [(found, position, type_) for position, type_ in enumerate(self.types) if _is_object(type_)]
        if places:
            where, key, type_ = places[source.below(len(places))]
            same = [(other, at) for other, at, kind in places if kind == type_]
            other, at = same[source.below(len(same))]
            where[key] = other[at]
        return found


def _is_object(type_: Type) -> bool:
    """Tell whether values of a type can be one object in two places, and that shows."""
    return (isinstance(type_, ListRef | SetRef) and not type_.frozen) or isinstance(type_, DictRef) or type_ == BYTEARRAY


def _places(value: Any, type_: Type) -> Iterator[tuple[Any, Any, Type]]:
    """Yield the places in lists and dicts, inside a value, that hold a list or dict."""
    match type_:
        case ListRef(item):
            for index, element in enumerate(value):
                if _is_object(item) and not (isinstance(type_, ListRef) and type_.frozen):
                    yield value, index, item
                yield from _places(element, item)
        case DictRef(_, item):
            for key, element in value.items():
                if _is_object(item):
                    yield value, key, item
                yield from _places(element, item)
        case TupleType(items):
            for element, item in zip(value, items, strict=True):
                yield from _places(element, item)
        case UnionType():
            member = member_of(value, type_)
            assert member is not None
            yield from _places(value, member)
        case IntType() | WideType() | FloatType() | BoolType() | NoneType() | NeverType() | TextType() | SetRef():
            return
        case VecType() | QuatType() | MatrixType():
            return
        case LibraryRef(python_class="bytearray") | ComplexType():
            return
        case StrType() | ListType() | RecordType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


def read_message(message: bytes, types: Sequence[Type]) -> list[Any]:
    """Return the values of a message of ours."""
    reader = MessageReader(message, stand_ins=True)
    return [reader.read(type_) for type_ in types]


def _message(arguments: Sequence[Any], types: Sequence[Type]) -> bytes | None:
    """Return arguments as a message; None where they are none of these types, or too much."""
    writer = MessageWriter(MESSAGE_LIMIT, arguments=True)
    try:
        for value, type_ in zip(arguments, types, strict=True):
            writer.write(value, type_)
    except (Misfit, TooLong, ValueError):
        return None
    return writer.message()


def example_arguments(example: Example, overload: Overload) -> tuple[Any, ...] | None:
    """Return an example's arguments where they are literals, else None."""
    names = [parameter.name for parameter in overload.parameters]
    by_position = [item.name for item in overload.parameters if item.passed in ("any way", "by position")]
    given = {parameter.name: parameter.make_default() for parameter in overload.parameters if parameter.has_default}
    further = [item.name for item in overload.parameters if item.passed == "any number"]
    try:
        classes = {one.named: one for item in overload.parameters for one in named_tuples(item.type)}
        read = functools.partial(_literal, classes=classes)
        given |= {name: read(text) for name, text in (*zip(by_position, example.args, strict=False), *example.kwargs)}
        given |= {name: tuple(map(read, example.args[len(by_position) :])) for name in further}
        return tuple(given[name] for name in names)
    except (ValueError, TypeError, SyntaxError, KeyError, MemoryError, RecursionError):
        return None


def named_tuples(type_: Type) -> Iterator[TupleType]:
    """Yield the types of named tuples in a type."""
    if isinstance(type_, TupleType) and type_.named:
        yield type_
    inner = type_.contents if isinstance(type_, ListRef | DictRef) else (type_.item,) if isinstance(type_, SetRef) else ()
    for item in inner or type_.elements or (type_.members if isinstance(type_, UnionType) else ()):
        yield from named_tuples(item)


def _literal(text: str, classes: Mapping[str, TupleType]) -> Any:
    """Return a literal's value as the compiler makes it: the table of a set differs from the one that `literal_eval` gives it."""
    ast.literal_eval(_Plain(classes).visit(ast.parse(text, mode="eval")))
    made = {name: type(tuple_of((None,) * len(type_.fields), type_)) for name, type_ in classes.items()}
    return eval(text, {"__builtins__": {}, "set": set, "bytearray": bytearray, **made})


class _Plain(ast.NodeTransformer):
    """Puts what a bytearray or a named tuple is made of in its place, so that what is left is a literal."""

    def __init__(self, classes: Mapping[str, TupleType]) -> None:
        self._classes = classes

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(func=ast.Name(id="bytearray"), args=[ast.Constant(value=bytes())], keywords=[]):
                return node.args[0]
            case ast.Call(func=ast.Name(id=name)) if name in self._classes:
                parts: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
                return self.generic_visit(ast.Tuple(parts, ast.Load()))
            case _:
                return self.generic_visit(node)


def _fitting(found: Iterator[tuple[Any, ...] | None]) -> Iterator[tuple[Any, ...]]:
    return (example for example in found if example is not None)


def _constants(program: Program) -> Iterator[Const]:
    nodes = (node for function in program.functions if not function.library for node in walk_function(function))
    return (node for node in nodes if isinstance(node, Const))


def _texts(program: Program) -> tuple[str, ...]:
    """Return the texts that the user's functions mention, in order."""
    found = [node.value for node in _constants(program) if isinstance(node.type, TextType)]
    return tuple(dict.fromkeys(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in found))


def _numbers(program: Program) -> tuple[int | float, ...]:
    """Return the numbers that the user's functions mention and that chance hardly draws, as far as they are ints and floats alike."""
    found = [node.value for node in _constants(program) if isinstance(node.value, int | float) and not isinstance(node.value, bool)]
    return tuple(dict.fromkeys(value for value in found if _SMALL < abs(value) < _MENTIONED))
