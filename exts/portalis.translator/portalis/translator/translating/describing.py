"""A program's interface, described for engines that have nothing but the module and this."""

from __future__ import annotations

from portalis.translator.frontend.lowered import Lowered, Overload
from portalis.translator.ir.abi import ABI_VERSION, scalar_entries
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function
from portalis.translator.ir.types import (
    BoolType,
    ComplexType,
    DictRef,
    FloatType,
    FunctionType,
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
from portalis.translator.translating.interface import Ending, EntryPoint, Interface, Kind, Passed, Shape

# A type nests as deep as a program writes it, and its text with it.
_MOST_CHARACTERS = 200


def interface_of(lowered: Lowered, sites: tuple[ErrorSite, ...], *, wide: bool) -> Interface:
    """Describe the module that was made of a program; `sites` are those of its build."""
    program, table = lowered.program, _Table()
    # A function has an entry for each signature; a class has one signature and an entry for each method.
    overloads = dict(zip([entry.function for entry in program.entries], lowered.overloads, strict=True))
    entries = tuple(_entry(export, program.function(name), overloads.get(name), table) for export, name in scalar_entries(program))
    errors = tuple(Ending(site.kind, site.name, site.message, site.form) for site in sites)
    return Interface(
        ABI_VERSION,
        lowered.kind,
        lowered.name,
        wide,
        table.shapes,
        entries,
        program.strings,
        errors,
        lowered.state,
        program.exceptions,
    )


def _entry(export: str, function: Function, overload: Overload | None, table: _Table) -> EntryPoint:
    by_wire = crosses_by_wire(function)
    defaults = {item.name: item.display or repr(item.default) for item in overload.parameters if item.has_default} if overload else {}

    def passed(name: str, type_: Type, by_ref: bool = False) -> Passed:
        return Passed(name, table.number(type_), () if by_wire else type_.slots, by_ref, defaults.get(name, ""))

    return EntryPoint(
        export,
        overload.signature if overload is not None else function.display,
        "message" if by_wire else "slots",
        tuple(passed(item.name, item.type, item.by_ref) for item in function.params),
        passed("", function.result),
        function.tells,
        function.prints,
        overload is not None and overload.gives_elements,
    )


class _Table:
    """Types, each once: what one holds is told by number, since types share types."""

    def __init__(self) -> None:
        self._numbers: dict[Type, int] = {}
        self._shapes: list[Shape] = []

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """All types so far; what a type holds stands before it, but for a type that holds itself."""
        return tuple(self._shapes)

    def number(self, type_: Type) -> int:
        """Return a type's number."""
        if isinstance(type_, ListRef | DictRef) and type_.beside is not None and type_ not in self._numbers:
            place = self._numbers[type_] = len(self._shapes)
            self._shapes.append(Shape("nothing", ""))
            self._shapes[place] = self._shape(type_)
        if type_ not in self._numbers:
            shape = self._shape(type_)
            if type_ not in self._numbers:
                self._numbers[type_] = len(self._shapes)
                self._shapes.append(shape)
        return self._numbers[type_]

    def _shape(self, type_: Type) -> Shape:
        text = str(type_)
        text = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
        kind, held, names, length = _parts(type_)
        return Shape(kind, text, tuple(map(self.number, held)), names, length)


def _parts(type_: Type) -> tuple[Kind, tuple[Type, ...], tuple[str, ...], int]:
    """Return a type's kind, the types in it, their names, and how often the only one comes."""
    match type_:
        case IntType():
            return "int", (), (), 0
        case FloatType():
            return "float", (), (), 0
        case BoolType():
            return "bool", (), (), 0
        case NoneType():
            return "none", (), (), 0
        case StrType():
            return "constant str", (), (), 0
        case NeverType():
            return "nothing", (), (), 0
        case TextType():
            return ("bytes" if type_.octets else "str"), (), (), 0
        case WideType():
            return "bigint", (), (), 0
        case ListRef():
            return ("tuple of any length" if type_.frozen else "list"), (type_.item,), (), 0
        case DictRef():
            return "dict", (type_.key, type_.value), (), 0
        case SetRef():
            return ("frozenset" if type_.frozen else "set"), (type_.item,), (), 0
        case LibraryRef():
            return "library object", (), (), 0
        case TupleType():
            return "tuple", type_.items, type_.fields, 0
        case ListType():
            return "list of fixed length", (type_.item,), (), type_.length
        case VecType():
            return "vector", (type_.elements[0],), (), len(type_.elements)
        case QuatType():
            return "quaternion", (type_.elements[0],), (), len(type_.elements)
        case MatrixType():
            return "matrix", (type_.elements[0],), (), len(type_.elements)
        case UnionType():
            return "union", type_.members, (), 0
        case FunctionType():
            return ("function", *_fields(type_), 0)
        case ComplexType():
            return ("complex", *_fields(type_), 0)
        case RecordType():
            return ("record", *_fields(type_), 0)


def _fields(type_: RecordType) -> tuple[tuple[Type, ...], tuple[str, ...]]:
    return tuple(item for _, item in type_.fields), tuple(name for name, _ in type_.fields)
