"""What a Rust programmer would write instead, where it is the same: `for` over a list or a text, `== "text"`, `is_none()`, no detours.

`while counter < xs.len() { let x = xs.get(counter); counter += 1; … }` becomes `for x in xs.iter() { … }` where nobody else asks for the
counter. The iterator of a list looks at the list before every element, so that it meets what is appended meanwhile, as the counter does;
what is borrowed of a text lasts as long as the loop, in which nothing else becomes of the text.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from portalis.translator.backends.rust.effects import mentions
from portalis.translator.backends.rust.hoist import negated
from portalis.translator.backends.rust.traversal import children, rebuild, root, walk_body
from portalis.translator.backends.rust.tree import (
    Assign,
    Binary,
    Block,
    Body,
    Call,
    Catch,
    Choose,
    Expr,
    Field,
    For,
    Let,
    Literal,
    Method,
    Never,
    Node,
    Path,
    Return,
    Stmt,
    Tuple,
    Unary,
    Update,
    Var,
    While,
)


def idiomatic(body: Body, temporary: AbstractSet[str], pairs: AbstractSet[str]) -> Body:
    """Return the same statements as they would be written by hand.

    The `temporary` variables are nobody's, and may lose their names; `pairs` are those that hold tuples of two.
    """
    return _Idioms(temporary, pairs).body(body)


class _Idioms:
    def __init__(self, temporary: AbstractSet[str], pairs: AbstractSet[str]) -> None:
        self.temporary, self.pairs = temporary, pairs

    def body(self, body: Body) -> Body:
        new = tuple(_added(rebuild(statement, self.expr, self.body)) for statement in body)
        new = self.without_counters(new)
        new = tuple(self.bound(statement) if isinstance(statement, For) else statement for statement in new)
        new = tuple(
            _in_parts(statement) if isinstance(statement, For) and statement.name in self.pairs else statement
            for statement in self.without_detours(new)
        )
        same = len(new) == len(body) and all(after is before for after, before in zip(new, body, strict=True))
        return body if same else new

    def expr(self, expr: Expr) -> Expr:
        match rebuild(expr, self.expr, self.body):
            case Binary("==" | "!=" as op, Call("Text::new", (Literal() as text,)), other) if not isinstance(other, Call):
                return Binary(op, other, text, True)
            case Binary("==" | "!=" as op, other, Call("Text::new", (Literal() as text,))):
                return Binary(op, other, text, True)
            case Binary("+", left, Unary("&", Call("Text::new", (Literal() as text,)))):
                return Binary("+", left, text)
            case Binary("==" | "!=" as op, Call("i64::from", (Method(_, "is_some", ()) as asked,)), Literal("0" | "1" as number)):
                return asked if (op == "==") == (number == "1") else replace(asked, name="is_none")
            case Choose(test, then, otherwise) as chosen:
                return _as_condition(test, then, otherwise) or chosen
            case Binary("&&", Binary("!=", one, other), Binary("<" | ">", first, second, True) as order) if (one, other) == (first, second):
                return order
            case Binary("&&" | "||" as op, left, right) as both:
                return _in_range(op, left, right) or both
            case new:
                return new

    # ------------------------------------------------------------------------------------------------------------- counters
    def without_counters(self, body: Body) -> Body:
        """Return statements in which loops whose counter only finds the next element go over the elements."""
        for place, statement in enumerate(body):
            if not isinstance(statement, While) or (found := _counted(statement)) is None:
                continue
            counter, loop = found
            begins = _declared(body[:place], counter)
            if begins is None or not _is_zero(body[begins]) or counter not in self.temporary:
                continue
            between, after = body[begins + 1 : place], body[place + 1 :]
            if not any(mentions(part, counter) for part in (*between, *loop.body, *after)):
                return self.without_counters((*body[:begins], *between, loop, *after))
        return body

    # -------------------------------------------------------------------------------------------------------------- detours
    def bound(self, loop: For) -> For:
        """Return a loop that binds the user's name, where its own only gives its value to that."""
        match loop.body:
            case (Let(name, Var(bound), _, mutable), *rest) if bound == loop.name and bound in self.temporary:
                if not any(mentions(part, bound) for part in rest):
                    return replace(loop, name=name, mutable=mutable, body=tuple(rest))
        return loop

    def without_detours(self, body: Body) -> Body:
        """Return statements in which a variable that only gives its value to the user's is that one from the beginning."""
        for place, statement in enumerate(body):
            match body[place : place + 2]:
                case (Let(made, Call() as value), Return(Call("Ok", (Var(name),)) as given)) if name == made and name in self.temporary:
                    return (*body[:place], Return(replace(given, args=(value,))))
            match statement:
                case Let(name, Var(made), _, mutable) if made in self.temporary and name != made:
                    pass
                case _:
                    continue
            begins = _declared(body[:place], made)
            if begins is None or any(mentions(part, made) for part in body[place + 1 :]):
                continue
            between = body[begins:place]
            if any(_binds(part, name) for part in between):
                continue
            first, *others = (_renamed(part, made, name) for part in between)
            assert isinstance(first, Let), "it is declared there"
            declared = replace(first, mutable=first.mutable or mutable)
            return self.without_detours((*body[:begins], declared, *others, *body[place + 1 :]))
        return body


def _as_condition(test: Expr, then: Expr, otherwise: Expr) -> Expr | None:
    """Return a choice of which one side is a constant as a condition."""
    if any(isinstance(side, Choose | Block | Never) for side in (test, then, otherwise)):
        return None
    match then, otherwise:
        case Literal("false"), _:
            return Binary("&&", negated(test), otherwise)
        case Literal("true"), _:
            return Binary("||", test, otherwise)
        case _, Literal("false"):
            return Binary("&&", test, then)
        case _, Literal("true"):
            return Binary("||", negated(test), then)
    return None


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITES = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _in_range(op: str, left: Expr, right: Expr) -> Expr | None:
    """Return two comparisons of a variable with numbers as a question to a range; `left` may end in the first of them."""
    before, first = (left.left, left.right) if isinstance(left, Binary) and left.op == op else (None, left)
    one, other = _with_number(first), _with_number(right)
    if one is None or other is None or one.variable != other.variable:
        return None
    if op == "||":
        # What is neither below nor above is inside, but for a NaN.
        if not (one.total and other.total):
            return None
        one, other = replace(one, op=_OPPOSITES[one.op]), replace(other, op=_OPPOSITES[other.op])
    low, high = (one, other) if one.op == ">=" else (other, one)
    if low.op != ">=" or high.op not in ("<", "<="):
        return None
    within = Binary("..=" if high.op == "<=" else "..", low.number, high.number)
    asked: Expr = Method(within, "contains", (Unary("&", Var(one.variable)),), pure=True)
    asked = Unary("!", asked) if op == "||" else asked
    return asked if before is None else Binary(op, before, asked)


@dataclass(frozen=True)
class _Bound:
    """A comparison of a variable, on the left, with a number."""

    variable: str
    op: str
    number: Expr
    total: bool


def _with_number(test: Expr) -> _Bound | None:
    match test:
        case Binary("<" | "<=" | ">" | ">=" as op, Var(name), number, total) if _is_number(number):
            return _Bound(name, op, number, total)
        case Binary("<" | "<=" | ">" | ">=" as op, number, Var(name), total) if _is_number(number):
            return _Bound(name, _TURNED[op], number, total)
    return None


def _is_number(expr: Expr) -> bool:
    inner = expr.value if isinstance(expr, Unary) and expr.op == "-" else expr
    return isinstance(inner, Literal) and inner.kind != "other"


def _added(statement: Stmt) -> Stmt:
    """Return `text += …` for a text that is made of itself and another."""
    match statement:
        case Assign(Var(name) as place, Binary("+", Var(first), Unary("&") | Literal(_, "other") as second)) if name == first:
            return statement if mentions(second, name) else Update("+", place, second)
        case _:
            return statement


def _counted(loop: While) -> tuple[str, For] | None:
    """Return the counter of a loop over the elements of a list or a text, and the loop without it."""
    match loop.test, loop.body:
        case (
            Binary("<", Var(counter), Method(Var(name), "len", ())),
            (
                Let(item, Method(Var(other), "get" | "code" as asked, (Var(at),)), _, mutable),
                Update("+", Var(counted), Literal("1")),
                *rest,
            ),
        ) if name == other and counter == at == counted:
            pass
        case _:
            return None
    if asked == "get":
        if any(isinstance(part, Assign | Update) and root(part.place) == name for part in walk_body(tuple(rest))):
            return None
        return counter, For(loop.label, item, Method(Var(name), "iter", (), pure=True), tuple(rest), mutable)
    if not all(_is_only_read(part, name) for part in rest):
        return None
    codes = Method(Method(Var(name), "codes", (), pure=True), "map", (Path("i64::from"),), pure=True)
    return counter, For(loop.label, item, codes, tuple(rest), mutable)


def _in_parts(loop: For) -> For:
    """Return a loop over pairs that binds the names that its body gives the two."""
    match loop.body:
        case (Let(name, Tuple((first, second)), _, mutable), *after) if _are_parts(first, second, loop.name):
            is_whole = not any(mentions(part, loop.name) for part in after)
            return replace(loop, name=name, mutable=mutable, body=tuple(after)) if is_whole else loop
    names: dict[str, Let] = {}
    for statement in loop.body:
        part = _part(statement.value) if isinstance(statement, Let) else None
        if not isinstance(statement, Let) or part is None or part[0] != loop.name or part[1] in names:
            break
        names[part[1]] = statement
    rest = loop.body[len(names) :]
    if not names or not names.keys() <= {"0", "1"} or any(mentions(statement, loop.name) for statement in rest):
        return loop
    shown = [f"{'mut ' * names[part].mutable}{names[part].name}" if part in names else "_" for part in ("0", "1")]
    return replace(loop, name=f"({', '.join(shown)})", mutable=False, body=rest)


def _are_parts(first: Expr, second: Expr, pair: str) -> bool:
    return (_part(first), _part(second)) == ((pair, "0"), (pair, "1"))


def _part(value: Expr | None) -> tuple[str, str] | None:
    """Return the variable and the field of it that a value is, or is a clone of."""
    match value:
        case Field(Var(name), part) | Method(Field(Var(name), part), "clone", ()):
            return name, part
    return None


def _declared(body: Body, name: str) -> int | None:
    """Return where among statements a variable is declared."""
    return next((place for place, statement in enumerate(body) if isinstance(statement, Let) and statement.name == name), None)


def _is_zero(statement: Stmt) -> bool:
    return isinstance(statement, Let) and statement.value in (Literal("0", "int"), Literal("0_i64", "int"))


def _is_only_read(node: Node, name: str) -> bool:
    """Tell whether a variable is only borrowed for the length of an operation, and neither given away nor assigned."""
    match node:
        case Method(Var(found), _, args, _, False) if found == name:
            return all(_is_only_read(argument, name) for argument in args)
        case Unary("&", Var(found)) if found == name:
            return True
        case Var(found):
            return found != name
        case Let(found) | For(_, found) if found == name:
            return False
        case _:
            return all(_is_only_read(child, name) for child in children(node))


def _binds(statement: Stmt, name: str) -> bool:
    return mentions(statement, name) or any(isinstance(part, Let | For) and part.name == name for part in walk_body((statement,)))


def _renamed(statement: Stmt, name: str, new: str) -> Stmt:
    def expr(node: Expr) -> Expr:
        if node == Var(name):
            return Var(new)
        node = rebuild(node, expr, body)
        return replace(node, place=Var(new)) if isinstance(node, Catch) and node.place == Var(name) else node

    def one(inner: Stmt) -> Stmt:
        inner = rebuild(inner, expr, body)
        return replace(inner, name=new) if isinstance(inner, Let | For) and inner.name == name else inner

    def body(statements: Body) -> Body:
        return tuple(map(one, statements))

    return one(statement)
