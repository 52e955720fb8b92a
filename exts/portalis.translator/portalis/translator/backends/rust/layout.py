"""Expressions as Rust text, laid out as rustfmt does, with the fewest parentheses.

What rustfmt would do with an expression it decides by laying it out in the room that is left, and again in the room that a line of its
own has; so does this: every layout is of a `Shape`, and None where it does not fit. Text is returned without the indentation of its first
line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from portalis.translator.backends.rust.chains import Chains
from portalis.translator.backends.rust.levels import CAST, POSTFIX, UNARY, is_method, is_nested_call, is_simple, level, may_hang, sides
from portalis.translator.backends.rust.shapes import STEP, WIDTH, Shape, first, fits, is_extendable, last, prefers_below
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

# What may stand in one line at most: a list, the fields of a struct, a conditional; and an item of those that fill their lines.
_LIST_WIDTH, _STRUCT_WIDTH, _CHOOSE_WIDTH, _SHORT_ITEM = 60, 18, 50, 10
# So much room that only what rustfmt breaks in any case is broken.
_ENDLESS = 10**6
_ALL_ROOM = Shape(0, 0, _ENDLESS, _ENDLESS)


class Layout:
    """Lays out expressions; `body` prints the statements of a block, one line each, indented by what it is given."""

    def __init__(self, body: Callable[[Block, int], list[str]]) -> None:
        self._body = body
        self._chains = Chains(self.rewrite, self._listed)
        # What was laid out already; each is tried in many rooms.
        self._known: dict[tuple[int, int, Shape], tuple[Expr, str | None]] = {}

    def text(self, expr: Expr, indent: int, column: int, after: int = 0, least: int = 0) -> str:
        """Return an expression that begins at a column of a line with that indentation, and what follows it so many columns long."""
        found = self.rewrite(expr, Shape(indent, column - indent, max(0, WIDTH - column - after)), least)
        return self._spelled(expr, indent, least) if found is None else found

    def assigned(self, head: str, value: Expr, indent: int, after: int) -> str:
        """Return `head value`, the value on the next line where rustfmt prefers that."""
        taken = len(last(head)) - (indent if "\n" in head else 0) + 1
        same = self.rewrite(value, Shape(indent, taken, max(0, WIDTH - indent - taken - after)))
        if same is not None and "\n" not in same and len(same) <= WIDTH - indent - taken - after:
            return f"{head} {same}"
        room = Shape(indent, 0, 0).below(after)
        below = self.rewrite(value, room)
        if room is not None and below is not None and (same is None or (fits(below, room) and prefers_below(same, below))):
            return f"{head}\n{' ' * (indent + STEP)}{below}"
        return f"{head} {self._spelled(value, indent, 0) if same is None else same}"

    def head(self, word: str, test: Expr, indent: int, before: int = 0, otherwise: str = "") -> str:
        """Return `if test {` or the like, behind what ends the branch before; the brace has a line of its own where the test is long."""
        begins = before + len(otherwise) + len(word) + 1
        text = self.rewrite(test, Shape(indent, begins, WIDTH - indent - begins)) or self._spelled(test, indent, 0)
        return self.opened(f"{otherwise}{word} {text}", text, WIDTH - indent - begins, indent, before)

    def gone_over(self, word: str, name: str, iterable: Expr, indent: int) -> str:
        """Return `for name in iterable {`."""
        head = self.assigned(f"{word} {name} in", iterable, indent, 0)
        return self.opened(head, head[len(word) + 1 :], WIDTH - indent - len(word) - 1, indent)

    @staticmethod
    def opened(head: str, text: str, room: int, indent: int, before: int = 0) -> str:
        """Return a head, which ends in a text that had so much room, with its brace."""
        is_full = "\n" in text or len(text) > room - 2
        ending = last(text)
        is_further_in = "\n" in text and len(ending) - len(ending.lstrip()) > indent + before
        return f"{head}\n{' ' * indent}{{" if is_full and (is_further_in or not is_extendable(text)) else f"{head} {{"

    def _spelled(self, expr: Expr, indent: int, least: int) -> str:
        # Something in it is longer than any line; rustfmt leaves such a statement as it is.
        found = self.rewrite(expr, Shape(indent, 0, _ENDLESS, _ENDLESS), least)
        assert found is not None, "there is room for everything"
        return found

    def rewrite(self, expr: Expr, shape: Shape | None, least: int = 0) -> str | None:
        """Return an expression in a shape, in parentheses where it binds less tightly than `least`; None where it does not fit."""
        if shape is None:
            return None
        key = id(expr), least, shape
        if key not in self._known:
            if level(expr) < least:
                within = shape.behind(1)
                inner = None if within is None else self.rewrite(expr, within.before(1))
                self._known[key] = expr, None if inner is None else f"({inner})"
            else:
                self._known[key] = expr, self._laid(expr, shape)
        return self._known[key][1]

    def _laid(self, expr: Expr, shape: Shape) -> str | None:
        match expr:
            case Literal(word, _):
                return fits(word, shape)
            case Path(word) | Var(word):
                return word
            case Never():
                return ""
            case Unary("&" | "*" | "-" | "!" as op, value):
                return self._prefixed(op, value, shape)
            case Borrow(Unary("*", value)):
                return self.rewrite(value, shape)
            case Borrow(value):
                return self._prefixed("&mut ", value, shape)
            case Cast(value, type_):
                return self._pair(value, Path(type_), " as ", CAST, 0, shape)
            case Binary(".." | "..=" as op, left, right):
                return self._pair(left, right, op, sides(expr)[0][1], sides(expr)[1][1], shape)
            case Binary():
                return self._operands(expr, shape)
            case Index(value, index):
                return self._index(value, index, shape)
            case Call(function, args):
                return self._listed(function, "(", args, ")", shape)
            case Method() | Try() | Field():
                return self._chains.text(expr, shape)
            case Tuple((only,)):
                inner = self.rewrite(only, shape.before(3))
                return None if inner is None else f"({inner},)"
            case Tuple(items):
                return self._listed("", "(", items, ")", shape)
            case Array(items):
                return self._listed("", "[", items, "]", shape)
            case Repeat(item, count):
                inner = self.rewrite(item, shape)
                return None if inner is None else f"[{inner}; {count}]"
            case Struct(name, names, items):
                return self._struct(name, names, items, shape)
            case Choose():
                return self._choose(expr, shape)
            case Catch():
                return self._catch(expr, shape)
            case Block():
                return "\n".join(["{", *self._body(expr, shape.indent + STEP), " " * shape.indent + "}"])
            case Clone() | Build():
                raise AssertionError("moves.py spells these as calls")
        raise AssertionError(expr)

    def _prefixed(self, prefix: str, value: Expr, shape: Shape) -> str | None:
        found = self.rewrite(value, shape.behind(len(prefix)), UNARY)
        return None if found is None else prefix + found

    # ----------------------------------------------------------------------------------------------------------- operators
    def _operands(self, expr: Binary, shape: Shape) -> str | None:
        operands = self._row(expr, expr.op, 0)
        return self._in_one_line(operands, expr.op, shape) or self._one_below_another(operands, expr.op, shape)

    def _row(self, expr: Expr, op: str, least: int) -> list[tuple[Expr, int]]:
        """Return the operands that stand in a row between one operator."""
        if not isinstance(expr, Binary) or expr.op != op or level(expr) < least:
            return [(expr, least)]
        left, right = sides(expr)
        return [*self._row(left[0], op, left[1]), *self._row(right[0], op, right[1])]

    def _operand(self, place: int, operands: Sequence[tuple[Expr, int]], op: str, shape: Shape) -> str | None:
        operand, least = operands[place]
        if place == 0:
            return self.rewrite(operand, shape, least)
        room = shape.below(shape.after)
        return None if room is None else self.rewrite(operand, room.behind(len(op) + 1), least)

    def _in_one_line(self, operands: Sequence[tuple[Expr, int]], op: str, shape: Shape) -> str | None:
        text = ""
        for place in range(len(operands) - 1):
            found = self._operand(place, operands, op, shape)
            if found is None or "\n" in found or len(text) > shape.width:
                return None
            text += f"{found} {op} "
        before, (operand, least) = len(text), operands[-1]
        ending = self.rewrite(operand, shape.behind(before), least)
        if ending is None or len(first(text + ending)) > shape.width:
            return None
        if "\n" in ending and not ending.startswith("{") and (ending.startswith("(") or before > STEP):
            return None
        return fits(text + ending, shape)

    def _one_below_another(self, operands: Sequence[tuple[Expr, int]], op: str, shape: Shape) -> str | None:
        inner = " " * (shape.indent + STEP)
        text = self._operand(0, operands, op, shape)
        for place in range(1, len(operands)):
            if text is None:
                return None
            if len(last(text)) + (0 if "\n" in text else shape.used) <= len(inner):
                # An operand that would stand alone is followed on its line.
                room = shape.behind(len(op) + 2 + len(last(text).strip()))
                if (beside := self.rewrite(operands[place][0], room, operands[place][1])) is not None:
                    text += f" {op} {beside}"
                    continue
            found = self._operand(place, operands, op, shape)
            text = None if found is None else f"{text}\n{inner}{op} {found}"
        return text

    def _pair(self, left: Expr, right: Expr, infix: str, left_least: int, right_least: int, shape: Shape) -> str | None:
        head = self.rewrite(left, replace(shape, width=max(0, shape.page - shape.used)), left_least)
        if head is None:
            return None
        beside = self.rewrite(right, shape.behind(len(last(head)) + len(infix)), right_least)
        is_beside = beside is not None and ("\n" not in beside or len(head) <= STEP or first(beside).endswith("{"))
        if beside is not None and is_beside and len(last(head)) + len(infix) + len(first(beside)) <= shape.width:
            return f"{head}{infix}{beside}"
        room = shape.below(shape.after)
        below = None if room is None else self.rewrite(right, room.behind(len(infix.lstrip())), right_least)
        return None if below is None else f"{head}\n{' ' * (shape.indent + STEP)}{infix.lstrip()}{below}"

    def _index(self, value: Expr, index: Expr, shape: Shape) -> str | None:
        head = self.rewrite(value, shape, POSTFIX)
        if head is None:
            return None
        if "\n" in head:
            beside = replace(shape, offset=0, width=shape.page).behind(len(last(head)) + 1)
            room = None if beside is None else beside.before(1 + shape.after)
        else:
            beside = shape.behind(len(head) + 1)
            room = None if beside is None else beside.before(1)
        found = self.rewrite(index, room)
        if found is not None and "\n" not in found:
            return f"{head}[{found}]"
        below = shape.below(1 + shape.after)
        other = None if below is None else self.rewrite(index, below.behind(1))
        if other is not None and ("\n" not in other or found is None):
            return f"{head}\n{' ' * (shape.indent + STEP)}[{other}]"
        return None if found is None else f"{head}[{found}]"

    # --------------------------------------------------------------------------------------------------------------- lists
    def _listed(self, name: str, opening: str, items: Sequence[Expr], closing: str, shape: Shape) -> str | None:
        """Return `name(items)`: in one line, with a last item that hangs over, or with items below."""
        if not items:
            return f"{name}{opening}{closing}"
        behind = shape.behind(len(last(name)) + 1)
        inside = (None if behind is None else behind.before(1)) or replace(shape, width=0)
        below = shape.below(1)
        shown = [self.rewrite(item, below) for item in items]
        in_row, shown = self._overflowed(name, items, shown, inside, below)
        if any(item is None for item in shown):
            return None
        texts = [item for item in shown if item is not None]
        joined = ", ".join(texts)
        if in_row and len(first(joined)) + 1 <= shape.width - len(last(name)):
            return f"{name}{opening}{joined}{closing}"
        pad = " " * (shape.indent + STEP)
        if in_row:
            rows = [joined]
        elif all(map(is_simple, items)) and all(len(item) <= _SHORT_ITEM for item in texts) and not name.endswith("!"):
            rows = [row + "," for row in _filled(texts, shape.page - len(pad) - 1)]
        else:
            rows = [item + "," for item in texts]
        return "\n".join([f"{name}{opening}", *(pad + row for row in rows), " " * shape.indent + closing])

    def _overflowed(
        self, name: str, items: Sequence[Expr], shown: list[str | None], inside: Shape, below: Shape | None
    ) -> tuple[bool, list[str | None]]:
        """Return whether items stand in a row, and their texts: the last perhaps hanging over."""
        hangs = (len(items) == 1 and len(name) < STEP) or may_hang(items[-1], len(items))
        # Beside a name that is shorter than a step, a chain may break as it would below.
        unbroken = inside.unbroken or (is_method(items[-1]) and (len(items) > 1 or len(name) >= STEP))
        hanging = self._hanging(items, shown, replace(inside, unbroken=unbroken)) if hangs else None
        if hanging is not None and _is_row([*shown[:-1], first(hanging)], min(inside.width, _LIST_WIDTH)):
            alone = self.rewrite(items[0], below) if len(items) == 1 and hanging.count("\n") == 1 else None
            return True, [*shown[:-1], hanging if alone is None or "\n" in alone else alone]
        shown = [*shown[:-1], self.rewrite(items[-1], below)]
        only = shown[0]
        if len(items) == 1 and only is not None and inside.width and "\n" not in only and len(only) <= inside.width:
            return True, shown
        return _is_row(shown, min(inside.width, _LIST_WIDTH)), shown

    def _hanging(self, items: Sequence[Expr], shown: Sequence[str | None], inside: Shape) -> str | None:
        room: Shape | None = inside
        if len(items) > 1 or is_nested_call(items[0]):
            taken = sum(2 + len(item or "") for item in shown[:-1])
            room = replace(inside, width=min(_LIST_WIDTH, inside.width)).behind(taken)
        only = items[-1]
        if room is not None and isinstance(only, Choose | Catch):
            # No head of several lines hangs.
            head, keyword = (only.test, len("if ")) if isinstance(only, Choose) else (only.value, len("match "))
            text = self.rewrite(head, replace(room, offset=room.offset + keyword, width=max(0, room.page - room.used - keyword)))
            if text is not None and "\n" in text:
                return None
        return self.rewrite(only, room)

    def _struct(self, name: str, names: Sequence[str], items: Sequence[Expr], shape: Shape) -> str | None:
        flat = [_named(key, self.rewrite(item, _ALL_ROOM)) for key, item in zip(names, items, strict=True)]
        joined = ", ".join(flat)
        if "\n" not in joined and len(joined) <= min(_STRUCT_WIDTH, shape.width - len(name) - 5):
            return f"{name} {{ {joined} }}"
        inner = shape.indent + STEP
        rows = [" " * inner + _named(key, self.text(item, inner, inner + len(key) + 2, 1)) for key, item in zip(names, items, strict=True)]
        return "\n".join([f"{name} {{", *(row + "," for row in rows), " " * shape.indent + "}"])

    # -------------------------------------------------------------------------------------------------------- conditionals
    def _choose(self, expr: Choose, shape: Shape) -> str:
        short = self._short(expr)
        return (
            short
            if short is not None and len(short) <= min(shape.width, _CHOOSE_WIDTH)
            else self.conditional(expr, shape.indent, shape.offset)
        )

    def conditional(self, expr: Choose, indent: int, before: int = 0) -> str:
        """Return a conditional expression on several lines, which begins so far behind the indentation."""
        pad = " " * indent
        lines = [self.head("if", expr.test, indent, before), *self._lines_of(expr.then, indent)]
        otherwise = expr.otherwise
        while isinstance(otherwise, Choose) or (
            isinstance(otherwise, Block) and not otherwise.body and isinstance(otherwise.value, Choose)
        ):
            inner = otherwise.value if isinstance(otherwise, Block) else otherwise
            assert isinstance(inner, Choose)
            lines += [pad + self.head("if", inner.test, indent, otherwise="} else "), *self._lines_of(inner.then, indent)]
            otherwise = inner.otherwise
        if otherwise != UNIT and otherwise != Block((), UNIT):
            lines += [f"{pad}}} else {{", *self._lines_of(otherwise, indent)]
        return "\n".join([*lines, f"{pad}}}"])

    def _short(self, expr: Choose) -> str | None:
        # An `else if` never stays on one line.
        if any(isinstance(part, Choose | Block) or part == UNIT for part in (expr.then, expr.otherwise)):
            return None
        test, then, otherwise = (self.rewrite(part, _ALL_ROOM) for part in (expr.test, expr.then, expr.otherwise))
        text = f"if {test} {{ {then} }} else {{ {otherwise} }}"
        return None if "\n" in text else text

    def _lines_of(self, branch: Expr, indent: int) -> list[str]:
        block = branch if isinstance(branch, Block) else Block((), branch)
        return self._body(block, indent + STEP)

    def _catch(self, expr: Catch, shape: Shape) -> str:
        pad, inner = " " * shape.indent, " " * (shape.indent + STEP)
        kept = () if expr.place == Var("_") else (Assign(expr.place, Var("error")),)
        leaving = Block((*kept, Break(expr.label)), UNIT)
        lines = [f"{inner}Err(error) if error.is_raised() => {{", *self._body(leaving, shape.indent + 2 * STEP), f"{inner}}}"]
        head = self.head("match", expr.value, shape.indent, shape.offset)
        return "\n".join([head, *lines, f"{inner}outcome => outcome?,", f"{pad}}}"])


def _is_row(texts: Sequence[str | None], limit: int) -> bool:
    """Tell whether items stand beside each other."""
    return not any("\n" in (text or "") for text in texts) and sum(len(text or "") + 2 for text in texts) - 2 <= limit


def _filled(items: Sequence[str], width: int) -> list[str]:
    rows = [items[0]]
    for item in items[1:]:
        if len(rows[-1]) + 1 + 1 + len(item) + 1 <= width:
            rows[-1] += f", {item}"
        else:
            rows.append(item)
    return rows


def _named(name: str, text: str | None) -> str:
    assert text is not None, "there is room for everything"
    return name if name == text else f"{name}: {text}"
