"""IR expressions as Rust expressions, evaluated in the same order.

Rust copies an operand when it reaches it, as the IR does, with three exceptions that this module sees to: a place that is indexed or whose
field is read is not copied before its index is evaluated; an argument that is borrowed keeps its place while later arguments are evaluated;
and two elements of one array cannot be borrowed at once. A value that holds references is copied by `tree.Clone`.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Sequence as Sequence_
from dataclasses import dataclass, field
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.divisions import INTEGER_METHODS, is_plain_division
from portalis.translator.backends.rust.effects import effects
from portalis.translator.backends.rust.frames import is_nothing, is_word_of_exception
from portalis.translator.backends.rust.hoist import negated
from portalis.translator.backends.rust.literals import float_literal, int_literal, single_literal, string_literal
from portalis.translator.backends.rust.names import Scope, identifier
from portalis.translator.backends.rust.object_operations import OBJECT_OPERATIONS
from portalis.translator.backends.rust.operations import CHECKED, OPERATIONS, from_single, to_single
from portalis.translator.backends.rust.settle import settle, settle_pair
from portalis.translator.backends.rust.tree import UNIT, Expr
from portalis.translator.backends.rust.world import Callee, NotInRust, World, is_array
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.errors import site_of
from portalis.translator.ir.exceptions import LIMIT
from portalis.translator.ir.ops import SELECT
from portalis.translator.ir.types import (
    BYTEARRAY,
    FLOAT,
    INT,
    TEXT,
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

_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def is_single(type_: Type) -> bool:
    """Tell whether an aggregate's elements are held as f32."""
    return isinstance(type_, VecType | QuatType) and type_.scalar == "f"


@dataclass
class Expressions(ABC):
    """Translates the expressions of one function. `locals` maps the IR's names to Rust's; `types` collects the Rust types of all locals.

    `references` are the variables that are `&mut` and `borrowed` those that are `&`; `errors` are those that hold what a handler caught.
    """

    world: World
    function: ir.Function
    callee: Callee
    scope: Scope = field(default_factory=Scope)
    locals: dict[str, str] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    borrowed: set[str] = field(default_factory=set)
    # Where exceptions go: the variables and labels of what protects this place, the innermost last. And those that hold one now.
    catching: list[tuple[str, str]] = field(default_factory=list)
    caught: list[str] = field(default_factory=list)

    # ------------------------------------------------------------------------------------------------------------- names
    def fresh(self, hint: str, type_: Type) -> str:
        """Return a new local variable of a type."""
        name = self.scope.take(identifier(hint))
        self.types[name] = type_
        return name

    def site(self, node: ir.Node) -> Expr:
        """Return the constant that names a node's error site."""
        found = site_of(node)
        assert found is not None, "the node can end a call"
        return tree.Path(self.world.site(found, self.callee.module))

    # ------------------------------------------------------------------------------------------------------- expressions
    def expr(self, node: ir.Expr) -> Expr:
        """Return the value of an IR expression."""
        match node:
            case ir.Const():
                return self.constant(node)
            case ir.Local(_, type_) if is_nothing(type_):
                return UNIT
            case ir.Local(_, _, name) if self.locals[name] in self.errors:
                return tree.Clone(tree.Var(self.locals[name]))
            case ir.Local(_, type_, name) if not type_.duplicable:
                return tree.Clone(tree.Var(self.locals[name]))
            case ir.Local():
                return self.variable(node)
            case ir.FieldLoad(_, type_, value, name):
                return copied(type_, tree.Field(self.base(value), identifier(name)))
            case ir.ElementLoad():
                return self.element(node)
            case ir.Bound():
                raise AssertionError(f"{node.span} has no error edge")
            case ir.Make(_, type_, items):
                return self.make(type_, items)
            case ir.Prim():
                return self.primitive(node)
            case ir.Compare(_, _, op, left, right) if op in ("eq", "ne") and left.type == FLOAT and _same_local(left, right):
                test = tree.Method(self.expr(left), "is_nan", (), pure=True)
                return test if op == "ne" else tree.Unary("!", test)
            case ir.Compare(_, _, op, left, right):
                return tree.Binary(_SIGNS[op], *settle_pair(self.expr(left), self.expr(right)), total=left.type != FLOAT)
            case ir.BoolOp(_, _, op, left, right):
                return tree.Binary("&&" if op == "and" else "||", self.expr(left), self.expr(right))
            case ir.IfExpr(_, _, test, then, otherwise):
                return tree.Choose(self.expr(test), self.expr(then), self.expr(otherwise))
            case ir.Call():
                return self.call(node, None)
            case ir.Sequence(_, _, body, value):
                return tree.Block(self.statements(body), self.expr(value))
            case ir.Fallible(_, _, value, edge):
                return self.fallible(value, edge)
            case ir.ObjectOp():
                return self.object_operation(node)
            case _:
                assert_never(node)

    def error_operation(self, node: ir.ObjectOp) -> Expr:
        """Return what is asked of an exception that was caught, whose error word its variable stands for."""
        if node.op == "error.told":
            if not self.caught:
                raise NotInRust(f"{node.span}: of which exception a text is asked is not known")
            return tree.Method(tree.Var(self.caught[-1]), "told_text", (), pure=True)
        error = self.caught_error(node)
        match node.op:
            case "error.is":
                return self.is_of(error, node.name)
            case "error.form":
                return tree.Method(error, "form", (), pure=True)
            case "error.class":
                return tree.Method(error, "class_name", (), pure=True)
            case "error.argument" | "error.message" if any(map(_has_surrogate, self.world.constant_messages)):
                raise NotInRust("a message with a lone surrogate is nothing that a crate's errors hold")
            case "error.argument":
                return tree.Method(error, "argument", (), pure=True)
            case "error.message":
                return tree.Method(error, "message_text", (), pure=True)
        raise NotInRust(f"{node.op} has no Rust yet")

    def caught_error(self, node: ir.ObjectOp) -> Expr:
        """Return the exception that an operation's error word stands for."""
        word = node.args[0] if node.args else None
        if word is not None and is_word_of_exception(word):
            return self.expr(word)
        if not isinstance(word, ir.Local) or self.locals[word.name] not in self.errors:
            raise NotInRust(f"{node.op} of what is no variable of a handler has no Rust")
        return tree.Var(self.locals[word.name])

    def is_of(self, error: Expr, classes: str) -> Expr:
        """Return whether an exception is of one of the classes, whose names have blanks between them."""
        if classes == LIMIT:
            recursive = any(function.recursive for function in self.world.program.functions)
            return tree.Method(error, "is_limit", (), pure=True) if recursive else tree.Literal("false", "other")
        found, every = self.world.classes_of(classes)
        if not found or found == every:
            return tree.Literal("true" if found else "false", "other")
        tests: list[Expr] = []
        for name in dict.fromkeys(classes.split()):
            if name != LIMIT:
                tests.append(tree.Method(error, "is", (tree.Path(self.world.kinds.path(name)),), pure=True))
            elif any(function.recursive for function in self.world.program.functions):
                tests.append(tree.Method(error, "is_limit", (), pure=True))
        return functools.reduce(lambda left, right: tree.Binary("||", left, right), tests)

    @abstractmethod
    def statements(self, body: tuple[ir.Stmt, ...]) -> tree.Body:
        """Return the statements of a `Sequence`."""

    def constant(self, node: ir.Const) -> Expr:
        """Return a constant."""
        match node.value:
            case bool(value):
                return tree.Literal("true" if value else "false", "other")
            case int(value):
                return int_literal(value)
            case float(value):
                return float_literal(value)
            case str(value) if node.type == TEXT:
                self.world.type_name(TEXT)
                return text_constant(value)
            case bytes(value):
                self.world.type_name(node.type)
                return text_constant(value.decode("latin-1"))
            case str(value):
                if _has_surrogate(value):
                    raise NotInRust(f"{value!a} has a lone surrogate, which no Rust string can hold")
                return tree.Literal(string_literal(value), "other")
            case None:
                return UNIT

    def base(self, node: ir.Expr) -> Expr:
        """Return an aggregate of which a part is taken, or an object that is borrowed: through a reference no dereference is needed."""
        if isinstance(node, ir.Local) and not is_nothing(node.type):
            return tree.Var(self.locals[node.name])
        return place_of(self.expr(node))

    def variable(self, node: ir.Local) -> Expr:
        """Return a variable, seen through where it is a reference."""
        variable = tree.Var(self.locals[node.name])
        return tree.Unary("*", variable) if variable.name in self.references | self.borrowed else variable

    def operand(self, node: ir.Expr) -> Expr:
        """Return an object that an operator borrows."""
        return self.variable(node) if isinstance(node, ir.Local) else place_of(self.expr(node))

    def shared(self, node: ir.Expr) -> Expr:
        """Return an object as an argument that is borrowed."""
        place = self.operand(node)
        return place.value if isinstance(place, tree.Unary) and place.op == "*" and _is_borrowed(place, self.borrowed) else _shared(place)

    def object_operation(self, node: ir.ObjectOp) -> Expr:
        """Return the result of an operation on objects."""
        if node.op == "object.same" and isinstance(node.args[0].type, TextType):
            raise NotInRust("whether two texts are one object is nothing that Rust's would tell")
        if node.op == "object.same" and node.args[0].type == BYTEARRAY:
            raise NotInRust("whether two bytearrays are one object is not told by what Rust has for them")
        if node.op.startswith("error."):
            self.world.type_name(TEXT)
            return self.error_operation(node)
        if node.args and isinstance(node.args[0], ir.Local) and node.args[0].name == self.callee.items:
            return self.of_items(node)
        if node.op not in OBJECT_OPERATIONS:
            raise NotInRust(f"{node.op} has no Rust yet")
        for type_ in (node.type, *(arg.type for arg in node.args)):
            self.world.type_name(type_)
        return OBJECT_OPERATIONS[node.op](self, node)

    def of_items(self, node: ir.ObjectOp) -> Expr:
        """Return what is asked of a list of which the elements were passed."""
        items = self.base(node.args[0])
        if node.op == "list.length":
            return tree.Cast(tree.Method(items, "len", (), pure=True), "i64")
        assert node.op == "list.get", "elements that were passed are only read"
        place = tree.Index(items, self.offset(node.args[1]))
        return place if node.type.duplicable else _shared(place)

    def fallible(self, node: ir.Bound | ir.Prim | ir.Call, edge: ir.Edge) -> Expr:
        """Return the value of an expression that leaves the function where it ends in an error."""
        match node:
            case ir.Bound():
                return tree.Cast(self.bound(node, edge), "i64")
            case ir.Prim():
                return self.propagated(tree.Call(CHECKED[node.op][0], (*map(self.expr, node.args), self.site(node))), edge)
            case ir.Call():
                return self.call(node, edge)
            case _:
                assert_never(node)

    def propagated(self, value: Expr, edge: ir.Edge | None) -> Expr:
        """Return the value out of a `Result`, whose error goes along the edge; without an edge, a value that is none."""
        if edge is None:
            return value
        match edge.target:
            case "leave":
                return tree.Try(value)
            case "handler":
                place, label = self.catching[-1]
                return tree.Catch(value, tree.Var(place), label)
            case _:
                assert_never(edge.target)

    def bound(self, node: ir.Bound, edge: ir.Edge) -> Expr:
        """Return a checked index as a usize."""
        length = tree.Literal(str(node.length), "int")
        message = tree.Literal(string_literal(node.message), "other")
        return self.propagated(tree.Call("ops::index", (self.expr(node.index), length, message, self.site(node))), edge)

    def offset(self, node: ir.Expr) -> Expr:
        """Return an index that is known to be in range as a usize."""
        match node:
            case ir.Const(_, _, int(value)):
                return tree.Literal(str(value), "int")
            case ir.Fallible(_, _, ir.Bound() as bound, edge):
                return self.bound(bound, edge)
            case _:
                return tree.Cast(settle(self.expr(node)), "usize")

    def element(self, node: ir.ElementLoad) -> Expr:
        """Return one element of an aggregate."""
        type_ = node.value.type
        if isinstance(type_, TupleType) and not is_array(type_):
            if isinstance(node.index, ir.Const):
                return copied(node.type, tree.Field(self.base(node.value), str(node.index.value)))
            value, index = self.items_of(node.value, type_), self.offset(node.index)
            return copied(node.type, tree.Index(value, index))
        base, index = self.base(node.value), self.offset(node.index)
        if isinstance(node.value, ir.Make) and not isinstance(node.index, ir.Const) and (table := self.table(node.value)) is not None:
            base = table
        if effects(index).writes & effects(base).reads:
            whole = self.fresh("before", type_)
            load = copied(node.type, tree.Index(tree.Var(whole), index))
            block: Expr = tree.Block(
                (tree.Assign(tree.Var(whole), self.expr(node.value)),), from_single(load) if is_single(type_) else load
            )
            return block
        return from_single(tree.Index(base, index)) if is_single(type_) else copied(node.type, tree.Index(base, index))

    def items_of(self, node: ir.Expr, type_: TupleType) -> Expr:
        """Return a tuple whose items have one type as an array, so that it can be indexed."""
        if isinstance(node, ir.Make):
            table = self.table(node)
            return table if table is not None else tree.Array(tuple(map(self.expr, node.items)))
        if ir.is_place(node):
            base = self.base(node)
            return tree.Array(tuple(copied(item, tree.Field(base, str(index))) for index, item in enumerate(type_.items)))
        whole = self.fresh("items", type_)
        parts = tree.Array(tuple(copied(item, tree.Field(tree.Var(whole), str(index))) for index, item in enumerate(type_.items)))
        return tree.Block((tree.Assign(tree.Var(whole), self.expr(node)),), parts)

    def table(self, node: ir.Make) -> Expr | None:
        """Return the name of a module-level constant that holds a constant tuple or list, or None where it is not constant."""
        assert isinstance(node.type, TupleType | ListType)
        if not node.items or not node.type.duplicable or not all(isinstance(item, ir.Const) for item in node.items):
            return None
        value = tree.Array(tuple(map(self.expr, node.items)))
        type_ = f"[{self.world.type_name(node.type.elements[0])}; {len(node.items)}]"
        return tree.Path(self.world.table(self.callee, type_, value))

    def make(self, type_: Type, items: Sequence_[ir.Expr]) -> Expr:
        """Return a new aggregate."""
        if is_nothing(type_):
            return UNIT
        if is_single(type_):
            values = tuple(self.single(item) for item in items)
            return tree.Call(self.world.type_name(type_), (tree.Array(values),), pure=True)
        values = tuple(map(self.expr, items))
        match type_:
            case VecType() | QuatType() | MatrixType():
                return tree.Call(self.world.type_name(type_), (_array(values),), pure=True)
            case ListType():
                return _array(values)
            case TupleType():
                return _array(values) if is_array(type_) else tree.Tuple(values)
            case RecordType(_, fields):
                return tree.Struct(self.world.type_name(type_), tuple(identifier(name) for name, _ in fields), values)
            case (
                IntType()
                | FloatType()
                | BoolType()
                | NoneType()
                | StrType()
                | NeverType()
                | TextType()
                | WideType()
                | ListRef()
                | DictRef()
                | SetRef()
                | UnionType()
                | LibraryRef()
            ):
                raise AssertionError(f"{type_} is not an aggregate")
            case _:
                assert_never(type_)

    def single(self, node: ir.Expr) -> Expr:
        """Return a float that a single can hold as an f32."""
        if isinstance(node, ir.Const) and isinstance(node.value, float):
            return single_literal(node.value)
        return to_single(settle(self.expr(node)))

    def primitive(self, node: ir.Prim) -> Expr:
        """Return the result of a primitive operation."""
        args = [self.expr(arg) for arg in node.args]
        if node.op == SELECT:
            return self.select(node, args)
        if node.op in CHECKED:
            assert node.ending() is None, f"{node.span} has no error edge"
            _, sign = CHECKED[node.op]
            return tree.Binary(sign, args[0], args[1]) if len(args) == 2 else tree.Unary("-", args[0])
        if node.op == "bool.not":
            return negated(args[0])
        if node.op == "int.to_float" and isinstance(node.args[0], ir.Const):
            return float_literal(float(int(node.args[0].value or 0)))
        return OPERATIONS[node.op](*args)

    def select(self, node: ir.Prim, args: list[Expr]) -> Expr:
        """Return one of two values, both of which are evaluated."""
        test, then, otherwise = args
        if effects(then, otherwise).pure and not effects(then, otherwise).writes:
            return tree.Choose(test, then, otherwise)
        body, names = self.spilled([("test", node.args[0].type, test), ("then", node.type, then), ("otherwise", node.type, otherwise)])
        return tree.Block(body, tree.Choose(names[0], names[1], names[2]))

    def spilled(self, values: Sequence_[tuple[str, Type, Expr]]) -> tuple[tree.Body, list[Expr]]:
        """Return assignments of values to new variables, in order, and the variables."""
        body: list[tree.Stmt] = []
        names: list[Expr] = []
        for hint, type_, value in values:
            name = tree.Var(self.fresh(hint, type_))
            body.append(tree.Assign(name, value))
            names.append(name if type_.duplicable else tree.Clone(name))
        return tuple(body), names

    # ------------------------------------------------------------------------------------------------------------- calls
    def call(self, node: ir.Call, edge: ir.Edge | None) -> Expr:
        """Return the result of a call, which ends along `edge` where it can end in an error."""
        callee = self.world.callees[node.function]
        if is_plain_division(node, self.world.library):
            dividend, divisor = map(self.expr, node.args)
            if node.function in INTEGER_METHODS:
                return tree.Method(settle(dividend), INTEGER_METHODS[node.function], (divisor,), pure=True)
            return tree.Binary("/", dividend, divisor)
        self.world.called.append(node.function)
        before, args, after = self.arguments(callee, node)
        value = self.spell(callee, args, edge)
        if edge is not None and edge.records:
            value = tree.Method(value, "at", (self.site(node),))
        if after:
            # The copies go back on an error too, before it is passed on.
            result = tree.Var(self.scope.take("result"))
            value = tree.Block((*before, tree.Let(result.name, value), *after), self.propagated(result, edge))
            return value
        value = self.propagated(value, edge)
        return tree.Block(before, value) if before else value

    def arguments(self, callee: Callee, node: ir.Call) -> tuple[tree.Body, list[Expr], tree.Body]:
        """Return statements to run before a call, its arguments, and statements to run after it."""
        params = callee.function.params
        values = [self.argument(callee, param, arg) for param, arg in zip(params, node.args, strict=True)]
        seen_through = callee.owner is not None and (params[0].type.duplicable or params[0].name in callee.borrowed)
        if seen_through and callee.operator is None and not params[0].by_ref and ir.is_place(node.args[0]):
            # A method call sees through a reference by itself.
            values[0] = self.base(node.args[0])
        shared = [index for index, param in enumerate(params) if param.name in callee.borrowed]
        clash = [index for index in shared if self.is_overtaken(values, index, params)]
        if clash:
            return self.early(callee, node, values, len(values)), values, ()
        borrowed = [index for index, param in enumerate(params) if param.by_ref]
        reflected = callee.operator is not None and callee.operator.shape == "reflected"
        if reflected and not effects(values[0]).commutes_with(effects(values[1])):
            return self.early(callee, node, values, 1), values, ()
        roots = {tree.root(_place(values[index])) for index in borrowed}
        if len(roots) < len(borrowed) and not self.borrows_fields(values, borrowed):
            return self.copied(callee, node, values, borrowed)
        later = [index for index in range(borrowed[0] + 1, len(values)) if not params[index].by_ref] if borrowed else []
        clash = [index for index in later if (effects(values[index]).reads | effects(values[index]).writes) & roots]
        return self.early(callee, node, values, clash[-1] + 1) if clash else (), values, ()

    @staticmethod
    def is_overtaken(values: list[Expr], index: int, params: Sequence_[ir.Param]) -> bool:
        """Tell whether the place of an argument that is borrowed may change while another is evaluated or by the call."""
        place = effects(values[index]).reads
        later = any(effects(value).writes & place for value in values[index + 1 :])
        return later or any(effects(_place(values[other])).reads & place for other, param in enumerate(params) if param.by_ref)

    def argument(self, callee: Callee, param: ir.Param, node: ir.Expr) -> Expr:
        """Return one argument; a by_ref one is borrowed, again where it is a reference already."""
        if param.name in callee.borrowed:
            return self.shared(node)
        if not param.by_ref:
            return self.expr(node)
        return tree.Borrow(self.expr(node) if isinstance(node, ir.Local) else self.base(node))

    def early(self, callee: Callee, node: ir.Call, values: list[Expr], count: int) -> tree.Body:
        """Evaluate the first `count` arguments before the call, in order: values into variables, and the indices of borrowed places."""
        body: list[tree.Stmt] = []
        for index, (param, arg) in enumerate(zip(callee.function.params[:count], node.args, strict=False)):
            if param.by_ref:
                pins, place = self.pinned(arg)
                body += pins
                values[index] = self.argument(callee, param, place)
            elif param.name in callee.borrowed:
                assigns, names = self.spilled([(param.name, param.type, self.expr(arg))])
                body += assigns
                values[index] = _shared(place_of(names[0]))
            else:
                assigns, names = self.spilled([(param.name, param.type, values[index])])
                body += assigns
                values[index] = names[0]
        return tuple(body)

    def pinned(self, place: ir.Expr) -> tuple[tree.Body, ir.Expr]:
        """Return a place whose indices are constants and variables, and the assignments of those variables."""
        loads = ir.place_steps(place)
        body: list[tree.Stmt] = []
        pinned = loads[0].value if loads else place
        for load in loads:
            match load:
                case ir.FieldLoad(span, type_, _, name):
                    pinned = ir.FieldLoad(span, type_, pinned, name)
                case ir.ElementLoad(span, type_, _, index):
                    if not isinstance(index, ir.Const):
                        assigns, names = self.spilled([("index", INT, self.expr(index))])
                        assert isinstance(names[0], tree.Var)
                        self.locals[f"@{names[0].name}"] = names[0].name
                        index = ir.Local(index.span, INT, f"@{names[0].name}")
                        body += assigns
                    pinned = ir.ElementLoad(span, type_, pinned, index)
                case _:
                    assert_never(load)
        return tuple(body), pinned

    @staticmethod
    def borrows_fields(values: list[Expr], borrowed: list[int]) -> bool:
        """Tell whether places that do not overlap are told apart by fields alone, which the borrow checker understands."""
        places = [_place(values[index]) for index in borrowed]
        return not any(isinstance(part, tree.Index) for place in places for part in tree.walk(place))

    def copied(self, callee: Callee, node: ir.Call, values: list[Expr], borrowed: list[int]) -> tuple[tree.Body, list[Expr], tree.Body]:
        """Pass copies by reference and write them back: the borrow checker cannot tell two elements of one array apart."""
        params = callee.function.params
        body = self.early(callee, node, values, len(values))
        taken = [(params[index].name, params[index].type, copied(params[index].type, _place(values[index]))) for index in borrowed]
        copies, names = self.spilled(taken)
        after: list[tree.Stmt] = []
        for index, name in zip(borrowed, names, strict=True):
            after.append(tree.Assign(_place(values[index]), name))
            values[index] = tree.Borrow(place_of(name))
        return (*body, *copies), values, tuple(after)

    def spell(self, callee: Callee, args: list[Expr], edge: ir.Edge | None) -> Expr:
        """Return a call as a function call, a method call or an operator."""
        params = callee.function.params
        # A call of the user's may loop for ever, which somebody would notice if it were dropped.
        pure = callee.function.library and edge is None and not callee.sees_objects and not any(param.by_ref for param in params)
        heap: tree.Heap = "changed" if callee.sees_objects else "untouched"
        if callee.operator is not None:
            match callee.operator.shape:
                case "unary":
                    return tree.Unary("-", args[0])
                case "binary":
                    return tree.Binary(callee.operator.sign, args[0], args[1])
                case "reflected":
                    return tree.Binary(callee.operator.sign, args[1], args[0])
                case "assign":
                    return tree.Block((tree.Update(callee.operator.sign, _place(args[0]), args[1]),), UNIT)
        if callee.owner is not None:
            by_ref = params[0].by_ref
            receiver = _place(args[0])
            if isinstance(receiver, tree.Unary) and (by_ref or receiver.op == "&"):
                receiver = receiver.value
            return tree.Method(settle(receiver), callee.name, tuple(args[1:]), pure, by_ref, heap)
        return tree.Call(callee.spelling(self.callee.module), tuple(args), pure, heap)


def _same_local(left: ir.Expr, right: ir.Expr) -> bool:
    return isinstance(left, ir.Local) and isinstance(right, ir.Local) and left.name == right.name


def _place(value: Expr) -> Expr:
    return value.place if isinstance(value, tree.Borrow) else value


def place_of(value: Expr) -> Expr:
    """Return a place instead of a clone of what is in it."""
    return value.place if isinstance(value, tree.Clone) else value


def copied(type_: Type, place: Expr) -> Expr:
    """Return the value of a place: where it holds references a clone, unless it is a part of what is about to go."""
    if type_.duplicable or (tree.root(place) is None and not any(isinstance(part, tree.Index) for part in tree.walk(place))):
        return place
    return tree.Clone(place)


def text_constant(value: str) -> Expr:
    """Return a text; only its code points tell it where no Rust string can hold them."""
    if _has_surrogate(value):
        codes = tree.Array(tuple(int_literal(ord(character)) for character in value))
        return tree.Call("Text::from_codes", (tree.Unary("&", tree.Build("List<i64>", codes.items)),), pure=True)
    return tree.Call("Text::new", (tree.Literal(string_literal(value), "other"),), pure=True)


def _has_surrogate(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def _shared(place: Expr) -> Expr:
    return tree.Unary("&", place)


def _is_borrowed(place: tree.Unary, borrowed: set[str]) -> bool:
    return isinstance(place.value, tree.Var) and place.value.name in borrowed


def _array(values: tuple[Expr, ...]) -> Expr:
    if len(values) > 1 and isinstance(values[0], tree.Literal | tree.Path | tree.Var) and all(value == values[0] for value in values):
        return tree.Repeat(values[0], len(values))
    return tree.Array(values)
