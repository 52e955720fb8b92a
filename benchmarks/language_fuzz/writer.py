"""Writes random modules and calls of them: functions whose statements change lists, dicts and sets, branch, loop, raise and catch.

Every loop ends by itself, and every value has one type unless a variable is given another on purpose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from random import Random

from language_fuzz.grammar import CHOICES, SCALARS, TEMPLATES, Palette, fitting, is_special, literal, parsed

_HOLE = re.compile(r"<([^<>]+?)>")
_BOUND = re.compile(r"([a-z]):(.+)")
_WITHIN = re.compile(r"(.+)/([a-z]):(.+)")
_LETTER = re.compile("[TUKHNOS]")
_AUGMENTED = {"int": ("+", "-", "*", "//", "%"), "float": ("+", "-", "*", "/"), "str": ("+",)}
CALLS = 8


@dataclass(frozen=True)
class Module:
    """A module's text, whose entry is `f`, and the arguments of calls, each as text."""

    text: str
    calls: tuple[str, ...]


@dataclass(frozen=True)
class Callee:
    """A function that may be called: its parameters' types and its result's, which of a generator function is that of an iterator."""

    name: str
    params: tuple[str, ...]
    result: str


@dataclass
class Names:
    """What may be read, and what may be assigned or changed."""

    types: dict[str, str] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()

    def of(self, *types: str) -> list[str]:
        """Return the variables of a type."""
        return [name for name, type_ in self.types.items() if type_ in types]

    def inside(self) -> Names:
        """Return a copy, for what may not happen."""
        return Names(dict(self.types), self.fixed)


def random_module(seed: int) -> Module:
    """Write the module of a seed."""
    dice = Random(seed)
    palette = Palette(dice)
    callees: list[Callee] = []
    parts: list[str] = []
    for number in range(dice.choice((0, 0, 0, 1, 2))):
        params = tuple(palette.any() for _ in range(dice.randint(1, 3)))
        callee = Callee(f"g{number}", params, f"@{palette.any()}" if dice.random() < 0.4 else palette.any())
        parts += [*_function(palette, callee, callees), "", ""]
        callees.append(callee)
    entry = Callee("f", tuple(palette.any() for _ in range(dice.randint(1, 3))), palette.any())
    parts += _function(palette, entry, callees)
    calls = tuple(", ".join(literal(type_, dice) for type_ in entry.params) for _ in range(CALLS))
    return Module("\n".join(parts) + "\n", calls)


def _function(palette: Palette, callee: Callee, callees: list[Callee]) -> list[str]:
    names = Names(dict(zip("abc", callee.params, strict=False)))
    writer = _Body(palette, names, callee.result, callees)
    lines = [*writer.block(0), writer.end(palette.dice.choice((1, 2, 3)))]
    return [f"def {callee.name}({', '.join('abc'[: len(callee.params)])}):", *(f"    {line}" for line in lines)]


class _Body:
    """One function's statements."""

    def __init__(self, palette: Palette, names: Names, result: str, callees: list[Callee]) -> None:
        self.palette = palette
        self.dice = dice = palette.dice
        self.names = names
        self.result = result
        self.callees = callees
        self.left = dice.choice((0, 1, 2, 3, 4, 8))
        self.fresh = 0
        self.loops = 0

    def end(self, depth: int) -> str:
        """Write how the function ends."""
        word = "yield" if self.result.startswith("@") else "return"
        return f"{word} {self.expression(self.result.removeprefix('@'), depth)}"

    # Expressions
    def expression(self, type_: str, depth: int) -> str:
        """Write an expression of a type."""
        if is_special(type_):
            return literal(type_, self.dice)
        known = self.names.of(type_)
        if known and self.dice.random() < (0.6 if depth > 1 else 0.75):
            return self.dice.choice(known)
        if depth > 0 and self.dice.random() < 0.85:
            if self.dice.random() < (0.5 if type_.startswith("@") else 0.1) and (
                found := [one for one in self.callees if one.result == type_]
            ):
                callee = self.dice.choice(found)
                return f"{callee.name}({', '.join(self.expression(param, depth - 1) for param in callee.params)})"
            for _ in range(40):
                pattern, text = self.dice.choice(TEMPLATES)
                letters = fitting(pattern, type_, self.dice)
                if letters is not None:
                    return self._filled(text, letters, depth - 1)
        return literal(type_, self.dice)

    def _filled(self, text: str, letters: dict[str, str], depth: int) -> str:
        letters = dict(letters)
        bound: dict[str, str] = {}
        held = self.names.inside()

        def type_of(hole: str) -> str:
            return _LETTER.sub(lambda match: letters.setdefault(match[0], self.palette.one_of(match[0])), hole)

        def name_of(letter: str) -> str:
            if letter not in bound:
                self.fresh += 1
                bound[letter] = f"{letter}{self.fresh}"
            return bound[letter]

        def fill(match: re.Match[str]) -> str:
            if within := _WITHIN.fullmatch(match[1]):
                outer = self.names
                self.names = held.inside()
                self.names.types[name_of(within[2])] = type_of(within[3])
                self.names.fixed |= {name_of(within[2])}
                written = self.expression(type_of(within[1]), depth)
                self.names = outer
                return written
            if found := _BOUND.fullmatch(match[1]):
                return name_of(found[1])
            if match[1].startswith("~"):
                return self._short(type_of(match[1][1:]))
            return self.expression(type_of(match[1]), depth)

        written = _HOLE.sub(fill, text)
        return written

    def _short(self, type_: str) -> str:
        """Write what may stand in an f-string."""
        known = self.names.of(type_)
        return self.dice.choice(known) if known else {"int": "12", "float": "2.5", "str": "'ab'"}.get(type_, "True")

    # Statements
    def block(self, depth: int) -> list[str]:
        """Write a few statements."""
        lines: list[str] = []
        for _ in range(self.dice.randint(1, 5)):
            if self.left <= 0:
                break
            self.left -= 1
            lines += self._statement(depth)
        return lines or ["pass"]

    def _statement(self, depth: int) -> list[str]:
        simple = (
            self._assign,
            self._assign,
            self._augmented,
            self._change_list,
            self._change_dict,
            self._change_set,
            self._unpack,
            self._element,
        )
        nested = (self._if, self._if, self._for, self._for, self._while, self._try, self._nested_function)
        if depth < 3 and self.dice.random() < 0.45:
            return self.dice.choice(nested)(depth)
        if self.loops and self.dice.random() < 0.15:
            return [f"if {self.expression('bool', 2)}:", f"    {self.dice.choice(('break', 'continue'))}"]
        if self.dice.random() < 0.06:
            return self._raise()
        if depth and self.dice.random() < 0.08:
            return ["return"] if self.result.startswith("@") else [self.end(2)]
        if self.result.startswith("@") and self.dice.random() < 0.25:
            return [self.end(2)]
        return self.dice.choice(simple)()

    def _name(self) -> str:
        self.fresh += 1
        return f"v{self.fresh}"

    def _assign(self) -> list[str]:
        writable = [name for name in self.names.types if name not in self.names.fixed]
        if writable and self.dice.random() < 0.4:
            name = self.dice.choice(writable)
            type_ = self.names.types[name]
            if self.dice.random() < 0.06:
                type_ = self.palette.any()
        else:
            name, type_ = self._name(), self.palette.any()
            if self.dice.random() < 0.1:
                type_ = f"@{type_}"
        text = self.expression(type_, 3)
        self.names.types[name] = type_
        return [f"{name} = {text}"]

    def _of_kind(self, kind: str) -> list[str]:
        return [name for name, type_ in self.names.types.items() if parsed(type_)[0] == kind]

    def _augmented(self) -> list[str]:
        found = [name for name in self.names.of(*_AUGMENTED) if name not in self.names.fixed]
        if not found:
            return self._assign()
        name = self.dice.choice(found)
        type_ = self.names.types[name]
        return [f"{name} {self.dice.choice(_AUGMENTED[type_])}= {self.expression(type_, 2)}"]

    def _change_list(self) -> list[str]:
        found = self._of_kind("list")
        if not found:
            return self._assign()
        name = self.dice.choice(found)
        (item,) = parsed(self.names.types[name])[1]
        some, same = (lambda: self.expression(item, 2)), (lambda: self.expression(f"[{item}]", 2))
        index, part = literal("index", self.dice), literal("slice", self.dice)
        choices = [
            f"{name}.append({some()})", f"{name}.append({some()})", f"{name}.insert({index}, {some()})", f"{name}.extend({same()})",
            f"{name}.pop({index})", f"{name}.remove({some()})", f"{name}.reverse()", f"{name} += {same()}", f"{name}[{index}] = {some()}",
            f"del {name}[{index}]", f"{name}[{part}] = {same()}", f"{name}.clear()", f"del {name}[{part}]",
        ]  # fmt: skip
        if item in CHOICES["O"]:
            choices += [f"{name}.sort()", f"{name}.sort(reverse=True)"]
        return [self.dice.choice(choices)]

    def _change_dict(self) -> list[str]:
        found = self._of_kind("dict")
        if not found:
            return self._assign()
        name = self.dice.choice(found)
        key, item = parsed(self.names.types[name])[1]
        one, other = self.expression(key, 2), self.expression(item, 2)
        choices = [
            f"{name}[{one}] = {other}", f"{name}[{one}] = {other}", f"{name}.pop({one}, {other})", f"{name}.setdefault({one}, {other})",
            f"del {name}[{one}]", f"{name}.update({self.expression(self.names.types[name], 2)})", f"{name}.clear()",
        ]  # fmt: skip
        if item in _AUGMENTED:
            choices += [f"{name}[{one}] = {name}.get({one}, {literal(item, self.dice)}) + {other}", f"{name}[{one}] += {other}"]
        return [self.dice.choice(choices)]

    def _change_set(self) -> list[str]:
        found = self._of_kind("set")
        if not found:
            return self._assign()
        name = self.dice.choice(found)
        one, same = self.expression(parsed(self.names.types[name])[1][0], 2), self.expression(self.names.types[name], 2)
        choices = [f"{name}.add({one})", f"{name}.discard({one})", f"{name}.remove({one})", f"{name}.update({same})", f"{name} |= {same}"]
        return [self.dice.choice([*choices, f"{name} -= {same}", f"{name} &= {same}"])]

    def _unpack(self) -> list[str]:
        one, other = self.dice.choice(SCALARS), self.dice.choice(SCALARS)
        names = (self._name(), self._name())
        text = self.expression(f"({one},{other})", 2)
        self.names.types |= {names[0]: one, names[1]: other}
        return [f"{names[0]}, {names[1]} = {text}"]

    def _element(self) -> list[str]:
        found = [name for name in self._of_kind("list") if parsed(self.names.types[name])[1][0] in ("int", "float")]
        if not found:
            return self._change_list()
        name = self.dice.choice(found)
        item = parsed(self.names.types[name])[1][0]
        return [f"{name}[{literal('index', self.dice)}] {self.dice.choice('+-*')}= {self.expression(item, 2)}"]

    def _raise(self) -> list[str]:
        error = self.dice.choice(("ValueError", "KeyError", "TypeError", "IndexError", "RuntimeError"))
        message = self.dice.choice(("'no'", self.expression("str", 1), f"f'bad {{{self._short('int')}}}'"))
        return [f"if {self.expression('bool', 2)}:", f"    raise {error}({message})"]

    def _inner(self, depth: int, loop: bool = False, **more: str) -> list[str]:
        """Write an indented block whose own names stay its own but for a few, which may be unbound after it."""
        outer = self.names
        self.names = outer.inside()
        self.names.types |= more
        self.names.fixed |= set(more)
        self.loops += loop
        lines = [f"    {line}" for line in self.block(depth + 1)]
        self.loops -= loop
        kept = self.names
        self.names = outer
        if self.dice.random() < 0.1:
            outer.types |= kept.types
        return lines

    def _if(self, depth: int) -> list[str]:
        lines = [f"if {self.expression(self.dice.choice(('bool', 'bool', 'bool', self.palette.any())), 3)}:", *self._inner(depth)]
        if self.dice.random() < 0.3:
            lines += [f"elif {self.expression('bool', 2)}:", *self._inner(depth)]
        return [*lines, "else:", *self._inner(depth)] if self.dice.random() < 0.5 else lines

    def _for(self, depth: int) -> list[str]:
        name, other = self._name(), self._name()
        item = self.palette.any()
        key = self.palette.one_of("K")
        head, more = self.dice.choice(
            (
                (f"{name} in {self.expression(f'[{item}]', 2)}[:6]", {name: item}),
                (f"{name} in range({literal('small', self.dice)})", {name: "int"}),
                (f"{name} in {self.expression('str', 2)}[:8]", {name: "str"}),
                (f"{name} in sorted({self.expression('{int}', 2)})", {name: "int"}),
                (f"{name}, {other} in {self.expression(f'{{{key}:{item}}}', 2)}.items()", {name: key, other: item}),
                (f"{name}, {other} in enumerate({self.expression(f'[{item}]', 2)}[:5])", {name: "int", other: item}),
                (f"{name} in {self.expression(f'{{{key}:{item}}}', 2)}", {name: key}),
                (f"{name} in {self.expression(f'@{item}', 2)}", {name: item}),
                (f"{name}, {other} in zip({self.expression(f'[{item}]', 2)}[:5], {self.expression('str', 2)})", {name: item, other: "str"}),
            )
        )
        lines = [f"for {head}:", *self._inner(depth, loop=True, **more)]
        return [*lines, "else:", *self._inner(depth)] if self.dice.random() < 0.1 else lines

    def _while(self, depth: int) -> list[str]:
        name = self._name()
        self.names.fixed |= {name}
        body = self._inner(depth, loop=True, **{name: "int"})
        return [f"{name} = {self.dice.randint(1, 5)}", f"while {name} > 0:", f"    {name} -= 1", *body]

    def _try(self, depth: int) -> list[str]:
        error = self.dice.choice(("ValueError", "KeyError", "(IndexError, ZeroDivisionError)", "Exception", "LookupError"))
        lines = ["try:", *self._inner(depth), f"except {error}:", *self._inner(depth)]
        if self.dice.random() < 0.3:
            lines[len(lines) - 0 :] = ["else:", *self._inner(depth)]
        return [*lines, "finally:", *self._inner(depth)] if self.dice.random() < 0.25 else lines

    def _nested_function(self, depth: int) -> list[str]:
        self.fresh += 1
        callee = Callee(f"h{self.fresh}", tuple(self.palette.any() for _ in range(self.dice.randint(1, 2))), self.palette.any())
        if self.dice.random() < 0.3:
            callee = replace(callee, result=f"@{callee.result}")
        outer, result, loops = self.names, self.result, self.loops
        self.names, self.result, self.loops = outer.inside(), callee.result, 0
        self.names.fixed |= set(outer.types)
        params = [self._name() for _ in callee.params]
        self.names.types |= dict(zip(params, callee.params, strict=True))
        lines = [*self.block(2), self.end(2)]
        self.names, self.result, self.loops = outer, result, loops
        if depth == 0:
            self.callees = [*self.callees, callee]
        return [f"def {callee.name}({', '.join(params)}):", *(f"    {line}" for line in lines)]
