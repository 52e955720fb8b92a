"""Writes random modules about state: aliases, order of evaluation, exceptions, classes, closures, generators, managers and patterns.

A module is about a few kinds of values, holds only the variables and declarations that its statements use, and is valid Python. All loops
together have few turns.
"""

from __future__ import annotations

import ast
import re
import warnings
from random import Random

from language_fuzz import state_grammar as grammar
from language_fuzz.state_declarations import DECLARATIONS, FURTHER
from language_fuzz.writer import CALLS, Module

_HOLE = re.compile(r"<([a-z]+)>")
_WORD = re.compile(r"[A-Za-z_]\w*")
_CHOICE = re.compile("«(.*?)»")
# What needs no parentheses inside another expression.
_ATOM = re.compile(r"-?[\w.]+|'\w*'|\[[^\[\]]*\]|\w+\([^()]*\)")
_UNWRAPPED = ("index", "slice", "small", "few", "label")
DEEPEST = 3
# How many turns of loops and calls of closures there are in all: what grows in them could otherwise grow without end.
TURNS = 15


def random_state_module(seed: int) -> Module:
    """Write the module of a seed."""
    dice = Random(seed)
    while True:
        module = _module(dice)
        if _is_python(module.text):
            return module


def _is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<random>", "exec")
        except SyntaxError:
            return False
    return True


def _module(dice: Random) -> Module:
    subjects = dice.sample(sorted(grammar.SUBJECTS), dice.choice((1, 2, 2, 3, 3)))
    kinds = {*grammar.ALWAYS, *subjects, *(more for subject in subjects for more in grammar.SUBJECTS[subject])}
    lines = _Body(dice, frozenset(kinds)).function()
    beginnings: list[str] = []
    for beginning in reversed(grammar.BEGINNINGS):
        if _words(beginning)[0] in _words("\n".join([*lines, *beginnings])):
            beginnings.insert(0, _varied(beginning, dice))
    params = ["a", "b", "xs", *(["table"] if "dict" in kinds else [])]
    entry = "\n".join([f"def f({', '.join(params)}):", *_indented([*beginnings, *lines])]) + "\n"
    parts = [entry]
    for name, text in reversed(DECLARATIONS.items()):
        if name in _words("".join(parts)):
            more = [f"{part.strip(chr(10))}\n" for part in FURTHER.get(name, "").split("\n\n") if part and dice.random() < 0.4]
            parts.insert(0, _varied("".join([text.removeprefix("\n"), *more]), dice))
    return Module("\n\n".join(parts), tuple(_call(params, dice, number) for number in range(CALLS)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _varied(text: str, dice: Random) -> str:
    return _CHOICE.sub(lambda match: dice.choice(match[1].split(" | ")), text)


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _call(params: list[str], dice: Random, number: int) -> str:
    # The first call shows the types of elements.
    count = dice.choice((0, 1, 2, 3, 3, 4)) if number else 3
    given = [dice.choice(("0", "1", "2", "3", "-1", "4")), dice.choice(("0", "1", "2", "5", "-2"))]
    given.append(repr([dice.choice((0, 1, 2, 3, -1, 5)) for _ in range(count)]))
    if "table" in params:
        given.append(repr({dice.choice(("a", "b", "z", "ab", "1")): dice.randint(0, 3) for _ in range(count)}))
    return ", ".join(given)


class _Body:
    """The statements of a module's entry."""

    def __init__(self, dice: Random, kinds: frozenset[str]) -> None:
        self.dice = dice
        self.kinds = kinds
        self.left = dice.choice((3, 5, 7, 9, 12))
        self.fresh = 0
        self.loops = 0
        self.functions = 0

    def function(self) -> list[str]:
        """Write the body of `f`."""
        lines: list[str] = []
        while self.left > 0:
            if self.dice.random() < 0.5:
                caught = ["except Exception as oops:", "    print(type(oops).__name__, str(oops))"]
                lines += ["try:", *self._inner(0), *caught]
            else:
                lines += self.block(0)
        return [*lines, self._return()]

    # Expressions
    def expression(self, kind: str, depth: int) -> str:
        """Write an expression of a kind."""
        if kind == "label":
            return repr(self._name("k"))
        if kind in _UNWRAPPED:
            return self.dice.choice(grammar.CONSTANTS[kind])
        chance = self.dice.random()
        if depth > 0 and kind in ("int", "bool") and chance < 0.1:
            return f"t({self._name('k')!r}, {self.expression(kind, depth - 1)})"
        if depth > 0 and chance < 0.7 and (fitting := self._possible(grammar.EXPRESSIONS[kind])):
            return self.filled(self.dice.choice(fitting), depth - 1)
        if kind == "int" and self.dice.random() < 0.4:
            return self.dice.choice(grammar.CONSTANTS["int"])
        return self.dice.choice(grammar.VARIABLES[kind])

    def filled(self, template: str, depth: int) -> str:
        """Write a template with its holes filled."""

        def fill(match: re.Match[str]) -> str:
            text = self.expression(match[1], depth)
            return text if match[1] in _UNWRAPPED or _ATOM.fullmatch(text) else f"({text})"

        return _HOLE.sub(fill, template)

    def _possible(self, templates: tuple[str, ...]) -> list[str]:
        """Return the templates whose kinds this module has."""
        return [template for template in templates if self._has(template)]

    def _has(self, template: str) -> bool:
        named = (grammar.KIND_OF.get(word, "int") for word in _words(_HOLE.sub("", template)))
        held = (hole for hole in _HOLE.findall(template) if hole not in _UNWRAPPED)
        return self.kinds.issuperset((*named, *held))

    def _name(self, prefix: str) -> str:
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def _return(self) -> str:
        if self.functions:
            return f"return {self.expression('int', 2)}"
        shown = self._possible(grammar.SHOWN)
        return f"return {', '.join(self.dice.sample(shown, self.dice.choice((2, 3, 4))))}"

    # Statements
    def block(self, depth: int) -> list[str]:
        """Write a few statements."""
        lines: list[str] = []
        for _ in range(self.dice.randint(1, 3 if depth < 2 else 2)):
            self.left -= 1
            lines += self._statement(depth)
            if self.left <= 0:
                break
        return lines

    def _inner(self, depth: int) -> list[str]:
        return _indented(self.block(depth + 1))

    def _statement(self, depth: int) -> list[str]:
        nested = (self._if, self._if, self._loop, self._loop, self._try, self._try, self._closure, self._with, self._match)
        if depth < DEEPEST and self.left > 0 and self.dice.random() < 0.45:
            return self.dice.choice(nested)(depth)
        if depth and self.dice.random() < 0.12:
            leaving = [f"raise {self.dice.choice(grammar.RAISED)}({self._text()})", self._return()]
            return [f"if {self.expression('bool', 1)}:", f"    {self.dice.choice([*leaving, *(['break', 'continue'] * bool(self.loops))])}"]
        simple = (self._assign, self._assign, self._augmented, self._unpack, self._change, self._change, self._change)
        return self.dice.choice(simple)()

    def _text(self) -> str:
        return self.expression("str", 1) if "str" in self.kinds else "'no'"

    def _place(self, *kinds: str) -> tuple[str, str]:
        fitting = [(kind, text) for kind, text in grammar.PLACES if kind in (kinds or self.kinds) and self._has(text)]
        kind, text = self.dice.choice(fitting)
        return kind, self.filled(text, 1)

    def _assign(self) -> list[str]:
        kind, place = self._place()
        again = f"{self._place(kind)[1]} = " if self.dice.random() < 0.12 else ""
        return [f"{place} = {again}{self.expression(kind, 2)}"]

    def _augmented(self) -> list[str]:
        kind, place = self._place(*(kind for kind in grammar.AUGMENTED if kind in self.kinds))
        operator, right = self.dice.choice(grammar.AUGMENTED[kind])
        return [f"{place} {operator}= {self.expression(right, 2)}"]

    def _unpack(self) -> list[str]:
        match self.dice.randrange(3):
            case 0:
                places = [self._place() for _ in range(self.dice.choice((2, 2, 3)))]
                return [f"{', '.join(place for _, place in places)} = {', '.join(self.expression(kind, 1) for kind, _ in places)}"]
            case 1:
                names = [self._place("int")[1] for _ in range(self.dice.choice((1, 2)))]
                names.insert(self.dice.randint(0, len(names)), self.dice.choice(("*ys", "*zs")))
                return [f"{', '.join(names)} = {self.expression('list', 2)}"]
        kind = self.dice.choice(("pair", "list")) if "pair" in self.kinds else "list"
        return [f"{self._place('int')[1]}, {self._place('int')[1]} = {self.expression(kind, 2)}"]

    def _change(self) -> list[str]:
        return [self.filled(self.dice.choice(self._possible(grammar.CHANGES)), 2)]

    def _if(self, depth: int) -> list[str]:
        lines = [f"if {self.expression('bool', 2)}:", *self._inner(depth)]
        if self.dice.random() < 0.3:
            lines += [f"elif {self.expression(self.dice.choice(grammar.ALWAYS), 2)}:", *self._inner(depth)]
        return [*lines, "else:", *self._inner(depth)] if self.dice.random() < 0.4 else lines

    def _loop(self, depth: int) -> list[str]:
        self.loops += 1
        match self.dice.choice(("counted", "ended", "ended", "while")):
            case "counted":
                lines = [self.filled(self.dice.choice(grammar.COUNTED), 1)]
            case "ended":
                head = self.filled(self.dice.choice(self._possible(grammar.LOOPS)), 2)
                lines = [head, "    turns += 1", f"    if turns > {TURNS}:", "        break"]
            case _:
                lines = [f"while turns < {TURNS} and {self.filled('<bool>', 1)}:", "    turns += 1"]
        lines += self._inner(depth)
        self.loops -= 1
        return [*lines, "else:", *self._inner(depth)] if self.dice.random() < 0.15 else lines

    def _try(self, depth: int) -> list[str]:
        lines = ["try:", *self._inner(depth)]
        for error in self.dice.sample(grammar.ERRORS, self.dice.choice((0, 1, 1, 1, 2))):
            seen = self.dice.random() < 0.5
            lines += [f"except {error} as err:", "    print(type(err).__name__, str(err))"] if seen else [f"except {error}:"]
            lines += self._inner(depth)
        caught = any(line.startswith("except") for line in lines)
        if caught and self.dice.random() < 0.25:
            lines += ["else:", *self._inner(depth)]
        return lines if caught and self.dice.random() < 0.7 else [*lines, "finally:", *self._inner(depth)]

    def _closure(self, depth: int) -> list[str]:
        name, loops = self._name("inner"), self.loops
        self.loops, self.functions = 0, self.functions + 1
        body = [*self.block(depth + 1), f"return z + {self.filled('<int>', 1)}"]
        self.loops, self.functions = loops, self.functions - 1
        outer = _assigned(body) & {name for names in grammar.VARIABLES.values() for name in names}
        declared = [f"nonlocal {', '.join(sorted({*outer, 'turns'}))}", "turns += 1", f"if turns > {TURNS}:", "    return z"]
        used = [f"i = {name}({self.expression('int', 1)})", f"j = {name}(1, {self.expression('int', 1)})", f"xs = [{name}(x) for x in ys]"]
        if "function" in self.kinds:
            used += [f"acts.append({name})", f"act = {name}"]
        return [f"def {name}(z, y={self.expression('int', 1)}):", *_indented([*declared, *body]), self.dice.choice(used)]

    def _with(self, depth: int) -> list[str]:
        if "node" in self.kinds:
            head = f"with {self.filled('<node>', 1)} as {self.dice.choice(('n1', 'n2'))}:"
        else:
            head = f"with man({self.expression('int', 1)}) as i:"
        return [head, *self._inner(depth)]

    def _match(self, depth: int) -> list[str]:
        subject = self.dice.choice([kind for kind in grammar.MATCHED if kind in self.kinds])
        lines = [f"match {self.expression(subject, 2)}:"]
        for pattern in self.dice.sample(self._possible(grammar.PATTERNS), self.dice.choice((1, 1, 2, 3))):
            lines += [f"    case {pattern}:", *_indented(self._inner(depth))]
        return [*lines, "    case _:", "        print('none')"]


def _assigned(lines: list[str]) -> set[str]:
    """Return the variables that statements assign or delete; none where they are no Python."""
    try:
        tree = ast.parse("\n".join(["def q():", *_indented(lines)]))
    except SyntaxError:
        return set()
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del)}
    return stored | {node.name for node in ast.walk(tree) if isinstance(node, ast.MatchStar) and node.name}
