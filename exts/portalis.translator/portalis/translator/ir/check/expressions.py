"""The checker's rules for expressions: operand types, definite assignment, places, calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeAlias, assert_never

from portalis.translator.ir.nodes import (
    EXPRESSIONS,
    Assign,
    BoolOp,
    Bound,
    Call,
    Compare,
    Const,
    ElementLoad,
    Expr,
    Fallible,
    FieldLoad,
    ForRange,
    Function,
    IfExpr,
    Local,
    Make,
    Node,
    ObjectOp,
    Prim,
    Sequence,
    is_place,
    named_children,
    place_root,
    place_steps,
    walk,
)
from portalis.translator.ir.objects import OBJECT_OPS
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS, SELECT
from portalis.translator.ir.types import (
    AGGREGATES,
    BOOL,
    INT,
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

# The locals that are assigned on every path that leads to a point; None where no path does.
Assigned: TypeAlias = frozenset[str] | None
Path: TypeAlias = tuple[str, ...]


class IRError(Exception):
    """The IR breaks its contract; `path` leads from the program to the node at fault."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(f"{' / '.join(path)}: {message}")


def fail(path: Path, message: str) -> NoReturn:
    raise IRError(path, message)


def join(left: Assigned, right: Assigned) -> Assigned:
    """Return what is assigned where two paths meet."""
    if left is None or right is None:
        return right if left is None else left
    return left & right


@dataclass(frozen=True)
class RuleScope:
    """What the rules need to know around a node: its function, the types of its names, the program's functions and strings."""

    function: Function
    names: Mapping[str, Type]
    functions: Mapping[str, Function]
    strings: frozenset[str]
    exceptions: frozenset[str]
    check_sequence: Callable[[RuleScope, Sequence, Assigned, Path], Assigned]


def check_expr(scope: RuleScope, expr: Expr, assigned: Assigned, path: Path) -> Assigned:
    """Check an expression and return what is assigned after it."""
    match expr:
        case Const():
            _check_const(scope, expr, path)
        case Local(_, type_, name):
            if scope.names.get(name) != type_:
                fail(path, f"local {name!r} is {scope.names.get(name, 'not declared')}, not {type_}")
            if assigned is not None and name not in assigned:
                fail(path, f"local {name!r} is not assigned on every path")
        case FieldLoad(_, type_, value, name):
            assigned = check_operands(scope, expr, assigned, path)
            if not isinstance(value.type, RecordType) or dict(value.type.fields).get(name) != type_:
                fail(path, f"{value.type} has no field {name!r} of type {type_}")
        case ElementLoad():
            assigned = _check_element(scope, expr, assigned, path)
        case Bound(_, type_, index, length, _):
            assigned = check_operands(scope, expr, assigned, path)
            expect(path, (type_, index.type), (INT, INT))
            if length < 1:
                fail(path, f"nothing lies inside a length of {length}")
        case Make(_, type_, items):
            if not isinstance(type_, AGGREGATES):
                fail(path, f"{type_} is not an aggregate")
            assigned = check_operands(scope, expr, assigned, path)
            expect(path, [item.type for item in items], type_.elements)
        case Prim():
            assigned = _check_prim(scope, expr, assigned, path)
        case ObjectOp(_, type_, op, args, name):
            assigned = check_operands(scope, expr, assigned, path)
            if op not in OBJECT_OPS or not OBJECT_OPS[op].fits(type_, [item.type for item in args], name):
                fail(path, f"{op}({', '.join(str(item.type) for item in args)}) does not give {type_}")
        case Compare(_, type_, _, left, right):
            assigned = check_operands(scope, expr, assigned, path)
            if left.type.slot_count != 1 or left.type.equality in ("elements", "objects"):
                fail(path, f"{left.type} cannot be compared")
            expect(path, (type_, right.type), (BOOL, left.type))
        case BoolOp(_, type_, _, left, right):
            assigned = check_expr(scope, left, assigned, (*path, "left"))
            check_expr(scope, right, assigned, (*path, "right"))
            expect(path, (type_, left.type, right.type), (BOOL, BOOL, BOOL))
        case IfExpr(_, type_, test, then, otherwise):
            after = check_expr(scope, test, assigned, (*path, "test"))
            sides = (check_expr(scope, then, after, (*path, "then")), check_expr(scope, otherwise, after, (*path, "otherwise")))
            expect(path, (test.type, then.type, otherwise.type), (BOOL, type_, type_))
            assigned = join(*sides)
        case Call():
            assigned = _check_call(scope, expr, assigned, path)
        case Sequence(_, type_, _, value):
            assigned = check_expr(scope, value, scope.check_sequence(scope, expr, assigned, path), (*path, "value"))
            expect(path, (value.type,), (type_,))
        case Fallible(_, type_, value, _):
            assigned = check_operands(scope, expr, assigned, path)
            expect(path, (value.type,), (type_,))
            if value.ending() is None:
                fail(path, "what cannot end the call has no error edge")
        case _:
            assert_never(expr)
    return assigned


def check_operands(scope: RuleScope, node: Node, assigned: Assigned, path: Path) -> Assigned:
    """Check the children of a node that evaluates them all, once, and has none but expressions."""
    for label, child in named_children(node):
        assert isinstance(child, EXPRESSIONS)
        assigned = check_expr(scope, child, assigned, (*path, label))
    return assigned


def expect(path: Path, types: Iterable[Type], wanted: Iterable[Type]) -> None:
    """Fail unless the types are those wanted."""
    found, needed = tuple(types), tuple(wanted)
    if found != needed:
        fail(path, f"types are ({', '.join(map(str, found))}), not ({', '.join(map(str, needed))})")


def _check_const(scope: RuleScope, const: Const, path: Path) -> None:
    match const.type:
        case IntType():
            good = type(const.value) is int and INT_MIN <= const.value <= INT_MAX
        case FloatType():
            good = type(const.value) is float
        case BoolType():
            good = type(const.value) is bool
        case NoneType():
            good = const.value is None
        case StrType():
            good = type(const.value) is str and const.value in scope.strings
        case TextType(octets):
            good = type(const.value) is (bytes if octets else str)
        case NeverType():
            good = const.value is None
        case TupleType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            good = False
        case WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
            good = False
        case _:
            assert_never(const.type)
    if not good:
        fail(path, f"{const.value!r} is not a constant of type {const.type}")


def _check_element(scope: RuleScope, load: ElementLoad, assigned: Assigned, path: Path) -> Assigned:
    assigned = check_operands(scope, load, assigned, path)
    if not isinstance(load.value.type, AGGREGATES) or isinstance(load.value.type, RecordType):
        fail(path, f"{load.value.type} has no elements to index")
    items = load.value.type.elements
    if load.index.type != INT or not items:
        fail(path, f"{load.value.type} cannot be indexed with {load.index.type}")
    if isinstance(load.index, Const):
        offset = load.index.value
        if not isinstance(offset, int) or not 0 <= offset < len(items):
            fail(path, f"offset {offset!r} lies outside {load.value.type}")
        expect(path, (load.type,), (items[offset],))
    elif len(set(items)) > 1:
        fail(path, f"{load.value.type} needs a constant index")
    else:
        expect(path, (load.type,), items[:1])
    return assigned


def _check_prim(scope: RuleScope, prim: Prim, assigned: Assigned, path: Path) -> Assigned:
    assigned = check_operands(scope, prim, assigned, path)
    types = [item.type for item in prim.args]
    if prim.op == SELECT:
        if prim.type.slot_count != 1 or prim.type.elements:
            fail(path, f"select gives a scalar, not {prim.type}")
        expect(path, types, (BOOL, prim.type, prim.type))
        return assigned
    op = OPS.get(prim.op)
    if op is None:
        fail(path, f"there is no operation {prim.op!r}")
    expect(path, [*types, prim.type], (*op.args, op.result))
    if prim.overflow == "proven" and not op.may_overflow:
        fail(path, f"{prim.op} cannot overflow: there is nothing to prove")
    return assigned


def _check_call(scope: RuleScope, call: Call, assigned: Assigned, path: Path) -> Assigned:
    callee = scope.functions.get(call.function)
    if callee is None:
        fail(path, f"there is no function {call.function!r}")
    if scope.function.library and not callee.library:
        fail(path, f"a library function calls {call.function!r}, which is not one")
    assigned = check_operands(scope, call, assigned, path)
    expect(path, [*(item.type for item in call.args), call.type], [*(param.type for param in callee.params), callee.result])
    places = [(index, argument) for index, (param, argument) in enumerate(zip(callee.params, call.args, strict=True)) if param.by_ref]
    for position, (index, place) in enumerate(places):
        inner = (*path, f"args[{index}]")
        if not is_place(place):
            fail(inner, "an argument passed by reference is not a place")
        if any(_overlap(place, other) for _, other in places[:position]):
            fail(inner, "two arguments passed by reference overlap")
        root = place_root(place)
        if any(root in assigned_names(other) for other in call.args):
            fail(inner, f"another argument assigns {root!r}, which is passed by reference")
    return assigned


def _way(place: Expr) -> list[str | int | None]:
    """Return a place as its local's name, then field names and offsets from the outside in; None for an offset that is not constant."""
    return [place_root(place), *map(_offset, place_steps(place))]


def _offset(load: FieldLoad | ElementLoad) -> str | int | None:
    if isinstance(load, FieldLoad):
        return load.name
    return load.index.value if isinstance(load.index, Const) and isinstance(load.index.value, int) else None


def _overlap(left: Expr, right: Expr) -> bool:
    pairs = zip(_way(left), _way(right), strict=False)
    return not any(one != other and one is not None and other is not None for one, other in pairs)


def assigned_names(expr: Expr) -> set[str]:
    """Return the locals that evaluating an expression may give a new value by assignment."""
    return {node.target for node in walk(expr) if isinstance(node, Assign | ForRange)}
