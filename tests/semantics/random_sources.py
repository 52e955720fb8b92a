"""Random modules as users write them: typed functions with control flow, calls, tuples, lists and Gf vectors, which end on any input.

What is written is meant to be translated, but nothing is done to make sure of it: a refusal is an answer too. Errors, unassigned names,
shared objects and evaluation orders are sown on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

INT, FLOAT, BOOL, STR = "int", "float", "bool", "str"
PAIR, INTS, FLOATS = "tuple[float, int]", "list[int]", "list[float]"
VEC, SINGLE = "Gf.Vec3d", "Gf.Vec3f"
LENGTH = 3
SCALARS = (INT, INT, FLOAT, FLOAT, BOOL)
MUTABLE = (INTS, FLOATS, VEC, SINGLE)
ITEMS = {INTS: INT, FLOATS: FLOAT, VEC: FLOAT, SINGLE: FLOAT}
_INT_TEXTS = ("0", "1", "2", "-1", "3", "7", "10", "-5", "63", "100", "2 ** 31", "9223372036854775807", "-9223372036854775808", "True")
_FLOAT_TEXTS = (
    "0.0",
    "-0.0",
    "1.0",
    "0.5",
    "-2.5",
    "0.1",
    "3.0",
    "100.0",
    "1e16",
    "1e300",
    "1e-300",
    "5e-324",
    "1e400",
    "(1e400 - 1e400)",
    "2",
)
_EXAMPLES = {
    INT: "1",
    FLOAT: "1.0",
    BOOL: "True",
    PAIR: "(1.0, 2)",
    INTS: "[1, 2, 3]",
    FLOATS: "[1.0, 2.0, 3.0]",
    VEC: "Gf.Vec3d(1, 2, 3)",
    SINGLE: "Gf.Vec3f(1, 2, 3)",
}
# What an expression of a type may look like; <…> stands for an expression, or for what `_BodyWriter.filled` says.
_TEMPLATES = {
    INT: (
        "(<int> + <int>)", "(<int> - <int>)", "(<int> * <int>)", "(<int> + <int>)", "(<int> - <int>)", "(<int> * <int>)",
        "(<int> // <int>)", "(<int> % <int>)", "(<int> // (<int> % 7 + 1))", "(<int> % (<int> % 7 + 1))", "(<int> & <int>)",
        "(<int> | <int>)", "(<int> ^ <int>)", "(<int> >> <int> % 70)", "(<int> << <int> % 9)", "(-<int>)", "(~<int>)", "abs(<int>)",
        "min(<int>, <int>)", "max(<int>, <int>, 4)", "(<int> if <bool> else <int>)", "(<int> and <int>)", "(<int> or <int>)",
        "int(<float>)", "round(<float>)", "math.floor(<float>)", "(<bool> + <int>)", "int(<bool>)", "<ints>[<index>]", "<ints>[<index>]",
        "TABLE[<int> % 4]", "<pair>[1]", "divmod(<int>, <int>)[0]", "divmod(<int>, <int>)[1]", "(<int> ** 2)", "(<int> ** (<int> % 4))",
        "pow(<int>, 5, 7)", "pow(<int>, 3, -10)", "len(<ints>)", "sum(<ints>)", "((<new int> := <int>) + <int>)",
        "math.gcd(<int>, <int>)", "(<int> // -3)", "(<int> % -4)", "(<int> * -1)", "(<int> % 10)", "(<int> // 2)",
    ),
    FLOAT: (
        "(<float> + <float>)", "(<float> - <float>)", "(<float> * <float>)", "(<float> + <int>)", "(<int> - <float>)",
        "(<float> * <int>)", "(<float> / <float>)", "(<float> / (<float> * <float> + 1.0))", "(<float> // <float>)",
        "(<float> % <float>)", "(<float> ** 2)", "(<float> ** 0.5)", "(<float> ** -1)", "(<float> ** <float>)", "(-<float>)",
        "abs(<float>)", "min(<float>, <float>)", "max(<float>, <float>)", "float(<int>)", "(<int> / <int>)", "(<int> / 3)",
        "(<float> if <bool> else <float>)", "(<float> and <float>)", "(<float> or <float>)", "math.sin(<float>)", "math.cos(<float>)",
        "math.exp(<float>)", "math.log(<float>)", "math.atan2(<float>, <float>)", "math.sqrt(<float>)", "math.sqrt(abs(<float>))",
        "math.hypot(<float>, <float>)", "math.copysign(<float>, <float>)", "math.fmod(<float>, <float>)", "round(<float>, 2)",
        "round(<float>, -1)", "round(<float>, 0)", "<floats>[<index>]", "<floats>[<index>]", "<pair>[0]", "<vector>.GetLength()",
        "Gf.Dot(<vec>, <vec>)", "(<vec> * <vec>)", "((<new float> := <float>) * <float>)", "float(<bool>)", "math.pi", "HALF",
        "(<float> * 0.0)", "(0.0 - <float>)", "(<float> - <float>)", "(<float> % 1.0)", "(<float> // 0.5)",
        "sum(<floats>)",
    ),
    BOOL: (
        "(<number> < <number>)", "(<number> <= <number>)", "(<number> > <number>)", "(<number> >= <number>)", "(<number> == <number>)",
        "(<number> != <number>)", "(<number> < <number> <= <number>)", "(<number> > <number> != <number>)",
        "(<int> < <int> < <int> < <int>)", "(<bool> and <bool>)", "(<bool> or <bool>)", "(not <bool>)", "(<bool> & <bool>)",
        "(<bool> | <bool>)", "(<bool> ^ <bool>)", "bool(<number>)", "(<int> in (<int>, 3, <int>))", "(<int> not in TABLE)",
        "(<bool> == <bool>)", "((<int>, <int>) == (<int>, <int>))", "math.isfinite(<float>)", "(<bool> if <bool> else <bool>)",
        "(<vec> == <vec>)", "(<str> == <str>)", "(<str> < <str>)", "(not <number>)", "(<bool> < <bool>)",
    ),
    STR: ("'a'", "'b'", "('a' if <bool> else 'c')"),
    PAIR: ("(<float>, <int>)", "(<float>, <int>)", "(<pair> if <bool> else <pair>)"),
    INTS: ("[<int>, <int>, <int>]", "[<int>, 0, <int>]", "[<int>] * 3"),
    FLOATS: ("[<float>, <float>, <float>]", "[<float>, 0.5, <float>]", "[0.0] * 3"),
    VEC: (
        "Gf.Vec3d(<float>, <float>, <float>)", "Gf.Vec3d(<float>, 1, <int>)", "(<vec> + <vec>)", "(<vec> - <vec>)", "(<vec> * <float>)",
        "(<float> * <vec>)", "(<vec> / <float>)", "(-<vec>)", "<vec>.GetNormalized()", "Gf.Cross(<vec>, <vec>)", "Gf.Vec3d(<vector>)",
        "(<vec> ^ <vec>)",
    ),
    SINGLE: (
        "Gf.Vec3f(<float>, <float>, <float>)", "Gf.Vec3f(<float>, 1, <int>)", "(<single> + <single>)", "(<single> - <single>)",
        "(<single> * <float>)", "(<float> * <single>)", "(<single> / <float>)", "(-<single>)", "<single>.GetNormalized()",
        "Gf.Vec3f(<vector>)",
    ),
}  # fmt: skip
_KINDS = {"int": INT, "float": FLOAT, "bool": BOOL, "str": STR, "pair": PAIR, "vec": VEC, "single": SINGLE}
_ERRORS = ("ValueError", "ZeroDivisionError", "OverflowError", "IndexError", "RuntimeError")


@dataclass(frozen=True)
class Signature:
    """A function that later ones may call. `changes` tells that it changes its first argument in place."""

    name: str
    params: tuple[tuple[str, str], ...]
    result: str
    defaults: int = 0
    changes: bool = False


@dataclass
class Scope:
    """The variables that may be read, by name; those of `fixed` may not be assigned. Copies share nothing."""

    types: dict[str, str]
    fixed: set[str] = field(default_factory=set)

    def copy(self) -> Scope:
        return Scope(dict(self.types), set(self.fixed))

    def of(self, *types: str) -> list[str]:
        """Return the names whose type is one of `types`."""
        return [name for name, type_ in self.types.items() if type_ in types]


@dataclass(frozen=True)
class RandomSource:
    """A module's text; an example call where the entry's annotations leave a length open."""

    text: str
    examples: tuple[str, ...]


def random_source(seed: int) -> RandomSource:
    """Write one module whose entry is `f`."""
    return _ModuleWriter(Random(seed)).module()


class _ModuleWriter:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.functions: list[Signature] = []

    def module(self) -> RandomSource:
        random = self.random
        parts = ["import math", "from pxr import Gf", "", "K = 3", "HALF = 0.5", "TABLE = (2, 3, 5, 7)"]
        for number in range(random.choice((0, 1, 1, 2))):
            parts += ["", "", *self._function(f"g{number}", helper=True)]
        parts += ["", "", *self._function("f", helper=False)]
        entry = self.functions[-1]
        types = [type_ for _, type_ in entry.params]
        needs = any(type_ in (INTS, FLOATS) for type_ in types)
        examples = (f"f({', '.join(_EXAMPLES[type_] for type_ in types)})",) if needs else ()
        return RandomSource("\n".join(parts) + "\n", examples)

    def _function(self, name: str, helper: bool) -> list[str]:
        random = self.random
        count = random.randint(1, 4)
        pool = (*SCALARS, *SCALARS, PAIR, *MUTABLE)
        params = tuple((f"{letter}", random.choice(pool)) for letter in "abcd"[:count])
        result = random.choice((INT, FLOAT, BOOL, INT, FLOAT, PAIR, VEC, FLOATS, STR) if random.random() < 0.7 else (INT, FLOAT))
        scalars = all(type_ in SCALARS for _, type_ in params[1:])
        defaults = random.randint(0, count - 1) if helper and scalars else 0
        changes = helper and params[0][1] in (INTS, FLOATS) and random.random() < 0.5
        body = _BodyWriter(self, random, Scope(dict(params)), result, changes)
        if not changes:
            body.scope.fixed |= {name for name, type_ in params if type_ in MUTABLE and random.random() < 0.7}
        lines = body.function()
        shown = [f"{param}: {type_}" for param, type_ in params]
        texts = {INT: "2", FLOAT: "0.25", BOOL: "False"}
        for index in range(count - defaults, count):
            shown[index] += f" = {texts[params[index][1]]}"
        self.functions.append(Signature(name, params, result, defaults, changes))
        return [f"def {name}({', '.join(shown)}) -> {result}:", *("    " + line for line in lines)]


class _BodyWriter:
    """One function's statements; expressions are written for a type that is wanted."""

    def __init__(self, module: _ModuleWriter, random: Random, scope: Scope, result: str, changes: bool) -> None:
        self.module = module
        self.random = random
        self.scope = scope
        self.result = result
        self.changes = changes
        self.loops = 0
        self.fresh = 0
        self.budget = random.randint(4, 16)

    def function(self) -> list[str]:
        lines = self.block(0)
        if self.changes:
            lines.append(f"a[{self.index()}] = {self.expr(ITEMS[self.scope.types['a']], 2)}")
        return [*lines, f"return {self.expr(self.result, 3)}"]

    # ------------------------------------------------------------------------------------------------------- statements
    def block(self, depth: int, most: int = 5) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randint(1, most)):
            if self.budget <= 0:
                break
            self.budget -= 1
            lines += self.statement(depth)
        return lines or ["pass"]

    def statement(self, depth: int) -> list[str]:
        random = self.random
        simple: list[Callable[[], list[str]]] = [
            self.assign, self.assign, self.assign, self.augmented, self.augmented, self.unpack, self.element, self.change_vector,
            self.call_changing, self.reassign, self.reassign, self.chained,
        ]  # fmt: skip
        if random.random() < 0.08:
            return self.fail()
        if self.loops and random.random() < 0.12:
            return [f"if {self.expr(BOOL, 2)}:", f"    {random.choice(('break', 'continue'))}"]
        if depth < 3 and random.random() < 0.4:
            nested: list[Callable[[int], list[str]]] = [self.if_, self.if_, self.for_range, self.for_each, self.while_]
            return random.choice(nested)(depth)
        if depth and random.random() < 0.05:
            return [f"return {self.expr(self.result, 2)}"]
        return random.choice(simple)()

    def name(self) -> str:
        self.fresh += 1
        return f"{self.random.choice(('x', 'y', 'total', 'n'))}{self.fresh}"

    def assign(self) -> list[str]:
        type_ = self.random.choice((*SCALARS, *SCALARS, PAIR, INTS, FLOATS, VEC, SINGLE))
        text = self.expr(type_, 3, fresh=True)
        name = self.name()
        self.scope.types[name] = type_
        return [f"{name} = {text}"]

    def writable(self, *types: str) -> list[str]:
        return [name for name in self.scope.of(*types) if name not in self.scope.fixed]

    def reassign(self) -> list[str]:
        names = self.writable(INT, FLOAT, BOOL, PAIR, VEC)
        if not names:
            return self.assign()
        name = self.random.choice(names)
        return [f"{name} = {self.expr(self.scope.types[name], 3, fresh=True)}"]

    def augmented(self) -> list[str]:
        names = self.writable(INT, FLOAT)
        if not names:
            return self.assign()
        name = self.random.choice(names)
        operators = (
            ("+", "-", "*", "//", "%", "/", "**") if self.scope.types[name] == FLOAT else ("+", "-", "*", "//", "%", "&", "|", "^", ">>")
        )
        return [f"{name} {self.random.choice(operators)}= {self.expr(self.scope.types[name], 2)}"]

    def chained(self) -> list[str]:
        type_ = self.random.choice(SCALARS)
        text, names = self.expr(type_, 2), (self.name(), self.name())
        self.scope.types |= dict.fromkeys(names, type_)
        return [f"{names[0]} = {names[1]} = {text}"]

    def unpack(self) -> list[str]:
        type_ = self.random.choice((INT, FLOAT))
        names = self.writable(type_)
        if len(names) < 2 or self.random.random() < 0.3:
            text, (x, n) = self.expr(PAIR, 2), (self.name(), self.name())
            self.scope.types |= {x: FLOAT, n: INT}
            return [f"{x}, {n} = {text}"]
        one, other = self.random.sample(names, 2)
        if self.random.random() < 0.5:
            return [f"{one}, {other} = {other}, {one}"]
        return [f"{one}, {other} = {self.expr(type_, 2)}, {self.expr(type_, 2)}"]

    def element(self) -> list[str]:
        names = self.writable(*MUTABLE)
        if not names:
            return self.assign()
        name = self.random.choice(names)
        item = ITEMS[self.scope.types[name]]
        operator = self.random.choice(("", "", "+", "-", "*"))
        return [f"{name}[{self.index()}] {operator}= {self.expr(item, 2)}"]

    def change_vector(self) -> list[str]:
        names = self.writable(VEC, SINGLE)
        if not names:
            return self.assign()
        name = self.random.choice(names)
        if self.random.random() < 0.5:
            return [f"{name} {self.random.choice('+-')}= {self.expr(self.scope.types[name], 2, fresh=True)}"]
        return [f"{name} {self.random.choice('*/')}= {self.expr(FLOAT, 2)}"]

    def call_changing(self) -> list[str]:
        found = [item for item in self.module.functions if item.changes and self.writable(item.params[0][1])]
        if not found:
            return self.reassign()
        function = self.random.choice(found)
        first = self.random.choice(self.writable(function.params[0][1]))
        rest = [self.expr(type_, 1, fresh=True) for _, type_ in function.params[1:]]
        text = f"{function.name}({', '.join([first, *rest])})"
        if self.random.random() < 0.5 or function.result in MUTABLE:
            return [text]
        name = self.name()
        self.scope.types[name] = function.result
        return [f"{name} = {text}"]

    def fail(self) -> list[str]:
        if self.random.random() < 0.4:
            return [f"assert {self.expr(BOOL, 2)}, 'failed {self.random.randint(0, 9)}'"]
        error = self.random.choice(_ERRORS)
        return [f"if {self.expr(BOOL, 2)}:", f"    raise {error}('{error.lower()} {self.random.randint(0, 9)}')"]

    def nested(self, depth: int, loop: bool = False) -> list[str]:
        """Write a block whose own names stay its own, but for a few: those may be unassigned after it."""
        outer = self.scope
        self.scope = outer.copy()
        self.loops += loop
        lines = self.block(depth + 1, 3)
        self.loops -= loop
        inner, self.scope = self.scope, outer
        for name, type_ in inner.types.items():
            if name not in outer.types and type_ in SCALARS and self.random.random() < 0.06:
                outer.types[name] = type_
        return ["    " + line for line in lines]

    def if_(self, depth: int) -> list[str]:
        lines = [f"if {self.expr(BOOL, 3)}:", *self.nested(depth)]
        if self.random.random() < 0.3:
            lines += [f"elif {self.expr(BOOL, 2)}:", *self.nested(depth)]
        if self.random.random() < 0.5:
            lines += ["else:", *self.nested(depth)]
        return lines

    def loop(self, depth: int, head: str, targets: dict[str, str], before: tuple[str, ...] = ()) -> list[str]:
        self.scope.types |= targets
        if self.random.random() < 0.8:
            self.scope.fixed |= targets.keys()
        lines = [head, *before, *self.nested(depth, loop=True)]
        if self.random.random() < 0.25:
            lines += ["else:", *self.nested(depth)]
        if self.random.random() < 0.9:
            for name in targets:
                self.scope.types.pop(name)
        return lines

    def for_range(self, depth: int) -> list[str]:
        random, name = self.random, self.name()
        bound = self.filled(random.choice(("3", "4", "0", "<int> % 5", "len(TABLE) - 1")), 1)
        start, step = random.choice(("0", "-2", "1")), random.choice(("1", "2", "-1", "-3", "K"))
        texts = (bound, f"{start}, {bound}", f"{start}, {bound}, {step}", f"{bound}, {start}, {step}")
        return self.loop(depth, f"for {name} in range({random.choice(texts)}):", {name: INT})

    def for_each(self, depth: int) -> list[str]:
        random, name = self.random, self.name()
        sequences = self.scope.of(*MUTABLE)
        over = random.choice(sequences) if sequences and random.random() < 0.7 else ""
        item = ITEMS[self.scope.types[over]] if over else INT
        shown = over or self.filled(random.choice(("TABLE", "(<int>, <int>)")), 1)
        kind = random.random()
        if kind < 0.5:
            return self.loop(depth, f"for {name} in {shown}:", {name: item})
        if kind < 0.75:
            index = self.name()
            return self.loop(depth, f"for {index}, {name} in enumerate({shown}):", {index: INT, name: item})
        if kind < 0.9:
            other = self.name()
            return self.loop(depth, f"for {name}, {other} in zip({shown}, TABLE):", {name: item, other: INT})
        if over in self.scope.of(VEC, SINGLE):
            shown, item = "TABLE", INT
        return self.loop(depth, f"for {name} in reversed({shown}):", {name: item})

    def while_(self, depth: int) -> list[str]:
        name = self.name()
        self.scope.types[name] = INT
        self.scope.fixed.add(name)
        most, extra = self.random.randint(1, 4), ""
        if self.random.random() < 0.4:
            extra = f" and {self.expr(BOOL, 2)}"
        # The counter moves first, so that `continue` cannot keep the loop alive.
        return [f"{name} = 0", *self.loop(depth, f"while {name} < {most}{extra}:", {}, (f"    {name} += 1",))]

    # ------------------------------------------------------------------------------------------------------ expressions
    def index(self) -> str:
        return self.filled(self.random.choice(("0", "1", "2", "-1", "<int> % 3", "<int> % 4", "<int>")), 1)

    def expr(self, type_: str, depth: int, fresh: bool = False) -> str:
        """Write an expression of a type; `fresh` asks, mostly, for an object of its own where that can be changed."""
        random, names = self.random, self.scope.of(type_)
        if type_ in MUTABLE and fresh and random.random() < 0.95:
            names = []
        if names and random.random() < (0.35 if depth > 0 else 0.8):
            return random.choice(names)
        if depth <= 0:
            return self.plain(type_)
        calls = [item for item in self.module.functions if item.result == type_ and not item.changes]
        if calls and random.random() < 0.15:
            return self.call(random.choice(calls), depth - 1)
        return self.filled(random.choice(_TEMPLATES[type_]), depth - 1)

    def plain(self, type_: str) -> str:
        """Write an expression without a part."""
        random = self.random
        usual = random.random() < 0.8
        match type_:
            case "int":
                return random.choice(_INT_TEXTS[:8] if usual else _INT_TEXTS)
            case "float":
                return random.choice(_FLOAT_TEXTS[:8] if usual else _FLOAT_TEXTS)
            case "bool":
                return random.choice(("True", "False"))
            case "str":
                return random.choice(("'a'", "'b'"))
            case _:
                return _EXAMPLES[type_]

    def filled(self, template: str, depth: int) -> str:
        """Replace what stands in <…>, from left to right."""
        return re.sub(r"<([a-z][a-z ]*)>", lambda found: self.part(found[1], depth), template)

    def part(self, kind: str, depth: int) -> str:
        random = self.random
        match kind:
            case "number":
                return self.expr(random.choice((INT, FLOAT)), depth)
            case "vector":
                return self.expr(random.choice((VEC, SINGLE)), depth)
            case "index":
                return self.index() if depth > 0 else "1"
            case "ints":
                return random.choice(self.scope.of(INTS) or ["TABLE"])
            case "floats":
                return random.choice(self.scope.of(FLOATS) or ["(0.5, HALF, 1e3)"])
            case "new int" | "new float":
                name = self.name()
                if random.random() < 0.2:
                    self.scope.types[name] = kind.removeprefix("new ")
                return name
            case _:
                return self.expr(_KINDS[kind], depth)

    def call(self, function: Signature, depth: int) -> str:
        given = len(function.params) - self.random.randint(0, function.defaults)
        texts = [self.expr(type_, min(depth, 1), fresh=True) for _, type_ in function.params[:given]]
        split = self.random.randint(0, given) if self.random.random() < 0.3 else given
        named = [f"{name}={text}" for (name, _), text in zip(function.params[split:], texts[split:], strict=False)]
        self.random.shuffle(named)
        return f"{function.name}({', '.join([*texts[:split], *named])})"
