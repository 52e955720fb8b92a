"""Functions that read a program's arguments from a message and write values to the answer (`ir/wire.py`), in the IR's own terms.

Each is made from a type alone, one to take and one to give its values; none can end the call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import (
    Assign,
    Call,
    Compare,
    Const,
    ElementLoad,
    Evaluate,
    Expr,
    FieldLoad,
    ForRange,
    Function,
    If,
    Local,
    Make,
    ObjectOp,
    Param,
    Prim,
    Program,
    Return,
    Stmt,
)
from portalis.translator.ir.objects import is_list_of_words, record_fields
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    TEXT,
    WIDE,
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
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.source import Span

_WORDS = ListRef(INT)


# What makes the locals and the body of a type's function.
_Write: TypeAlias = Callable[[Type], tuple[dict[str, Type], list[Stmt]]]


@dataclass(frozen=True, slots=True)
class Codecs:
    """The functions that take and give values, by type, and the program with these in it, before all others."""

    program: Program
    takes: dict[Type, Function]
    gives: dict[Type, Function]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all of them."""
        return tuple([function.name for function in (*self.takes.values(), *self.gives.values())])


def write_codecs(program: Program) -> Codecs:
    """Return what a program's entries that cross by wire need; for any other program nothing but itself."""
    entries = [program.function(name) for _, name in scalar_entries(program)]
    crossing = [function for function in entries if crosses_by_wire(function)]
    writer = _Writer(entries[0].span)
    for function in crossing:
        for parameter in function.params:
            writer.take(parameter.type)
            writer.give(parameter.type)
        writer.give(function.result)
        if function.tells or function.prints:
            writer.give(TEXT)
    functions = (*writer.takes.values(), *writer.gives.values())
    extended = replace(program, functions=(*functions, *program.functions)) if functions else program
    return Codecs(extended, writer.takes, writer.gives)


@dataclass
class _Writer:
    """Makes the functions of one program; all their nodes stand where the entry does."""

    span: Span
    takes: dict[Type, Function] = field(default_factory=dict)
    gives: dict[Type, Function] = field(default_factory=dict)

    def take(self, type_: Type) -> Function:
        """Return the function that takes a value of a type."""
        return self._written(self.takes, type_, "wire.take", (), type_, self._taking)

    def give(self, type_: Type) -> Function:
        """Return the function that gives a value of a type."""
        return self._written(self.gives, type_, "wire.give", (Param("value", type_),), NONE, self._giving)

    def _written(
        self, known: dict[Type, Function], type_: Type, name: str, params: tuple[Param, ...], result: Type, write: _Write
    ) -> Function:
        """Return a type's function, by whose name what it calls can call it where objects of the type hold such objects."""
        if isinstance(type_, ListRef | DictRef) and type_.beside is not None and type_ not in known:
            known[type_] = self._function(f"{name}.{len(known)}", params, result, {}, ())
            locals_, body = write(type_)
            known[type_] = replace(known[type_], locals=tuple(locals_.items()), body=tuple(body))
        if type_ not in known:
            locals_, body = write(type_)
            # Looking at what it holds may have come to it.
            known.setdefault(type_, self._function(f"{name}.{len(known)}", params, result, locals_, body))
        return known[type_]

    # ------------------------------------------------------------------------------------------------------------ taking
    def _taking(self, type_: Type) -> tuple[dict[str, Type], list[Stmt]]:
        match type_:
            case IntType():
                return {}, [self._return(self._object(type_, "wire.take_int"))]
            case FloatType():
                return {}, [self._return(self._object(FLOAT, "wire.take_float"))]
            case BoolType():
                word = self._object(INT, "wire.take_int")
                return {}, [self._return(Compare(self.span, BOOL, "ne", word, self._int(0)))]
            case NoneType() | NeverType():
                return {}, [self._return(Const(self.span, type_, None))]
            case TextType(octets):
                taken = self._object(TEXT, "wire.take_text")
                return {}, [self._return(self._object(type_, "text.as_other", taken) if octets else taken)]
            case WideType():
                return self._taking_wide()
            case ListRef():
                return self._taking_list(type_)
            case DictRef():
                return self._taking_dict(type_)
            case UnionType():
                return self._taking_union(type_)
            case SetRef():
                return self._taking_set(type_)
            case LibraryRef(python_class="bytearray"):
                return self._taking_bytearray(type_)
            case StrType() | LibraryRef():
                raise AssertionError(f"no message holds a {type_}")
            case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
                items = tuple([self._call(self.take(item)) for item in type_.elements])
                return {}, [self._return(Make(self.span, type_, items))]
            case _:
                assert_never(type_)

    def _taking_wide(self) -> tuple[dict[str, Type], list[Stmt]]:
        digits = self._local("digits", _WORDS)
        is_small = Compare(self.span, BOOL, "eq", self._local("count", INT), self._int(1))
        return {"count": INT, "digits": _WORDS}, [
            Assign(self.span, "count", self._object(INT, "wire.take_int")),
            If(self.span, is_small, (self._return(self._object(WIDE, "wide.of", self._object(INT, "wire.take_int"))),), ()),
            Assign(self.span, "digits", self._object(_WORDS, "list.of")),
            self._run(self._object(NONE, "wire.take_words", digits, self._local("count", INT))),
            self._return(self._object(WIDE, "wide.of_list", digits)),
        ]

    def _taking_union(self, type_: UnionType) -> tuple[dict[str, Type], list[Stmt]]:
        body: list[Stmt] = [Assign(self.span, "tag", self._object(INT, "wire.take_int"))]
        for place, member in enumerate(type_.members):
            taken = self._return(self._object(type_, "union.of", self._call(self.take(member))))
            is_it = Compare(self.span, BOOL, "eq", self._local("tag", INT), self._int(place))
            body.append(If(self.span, is_it, (taken,), ()) if place + 1 < len(type_.members) else taken)
        return {"tag": INT}, body

    def _taking_list(self, type_: ListRef) -> tuple[dict[str, Type], list[Stmt]]:
        number, made = self._local("number", INT), self._local("made", type_)
        filling = [Assign(self.span, "count", self._object(INT, "wire.take_int")), *self._taking_elements(type_), self._return(made)]
        if type_.frozen:
            return {"made": type_, "count": INT, "index": INT}, [Assign(self.span, "made", self._object(type_, "list.of")), *filling]
        known = [self._return(self._object(type_, "wire.known", number))]
        return {"number": INT, "made": type_, "count": INT, "index": INT}, [
            Assign(self.span, "number", self._object(INT, "wire.take_int")),
            If(self.span, self._object(BOOL, "wire.knows", number), tuple(known), ()),
            Assign(self.span, "made", self._object(type_, "list.of")),
            self._run(self._object(NONE, "wire.remember", made)),
            *filling,
        ]

    def _taking_elements(self, type_: ListRef) -> list[Stmt]:
        made, count = self._local("made", type_), self._local("count", INT)
        if is_list_of_words(type_):
            return [self._run(self._object(NONE, "wire.take_words", made, count))]
        append = self._run(self._object(NONE, "list.append", made, self._call(self.take(type_.item))))
        return [self._run(self._object(NONE, "list.reserve", made, count)), self._loop("index", count, [append])]

    def _taking_bytearray(self, type_: LibraryRef) -> tuple[dict[str, Type], list[Stmt]]:
        number, made, items = self._local("number", INT), self._local("made", type_), self._local("items", _WORDS)
        return {"number": INT, "made": type_, "items": _WORDS}, [
            Assign(self.span, "number", self._object(INT, "wire.take_int")),
            If(self.span, self._object(BOOL, "wire.knows", number), (self._return(self._object(type_, "wire.known", number)),), ()),
            Assign(self.span, "items", self._object(_WORDS, "list.of")),
            Assign(self.span, "made", self._object(type_, "record.of", items)),
            self._run(self._object(NONE, "wire.remember", made)),
            self._run(self._object(NONE, "wire.take_words", items, self._object(INT, "wire.take_int"))),
            self._return(made),
        ]

    def _giving_bytearray(self, value: Expr) -> tuple[dict[str, Type], list[Stmt]]:
        items = self._local("items", _WORDS)
        content = [
            Assign(self.span, "items", self._field(value, "items")),
            self._run(self._object(NONE, "wire.give_int", self._object(INT, "list.length", items))),
            self._run(self._object(NONE, "wire.give_words", items)),
        ]
        return {"items": _WORDS}, [If(self.span, self._object(BOOL, "wire.introduce", value), tuple(content), ())]

    def _taking_set(self, type_: SetRef) -> tuple[dict[str, Type], list[Stmt]]:
        """Fill the first slots and say with a `fill` of -1 or -2 that this is no table yet: the library makes it where it needs one."""
        number, made, count = self._local("number", INT), self._local("made", type_), self._local("count", INT)
        empty = [self._object(field, "list.of") if isinstance(field, ListRef) else self._int(0) for _, field in type_.storage]
        row: dict[str, Expr] = {"items": self._call(self.take(type_.item)), "hashes": self._int(0), "states": self._int(1)}
        columns: dict[str, Type] = {name: ListRef(value.type) for name, value in row.items()}
        locals_: dict[str, Type] = {"number": INT, "made": type_, "count": INT, "fill": INT, "index": INT}
        at_once = [
            Assign(self.span, "count", Prim(self.span, INT, "int.wrapping_sub", (self._int(0), count))),
            Assign(self.span, "fill", self._int(-2)),
        ]
        numbered: list[Stmt] = [
            Assign(self.span, "number", self._object(INT, "wire.take_int")),
            If(self.span, self._object(BOOL, "wire.knows", number), (self._return(self._object(type_, "wire.known", number)),), ()),
        ]
        return locals_ | columns, [
            *([] if type_.frozen else numbered),
            Assign(self.span, "made", self._object(type_, "record.of", *empty)),
            *([] if type_.frozen else [self._run(self._object(NONE, "wire.remember", made))]),
            *[Assign(self.span, name, self._field(made, name)) for name in columns],
            Assign(self.span, "count", self._object(INT, "wire.take_int")),
            Assign(self.span, "fill", self._int(-1)),
            If(self.span, Compare(self.span, BOOL, "lt", count, self._int(0)), tuple(at_once), ()),
            self._loop("index", count, [
                self._run(self._object(NONE, "list.append", self._local(name, columns[name]), value)) for name, value in row.items()
            ]),
            self._run(self._object(NONE, "record.set", made, count, name="used")),
            self._run(self._object(NONE, "record.set", made, self._local("fill", INT), name="fill")),
            self._return(made),
        ]  # fmt: skip

    def _taking_dict(self, type_: DictRef) -> tuple[dict[str, Type], list[Stmt]]:
        """Fill the entries; the library finds the hashes, for which 0 stands, and the table when it looks for the first key."""
        number, made, count = self._local("number", INT), self._local("made", type_), self._local("count", INT)
        empty = [self._object(field, "list.of") if isinstance(field, ListRef) else self._int(0) for _, field in type_.storage]
        row: dict[str, Expr] = {
            "keys": self._call(self.take(type_.key)),
            "values": self._call(self.take(type_.value)),
            "hashes": self._int(0),
        }
        columns: dict[str, Type] = {name: ListRef(value.type) for name, value in row.items()}
        locals_: dict[str, Type] = {"number": INT, "made": type_, "count": INT, "index": INT}
        return locals_ | columns, [
            Assign(self.span, "number", self._object(INT, "wire.take_int")),
            If(self.span, self._object(BOOL, "wire.knows", number), (self._return(self._object(type_, "wire.known", number)),), ()),
            Assign(self.span, "made", self._object(type_, "record.of", *empty)),
            self._run(self._object(NONE, "wire.remember", made)),
            *[Assign(self.span, name, self._field(made, name)) for name in columns],
            Assign(self.span, "count", self._object(INT, "wire.take_int")),
            self._loop("index", count, [
                self._run(self._object(NONE, "list.append", self._local(name, columns[name]), value)) for name, value in row.items()
            ]),
            self._run(self._object(NONE, "record.set", made, count, name="used")),
            self._return(made),
        ]  # fmt: skip

    # ------------------------------------------------------------------------------------------------------------ giving
    def _giving(self, type_: Type) -> tuple[dict[str, Type], list[Stmt]]:
        value = self._local("value", type_)
        match type_:
            case IntType():
                return {}, [self._run(self._object(NONE, "wire.give_int", value))]
            case FloatType():
                return {}, [self._run(self._object(NONE, "wire.give_float", value))]
            case BoolType():
                return {}, [self._run(self._object(NONE, "wire.give_int", Prim(self.span, INT, "bool.to_int", (value,))))]
            case NoneType() | NeverType():
                return {}, []
            case TextType(octets):
                given = self._object(TEXT, "text.as_other", value) if octets else value
                return {}, [self._run(self._object(NONE, "wire.give_text", given))]
            case WideType():
                return self._giving_wide(value)
            case ListRef():
                return self._giving_list(type_, value)
            case DictRef():
                return self._giving_record(type_, value, {"keys": type_.key, "values": type_.value})
            case SetRef():
                return self._giving_record(type_, value, {"items": type_.item})
            case UnionType():
                return self._giving_union(type_, value)
            case LibraryRef(python_class="bytearray"):
                return self._giving_bytearray(value)
            case StrType() | LibraryRef():
                raise AssertionError(f"no message holds a {type_}")
            case RecordType():
                fields = [FieldLoad(self.span, item, value, name) for name, item in type_.fields]
                return {}, [self._run(self._call(self.give(item.type), item)) for item in fields]
            case TupleType() | ListType() | VecType() | QuatType() | MatrixType():
                items = [ElementLoad(self.span, item, value, self._int(index)) for index, item in enumerate(type_.elements)]
                return {}, [self._run(self._call(self.give(item.type), item)) for item in items]
            case _:
                assert_never(type_)

    def _giving_wide(self, value: Expr) -> tuple[dict[str, Type], list[Stmt]]:
        digits = self._local("digits", _WORDS)
        small: list[Stmt] = [
            self._run(self._object(NONE, "wire.give_int", self._int(1))),
            self._run(self._object(NONE, "wire.give_int", self._object(INT, "wide.small", value))),
        ]
        large: list[Stmt] = [
            Assign(self.span, "digits", self._object(_WORDS, "wide.list", value)),
            self._run(self._object(NONE, "wire.give_int", self._object(INT, "list.length", digits))),
            self._run(self._object(NONE, "wire.give_words", digits)),
        ]
        return {"digits": _WORDS}, [If(self.span, self._object(BOOL, "wide.is_small", value), tuple(small), tuple(large))]

    def _giving_union(self, type_: UnionType, value: Expr) -> tuple[dict[str, Type], list[Stmt]]:
        tag = self._local("tag", INT)
        body: list[Stmt] = [
            Assign(self.span, "tag", self._object(INT, "union.tag", value)),
            self._run(self._object(NONE, "wire.give_int", tag)),
        ]
        for place, member in enumerate(type_.members):
            given = self._run(self._call(self.give(member), self._object(member, "union.take", value)))
            body.append(If(self.span, Compare(self.span, BOOL, "eq", tag, self._int(place)), (given,), ()))
        return {"tag": INT}, body

    def _giving_list(self, type_: ListRef, value: Expr) -> tuple[dict[str, Type], list[Stmt]]:
        count, index = self._local("count", INT), self._local("index", INT)
        if is_list_of_words(type_):
            elements = self._run(self._object(NONE, "wire.give_words", value))
        else:
            element = self._object(type_.item, "list.get", value, index)
            elements = self._loop("index", count, [self._run(self._call(self.give(type_.item), element))])
        content = [
            Assign(self.span, "count", self._object(INT, "list.length", value)),
            self._run(self._object(NONE, "wire.give_int", count)),
            elements,
        ]
        if type_.frozen:
            return {"count": INT, "index": INT}, content
        return {"count": INT, "index": INT}, [If(self.span, self._object(BOOL, "wire.introduce", value), tuple(content), ())]

    def _giving_record(self, type_: DictRef | SetRef, value: Expr, columns: dict[str, Type]) -> tuple[dict[str, Type], list[Stmt]]:
        """Give the rows of a dict or set that are in use."""
        marks, index = self._local("marks", ListRef(INT)), self._local("index", INT)
        mark = self._object(INT, "list.get", marks, index)
        is_dict = isinstance(type_, DictRef)
        is_used = Compare(self.span, BOOL, "ne" if is_dict else "eq", mark, self._int(-1 if is_dict else 1))
        row = [
            self._run(self._call(self.give(item), self._object(item, "list.get", self._local(name, ListRef(item)), index)))
            for name, item in columns.items()
        ]
        first = next(iter(columns))
        count = self._object(INT, "list.length", self._local(first, ListRef(columns[first])))
        content: list[Stmt] = [
            self._run(self._object(NONE, "wire.give_int", self._field(value, "used"))),
            Assign(self.span, "marks", self._field(value, "hashes" if is_dict else "states")),
            *[Assign(self.span, name, self._field(value, name)) for name in columns],
            self._loop("index", count, [If(self.span, is_used, tuple(row), ())]),
        ]
        locals_: dict[str, Type] = {"marks": ListRef(INT), "index": INT}
        found = locals_ | {name: ListRef(item) for name, item in columns.items()}
        if isinstance(type_, SetRef) and type_.frozen:
            return found, content
        return found, [If(self.span, self._object(BOOL, "wire.introduce", value), tuple(content), ())]

    # ------------------------------------------------------------------------------------------------------------- nodes
    def _function(self, name: str, params: tuple[Param, ...], result: Type, locals_: dict[str, Type], body: Sequence[Stmt]) -> Function:
        return Function(self.span, name, name, params, result, tuple(locals_.items()), tuple(body), library=True)

    def _local(self, name: str, type_: Type) -> Local:
        return Local(self.span, type_, name)

    def _int(self, value: int) -> Const:
        return Const(self.span, INT, value)

    def _object(self, type_: Type, op: str, *args: Expr, name: str = "") -> ObjectOp:
        return ObjectOp(self.span, type_, op, args, name)

    def _field(self, record: Expr, name: str) -> ObjectOp:
        return self._object(dict(record_fields(record.type))[name], "record.get", record, name=name)

    def _call(self, function: Function, *args: Expr) -> Call:
        return Call(self.span, function.result, function.name, args)

    def _run(self, value: Expr) -> Stmt:
        return Evaluate(self.span, value)

    def _return(self, value: Expr) -> Stmt:
        return Return(self.span, value)

    def _loop(self, index: str, count: Expr, body: Sequence[Stmt]) -> Stmt:
        return ForRange(self.span, index, self._int(0), count, self._int(1), tuple(body), ())
