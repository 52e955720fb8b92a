"""Expressions as Rust text, laid out as rustfmt does: at most 100 columns, its small heuristics, the fewest parentheses.

Every method takes the indentation of the line that an expression begins on, the column at which it begins and how many characters must
still follow it on its last line. Text is returned without the indentation of its first line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portalis.translator.backends.rust.tree import (
    UNIT,
    Array,
    Assign,
    Binary,
    Block,
    Borrow,
    Break,
    Build,
    Call,
    Cast,
    Catch,
    Choose,
    Clone,
    Expr,
    Field,
    Index,
    Literal,
    Method,
    Never,
    Path,
    Repeat,
    Struct,
    Try,
    Tuple,
    Unary,
    Var,
)

WIDTH, STEP = 100, 4
_CALL_WIDTH, _ARRAY_WIDTH, _STRUCT_WIDTH, _CHAIN_WIDTH, _CHOOSE_WIDTH, _SHORT_ITEM = 60, 60, 18, 60, 50, 10
_LEVELS = {
    "..": 2,
    "..=": 2,
    "||": 3,
    "&&": 4,
    "==": 5,
    "!=": 5,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "|": 6,
    "^": 7,
    "&": 8,
    "<<": 9,
    ">>": 9,
    "+": 10,
    "-": 10,
    "*": 11,
    "/": 11,
    "%": 11,
}
_COMPARISON, _SHIFT, _CAST, _UNARY, _POSTFIX = 5, 9, 12, 13, 14


def level(expr: Expr) -> int:
    """Return how tightly an expression's outermost operator binds."""
    match expr:
        case Binary(op):
            return _LEVELS[op]
        case Cast():
            return _CAST
        case Unary() | Borrow():
            return _UNARY
        case Choose() | Block() | Catch():
            return 0
        case _:
            return _POSTFIX


class Layout:
    """Lays out expressions; `body` prints the statements of a block, one line each, indented by what it is given."""

    def __init__(self, body: Callable[[Block, int], list[str]]) -> None:
        self._body = body

    # --------------------------------------------------------------------------------------------------------- on one line
    def flat(self, expr: Expr, least: int = 0) -> str | None:
        """Return an expression on one line, in parentheses where it binds less tightly than `least`; None where rustfmt breaks it."""
        text = self._flat(expr)
        return text if text is None or level(expr) >= least else f"({text})"

    def _flat(self, expr: Expr) -> str | None:
        text: str | None
        match expr:
            case Literal(word, _) | Path(word) | Var(word):
                return word
            case Field(value, name):
                return self._join([self.flat(value, _POSTFIX)], lambda parts: f"{parts[0]}.{name}")
            case Index(value, index):
                return self._join([self.flat(value, _POSTFIX), self.flat(index)], lambda parts: f"{parts[0]}[{parts[1]}]")
            case Unary(op, value):
                return self._join([self.flat(value, _UNARY)], lambda parts: op + parts[0])
            case Borrow(Unary("*", value)):
                return self.flat(value)
            case Borrow(value):
                return self._join([self.flat(value, _UNARY)], lambda parts: "&mut " + parts[0])
            case Cast(value, type_):
                return self._join([self.flat(value, _CAST)], lambda parts: f"{parts[0]} as {type_}")
            case Binary(op):
                sides = [self.flat(side, least) for side, least in self.sides(expr)]
                space = "" if op in ("..", "..=") else " "
                return self._join(sides, lambda parts: f"{parts[0]}{space}{op}{space}{parts[1]}")
            case Call(function, args):
                return self._listed(f"{function}(", args, ")", _CALL_WIDTH)
            case Method(receiver, name, args):
                shown = self.flat(receiver, _POSTFIX)
                text = None if shown is None else self._listed(f"{shown}.{name}(", args, ")", _CALL_WIDTH)
                return None if text is not None and _chained(expr) > 1 and len(text) > _CHAIN_WIDTH else text
            case Try(value):
                return self._join([self.flat(value, _POSTFIX)], lambda parts: parts[0] + "?")
            case Tuple((only,)):
                return self._join([self.flat(only)], lambda parts: f"({parts[0]},)")
            case Tuple(items):
                return self._listed("(", items, ")", _CALL_WIDTH)
            case Array(items):
                return self._listed("[", items, "]", _ARRAY_WIDTH)
            case Repeat(item, count):
                return self._join([self.flat(item)], lambda parts: f"[{parts[0]}; {count}]")
            case Struct(name, names, items):
                shown_items = [_named(key, self.flat(item)) for key, item in zip(names, items, strict=True)]
                text = self._join(shown_items, ", ".join)
                return None if text is None or len(text) > _STRUCT_WIDTH else f"{name} {{ {text} }}"
            case Choose(test, then, otherwise):
                parts = [self.flat(test), self._branch(then), self._branch(otherwise)]
                text = self._join(parts, lambda found: f"if {found[0]} {{ {found[1]} }} else {{ {found[2]} }}")
                return None if text is None or len(text) > _CHOOSE_WIDTH else text
            case Never():
                return ""
            case Block() | Catch():
                return None
            case Clone() | Build():
                raise AssertionError("moves.py spells these as calls")

    def _branch(self, expr: Expr) -> str | None:
        # An `else if` never stays on one line.
        return None if isinstance(expr, Choose) or expr == UNIT else self.flat(expr)

    def _listed(self, head: str, items: Sequence[Expr], end: str, width: int) -> str | None:
        if len(items) == 1 and not isinstance(items[0], Call):
            width = WIDTH
        text = self._join([self.flat(item) for item in items], ", ".join)
        return None if text is None or len(text) > width else f"{head}{text}{end}"

    @staticmethod
    def _join(parts: Sequence[str | None], form: Callable[[list[str]], str]) -> str | None:
        known = [part for part in parts if part is not None]
        return form(known) if len(known) == len(parts) else None

    def sides(self, expr: Binary) -> tuple[tuple[Expr, int], tuple[Expr, int]]:
        """Return both operands with how tightly each must bind to stand without parentheses."""
        own = _LEVELS[expr.op]
        if expr.op in ("&&", "||"):
            return (expr.left, own), (expr.right, own)
        left = own + 1 if own in (_COMPARISON, 2) else own
        if own == _SHIFT:
            # A reader would have to look up whether a product or a sum is shifted whole.
            return (expr.left, _UNARY if expr.op == "<<" else _CAST), (expr.right, _CAST)
        if expr.op in ("&", "|", "^"):
            # Nor which of a sum and a mask comes first.
            found = [own if isinstance(side, Binary) and side.op == expr.op else _CAST for side in (expr.left, expr.right)]
            return (expr.left, found[0]), (expr.right, max(found[1], own + 1))
        # `a as u64 < b` would begin a list of type arguments.
        if expr.op == "<" and _ends_in_cast(expr.left):
            left = _UNARY
        return (expr.left, left), (expr.right, own + 1)

    # ------------------------------------------------------------------------------------------------------ on many lines
    def text(self, expr: Expr, indent: int, column: int, after: int = 0, least: int = 0) -> str:
        """Return an expression on one line where it fits, else on several."""
        found = self.flat(expr, least)
        if found is not None and column + len(found) + after <= WIDTH:
            return found
        if level(expr) < least:
            return f"({self._broken(expr, indent, column + 1, after + 1)})"
        return self._broken(expr, indent, column, after)

    def _broken(self, expr: Expr, indent: int, column: int, after: int) -> str:
        match expr:
            case Binary():
                return self._operands(expr, indent, column, after)
            case Call(function, args):
                return self._arguments(f"{function}(", args, ")", indent, column, after)
            case Method() | Try() | Field():
                return self._chain(expr, indent, column, after)
            case Index(value, index):
                head = self.text(value, indent, column, 1, _POSTFIX)
                return f"{head}[{self.text(index, indent, column + len(head) + 1, after + 1)}]"
            case Unary(op, value):
                return op + self.text(value, indent, column + 1, after, _UNARY)
            case Borrow(value):
                return "&mut " + self.text(value, indent, column + 5, after, _UNARY)
            case Cast(value, type_):
                return f"{self.text(value, indent, column, after + 4 + len(type_), _CAST)} as {type_}"
            case Tuple(items):
                return self._arguments("(", items, ")", indent, column, after)
            case Array(items):
                return self._array(items, indent, column, after)
            case Struct(name, names, items):
                inner = indent + STEP
                rows = [self._field(key, item, inner) for key, item in zip(names, items, strict=True)]
                return self._rows(f"{name} {{", rows, "}", indent)
            case Choose():
                return self.choose(expr, indent, column)
            case Catch():
                return self._catch(expr, indent, column)
            case Block():
                return "\n".join(["{", *self._body(expr, indent + STEP), " " * indent + "}"])
            case _:
                found = self.flat(expr)
                assert found is not None
                return found

    def _catch(self, expr: Catch, indent: int, column: int) -> str:
        pad, inner = " " * indent, " " * (indent + STEP)
        kept = () if expr.place == Var("_") else (Assign(expr.place, Var("error")),)
        leaving = Block((*kept, Break(expr.label)), UNIT)
        lines = [f"{inner}Err(error) if error.is_raised() => {{", *self._body(leaving, indent + 2 * STEP), f"{inner}}}"]
        return "\n".join([self.head("match", expr.value, indent, column), *lines, f"{inner}outcome => outcome?,", f"{pad}}}"])

    def _operands(self, expr: Binary, indent: int, column: int, after: int) -> str:
        (first, least), *operands = self._chain_of(expr, expr.op, 0)
        inner = indent + STEP
        lines = [self.text(first, indent, column, 0, least)]
        for operand, bound in operands:
            last = lines[-1].rpartition("\n")[2]
            if last.strip() in (")", "]", "}"):
                lines[-1] += f" {expr.op} {self.text(operand, indent, len(last) + len(expr.op) + 2, after, bound)}"
                continue
            lines.append(f"{' ' * inner}{expr.op} {self.text(operand, inner, inner + len(expr.op) + 1, after, bound)}")
        return "\n".join(lines)

    def _chain_of(self, expr: Expr, op: str, least: int) -> list[tuple[Expr, int]]:
        """Return the operands that stand in a row between one operator."""
        if not isinstance(expr, Binary) or expr.op != op or level(expr) < least:
            return [(expr, least)]
        left, right = self.sides(expr)
        return [*self._chain_of(left[0], op, left[1]), *self._chain_of(right[0], op, right[1])]

    def _arguments(self, head: str, args: Sequence[Expr], end: str, indent: int, column: int, after: int) -> str:
        inside = indent + STEP
        alone = self.flat(args[0]) if len(args) == 1 and isinstance(args[0], Method | Binary) else None
        if alone is not None and inside + len(alone) + 1 <= WIDTH:
            # Rather than operands or a chain of calls are broken, they get a line of their own.
            return self._rows(head, [alone], end, indent, comma=isinstance(args[0], Binary))
        if len(args) == 1 and not isinstance(args[0], Literal | Path | Var):
            # The parentheses hug an only argument, which takes several lines.
            return f"{head}{self._inside(args[0], indent, column + len(head), after + len(end))}{end}"
        inner = indent + STEP
        return self._rows(head, [self.text(arg, inner, inner, 1) for arg in args], end, indent)

    def _inside(self, only: Expr, indent: int, column: int, after: int) -> str:
        # A call within a call's parentheses is broken even where it would fit.
        return self._broken(only, indent, column, after) if isinstance(only, Call) else self.text(only, indent, column, after)

    def _array(self, items: Sequence[Expr], indent: int, column: int, after: int) -> str:
        inner = indent + STEP
        shown = [self.text(item, inner, inner, 1) for item in items]
        if any(len(item) > _SHORT_ITEM for item in shown):
            return self._rows("[", shown, "]", indent)
        lines = [" " * inner + shown[0]]
        for item in shown[1:]:
            if len(lines[-1]) + 2 + len(item) + 1 <= WIDTH:
                lines[-1] += f", {item}"
            else:
                lines[-1] += ","
                lines.append(" " * inner + item)
        return "\n".join(["[", *lines[:-1], lines[-1] + ",", " " * indent + "]"])

    @staticmethod
    def _rows(head: str, rows: Sequence[str], end: str, indent: int, comma: bool = True) -> str:
        pad = " " * (indent + STEP)
        return "\n".join([head, *(f"{pad}{row}{',' * comma}" for row in rows), " " * indent + end])

    def _field(self, name: str, item: Expr, inner: int) -> str:
        text = self.text(item, inner, inner + len(name) + 2, 1)
        return _named(name, text) or text

    def _chain(self, expr: Expr, indent: int, column: int, after: int) -> str:
        links: list[Expr] = []
        start = expr
        while isinstance(start, Method | Try | Field):
            links.append(start)
            start = start.value if isinstance(start, Try | Field) else start.receiver
        calls = sum(isinstance(link, Method) for link in links)
        last = links[0]
        if calls == 1 and isinstance(last, Method) and len(last.args) == 1 and isinstance(last.args[0], Choose | Block):
            # What takes several lines by itself does not break what it is passed to.
            calls = 0
        text = self.text(start, indent, column, 0, _POSTFIX)
        # What follows something of several lines stands below its first line.
        inner = indent if "\n" in text else indent + STEP
        is_short = "\n" not in text and len(text) <= STEP
        for link in reversed(links):
            if isinstance(link, Method) and not is_short and calls > 0:
                text += f"\n{' ' * inner}{self._link(link, inner, inner, after)}"
            else:
                text += self._link(link, indent, column + len(text), after)
            is_short = False
        return text

    def _link(self, link: Expr, indent: int, column: int, after: int) -> str:
        match link:
            case Try():
                return "?"
            case Field(_, name):
                return f".{name}"
            case Method(_, name, args):
                found = self._listed(f".{name}(", args, ")", _CALL_WIDTH)
                if found is not None and column + len(found) + after <= WIDTH:
                    return found
                return self._arguments(f".{name}(", args, ")", indent, column, after)
        raise AssertionError(link)

    # -------------------------------------------------------------------------------------------------------- conditionals
    def head(self, word: str, test: Expr, indent: int, column: int) -> str:
        """Return `if test {` or the like; the brace has a line of its own where the test takes several."""
        text = self.text(test, indent, column + len(word) + 1, 2)
        return f"{word} {text} {{" if "\n" not in text else f"{word} {text}\n{' ' * indent}{{"

    def choose(self, expr: Choose, indent: int, column: int) -> str:
        """Return a conditional expression on several lines."""
        pad = " " * indent
        lines = [self.head("if", expr.test, indent, column), *self._lines_of(expr.then, indent)]
        otherwise = expr.otherwise
        while isinstance(otherwise, Choose) or (
            isinstance(otherwise, Block) and not otherwise.body and isinstance(otherwise.value, Choose)
        ):
            inner = otherwise.value if isinstance(otherwise, Block) else otherwise
            assert isinstance(inner, Choose)
            lines += [f"{pad}}} {self.head('else if', inner.test, indent, indent + 2)}", *self._lines_of(inner.then, indent)]
            otherwise = inner.otherwise
        if otherwise != UNIT and otherwise != Block((), UNIT):
            lines += [f"{pad}}} else {{", *self._lines_of(otherwise, indent)]
        return "\n".join([*lines, f"{pad}}}"])

    def _lines_of(self, branch: Expr, indent: int) -> list[str]:
        block = branch if isinstance(branch, Block) else Block((), branch)
        return self._body(block, indent + STEP)


def _named(name: str, text: str | None) -> str | None:
    if text is None:
        return None
    return name if name == text else f"{name}: {text}"


def _ends_in_cast(expr: Expr) -> bool:
    while isinstance(expr, Binary):
        expr = expr.right
    return isinstance(expr, Cast)


def _chained(expr: Expr) -> int:
    count = 0
    while isinstance(expr, Method | Try | Field):
        count += isinstance(expr, Method)
        expr = expr.receiver if isinstance(expr, Method) else expr.value
    return count
