"""What a program about state is made of: expressions, places, changes, loops, patterns and declarations, as tables of templates.

In a template `<kind>` stands for an expression of a kind, and a word that is a variable or a class of a kind asks for that kind. In a
declaration `«one | other»` stands for one of several texts.
"""

from __future__ import annotations

# The variables of each kind: `word` and `text` hold texts, `found` an int or None, `ratio` an int or a float.
VARIABLES: dict[str, tuple[str, ...]] = {
    "int": ("i", "j", "a", "b"), "bool": ("ok",), "list": ("xs", "ys", "zs"), "dict": ("table", "copied"), "set": ("seen", "also"),
    "rows": ("rows",), "node": ("n1", "n2", "n3"), "nodes": ("nodes",), "pair": ("pair",), "function": ("act",), "functions": ("acts",),
    "iterator": ("stream",), "str": ("word", "text"), "strs": ("['p', 'q']",), "maybe": ("found",), "number": ("ratio",), "key": ("k0",),
    "keyed": ("by_key",),
}  # fmt: skip
# What a module may be about besides ints, bools and lists, and what comes with it.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "dict": ("str", "strs"), "set": (), "rows": (), "node": ("nodes",), "pair": (), "function": ("functions",), "iterator": (),
    "str": ("strs",), "maybe": (), "number": (), "key": ("keyed",),
}  # fmt: skip
ALWAYS = ("int", "bool", "list")
KIND_OF = {name: kind for kind, names in VARIABLES.items() for name in names} | {
    "Node": "node", "Leaf": "node", "Key": "key", "gen": "iterator", "after": "iterator", "first": "maybe",
}  # fmt: skip

CONSTANTS: dict[str, tuple[str, ...]] = {
    "int": ("0", "1", "2", "3", "-1", "5", "7"), "index": ("0", "1", "-1", "2", "-2", "3", "i", "j"),
    "slice": ("1:", "::2", ":-1", "::-1", "i:", "-2:", ":j", "1:3", "i:j", "::-2"), "small": ("0", "1", "2", "3"),
    "few": ("0", "1", "2", "-1", "3"),
}  # fmt: skip

EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "int": (
        "<int> + <int>", "<int> - <int>", "<int> * <int> % 97", "<int> // <int>", "<int> % <int>", "-<int>", "<list>[<index>]",
        "len(<list>)", "len(<set>)", "len(<dict>)", "sum(<list>)", "<list>.pop()", "<list>.pop(<index>)", "<dict>[<str>]",
        "<dict>.get(<str>, <int>)",
        "<dict>.pop(<str>, <int>)", "<dict>.pop(<str>)", "<dict>.setdefault(<str>, <int>)", "<node>.v", "<node>.p", "<node>.m(<int>)",
        "<node>.m(<int>, k=<int>)", "<node> + <int>", "<int> + <node>", "<node> + <node>", "<node>[<index>]", "len(<node>)",
        "<node>(<int>)",
        "<function>(<int>)", "<function>(<int>)", "next(<iterator>, <int>)", "next(<iterator>)", "<int> if <bool> else <int>",
        "<int> or <int>", "<int> and <int>", "max(<int>, <int>)", "min(<list>)", "max(<list>, default=<int>)", "<list>.index(<int>)",
        "<list>.count(<int>)", "abs(<int>)", "(w := <int>)", "<pair>[0]", "<pair>[-1]", "sum(x for x in <list> if x > <few>)",
        "sum(map(<function>, <list>))", "max(<list>, key=<function>)", "h(<int>)", "h(<int>, <int>)", "h(<int>, *<pair>)",
        "h(k=<int>, a=<int>)", "h(<int>, <int>, *<list>)", "h(*<list>)", "<node>.xs[<index>]", "<node>.sm(<int>)", "<node>.cm(<int>)",
        "Node.made", "<int> ^ <int>", "<int> & <int>", "<int> >> 1", "int(<bool>)", "int(<str>)",
        "ord(<str>[0])", "<rows>[<index>][<index>]",
        "<str>.find(<str>)", "hash(<key>)", "<maybe> or <int>", "<key>.a", "divmod(<int>, <int>)[1]", "[<int>, <int>][<index>]",
        "<bool> + <int>", "<node>.nxt.v", "<int> if (q := <maybe>) is None else q", "acts[<index>](<int>)", "int(<number>)",
        "round(<number>)", "(lambda z: z * 2 + <int>)(<int>)", "<nodes>[<index>].v", "<keyed>[<key>]", "<keyed>.get(<key>, <int>)",
        "len(<nodes>)", "<node>.up(<int>)",
    ),
    "list": (
        "[<int>, <int>, <int>]", "[<int>]", "[]", "<list> + <list>", "<list>[<slice>]", "list(<list>)", "<list>.copy()",
        "[x for x in <list>]", "[x + <int> for x in <list> if x != <few>]", "sorted(<list>)", "sorted(<list>, key=<function>)",
        "sorted(<list>, reverse=<bool>)", "list(reversed(<list>))", "<list> * <small>", "list(<set>)", "sorted(<set>)", "<rows>[<index>]",
        "<node>.xs", "list(<dict>.values())", "list(<iterator>)", "[h(x) for x in <list>]", "[<function>(x) for x in <list>]",
        "<list> or <list>", "<list> if <bool> else <list>", "list(<pair>)", "[*<list>, <int>, *<pair>]", "list(map(<function>, <list>))",
        "list(filter(<function>, <list>))", "[y for r in <rows> for y in r]", "[(w := x) for x in <list>]", "[g(1) for g in acts]",
        "list(range(<small>))", "[<node>[i] for i in range(2)]", "[n.v for n in <nodes>]", "[x for x in <node>]", "list(<node>)",
        "t(<label>, <list>)", "[x for x, y in zip(<list>, <list>)]", "[i for i, x in enumerate(<list>, <few>)]",
        "[next(<iterator>, -1) for x in <list>]", "list(dict.fromkeys(<list>))",
    ),
    "dict": (
        "{<str>: <int>, <str>: <int>}", "dict(<dict>)", "<dict>.copy()", "{**<dict>, <str>: <int>}", "<dict> | <dict>",
        "{k: v + 1 for k, v in <dict>.items()}", "{str(x): x for x in <list>}", "dict(zip(<strs>, <list>))", "<dict> or <dict>",
    ),
    "set": (
        "{<int>, <int>}", "set(<list>)", "<set> | <set>", "<set> & <set>", "<set> - <set>", "<set> ^ <set>", "{x % 4 for x in <list>}",
        "<set>.copy()", "set()",
    ),
    "rows": (
        "[<list>, <list>]", "[<list>] * 2", "[x[:] for x in <rows>]", "list(<rows>)", "[[x] for x in <list>]", "<rows> + [<list>]",
        "<rows>[<slice>]", "sorted(<rows>)",
    ),
    "node": (
        "Node(<int>, <list>)", "Leaf(<int>, <list>)", "<node> or <node>", "<node> if <bool> else <node>", "<node>.me()",
        "<nodes>[<index>]", "max(<node>, <node>)", "min(<nodes>)", "t(<label>, <node>)", "<nodes>.pop()", "<node>.nxt",
    ),
    "nodes": (
        "[<node>, <node>]", "<nodes>[<slice>]", "sorted(<nodes>)", "sorted(<nodes>, key=lambda n: n.v % 3)", "list(reversed(<nodes>))",
        "[Node(x, <list>) for x in <list>]",
    ),
    "pair": (
        "(<int>, <int>)", "divmod(<int>, <int>)", "t(<label>, <pair>)", "(<int>, <pair>[0])", "<pair>[::-1]", "max(<pair>, <pair>)",
    ),
    "function": ("lambda z: z + <int>", "lambda z, y=<int>: z * y", "h", "<node>.m", "abs", "<function> if <bool> else <function>"),
    "functions": ("[<function>, <function>]", "acts[<slice>]"),
    "iterator": (
        "gen(<int>, <list>)", "iter(<list>)", "(x + <int> for x in <list>)", "(x for x in <list> if <bool>)", "after(<list>)",
        "reversed(<list>)", "map(<function>, <list>)",
    ),
    "bool": (
        "<int> < <int>", "<int> == <int>", "<int> != <int>", "<int> <= <int> < <int>", "<int> in <list>", "<int> not in <set>",
        "<str> in <dict>", "not <bool>", "<bool> and <bool>", "<bool> or <bool>", "<list> == <list>", "<list> is <list>",
        "<node> == <node>",
        "<node> is <node>", "<node> < <node>", "bool(<node>)", "<int> in <node>", "isinstance(<node>, Leaf)", "<pair> < <pair>",
        "<pair> == <pair>", "<list> < <list>", "any(x > <few> for x in <list>)", "all(<function>(x) for x in <list>)", "<str> < <str>",
        "<key> == <key>", "<key> in <keyed>", "<maybe> is None", "<dict> == <dict>", "<set> <= <set>", "<rows> == <rows>", "bool(<list>)",
        "<number> == <int>", "<number> < <int>", "<node> in <nodes>", "<bool> == <int>", "<list> in <rows>",
    ),
    "str": (
        "'a'", "'b'", "'z'", "str(<int>)", "<str> + <str>", "<str>[<index>]", "f'{i}{j:>3}'", "f'{<int>}|{<int>:03d}'", "repr(<list>)",
        "str(<node>)", "<node>.name()", "type(<node>).__name__", "<str> * <small>", "<str>[<slice>]", "','.join(<strs>)",
        "t(<label>, <str>)", "repr(<pair>)", "str(<number>)", "str(<bool>)", "repr(<dict>)", "str(<maybe>)", "f'{<number>:.2f}'",
        "'%d-%s' % (<int>, <str>)", "next(iter(<dict>))",
    ),
    "strs": ("[<str>, <str>]", "list(<dict>)", "<str>.split('a')", "sorted(<dict>)", "[str(x) for x in <list>]"),
    "maybe": ("<int>", "None", "<int> if <bool> else None", "next((x for x in <list> if x > <few>), None)", "first(<list>, <int>)"),
    "number": (
        "<int>", "<int> / <int>", "<number> + <int>", "<number> * 0.5", "<int> if <bool> else <number>", "max(<int>, <number>)",
        "abs(<number>)", "sum([<number>, <number>])",
    ),
    "key": ("Key(<int>, <int>)", "<key> if <bool> else <key>"),
    "keyed": ("by_key",),
}  # fmt: skip

# Where something can be assigned, by what is assigned.
PLACES: tuple[tuple[str, str], ...] = (
    ("int", "i"), ("int", "j"), ("int", "xs[<index>]"), ("int", "ys[<index>]"), ("int", "<list>[<index>]"), ("list", "xs"), ("list", "ys"),
    ("list", "zs"), ("int", "table[<str>]"), ("int", "copied[<str>]"), ("dict", "table"), ("dict", "copied"), ("int", "<node>.v"),
    ("int", "<node>.p"), ("int", "<node>[<index>]"), ("list", "<node>.xs"), ("node", "n1"), ("node", "n2"), ("node", "n3"),
    ("node", "<node>.nxt"), ("int", "<node>.xs[<index>]"), ("node", "nodes[<index>]"), ("nodes", "nodes"), ("int", "Node.made"),
    ("list", "rows[<index>]"), ("rows", "rows"), ("int", "rows[<index>][<index>]"), ("set", "seen"), ("set", "also"), ("pair", "pair"),
    ("function", "act"), ("iterator", "stream"), ("str", "word"), ("str", "text"), ("maybe", "found"), ("number", "ratio"), ("key", "k0"),
    ("int", "by_key[<key>]"),
)  # fmt: skip
# The operators of augmented assignments, and the kind of what stands at their right.
AUGMENTED: dict[str, tuple[tuple[str, str], ...]] = {
    "int": (("+", "int"), ("-", "int"), ("*", "small"), ("//", "int"), ("%", "int"), ("^", "int")),
    "list": (("+", "list"), ("+", "list"), ("*", "small")), "dict": (("|", "dict"),),
    "set": (("|", "set"), ("-", "set"), ("&", "set"), ("^", "set")), "str": (("+", "str"),), "rows": (("+", "rows"),),
    "node": (("+", "int"),), "number": (("+", "number"), ("*", "number"), ("-", "number")),
}  # fmt: skip
CHANGES: tuple[str, ...] = (
    "<list>.append(<int>)", "<list>.append(<int>)", "<list>.extend(<list>)", "<list>.insert(<index>, <int>)", "<list>.remove(<int>)",
    "<list>.reverse()", "<list>.sort()", "<list>.sort(key=<function>)", "<list>.clear()", "del <list>[<index>]", "del <list>[<slice>]",
    "xs[<slice>] = <list>", "ys[<slice>] = <list>", "print(<int>, <list>)", "print(<str>, end=<str>)", "h(<int>, <int>, <int>)",
    "assert <bool>, <str>", "zs = xs", "ys = zs", "xs = ys", "ys.extend(list(<iterator>))", "xs[i:j] = <iterator>",
    "<node>.xs.append(<int>)", "del <node>[<index>]", "nodes.append(<node>)", "<node>.nxt = <node>", "n1 = <node>", "nodes.sort()",
    "<node>.bump()", "print(<node>)",
    "nodes.remove(<node>)", "rows.append(<list>)", "rows.append(xs)", "<rows>[<index>].append(<int>)", "rows.sort()", "rows.reverse()",
    "del table[<str>]", "table.update(<dict>)", "table.clear()", "copied = table", "<dict>.update(q=<int>)", "table.popitem()",
    "seen.add(<int>)", "also.discard(<int>)", "seen.remove(<int>)", "seen.update(<list>)", "also = seen", "seen.pop()",
    "acts.append(<function>)", "acts.append(lambda z: z + i)", "acts.append(lambda z, y=j: z - y)", "acts.append(act)", "next(<iterator>)",
    "stream = gen(<int>, <list>)", "by_key[<key>] = <int>", "del by_key[<key>]", "by_key[<key>] += 1",
)  # fmt: skip
# Loops that end by themselves, and those that may not.
COUNTED = ("for i in range(<small>):", "for j in range(<int> % 4):")
LOOPS = (
    "for i in <list>:", "for i, j in enumerate(<list>):", "for j in <list>:", "for i, j in zip(<list>, <list>):", "for word in <dict>:",
    "for word, i in <dict>.items():", "for j in <dict>.values():", "for word in list(<dict>):", "for i in <set>:", "for i in <iterator>:",
    "for i in <iterator>:", "for n1 in <nodes>:", "for i in <node>:", "for zs in <rows>:", "for ys in <rows>:", "for word in <str>:",
    "for pair in zip(<list>, <list>):",
)  # fmt: skip
MATCHED = ("int", "list", "pair", "node", "maybe")
PATTERNS = (
    "0", "1 | 2", "[]", "[i]", "[i, j]", "[i, *zs]", "(0, j)", "Leaf(v=i)", "Node(v=0)", "None", "int(j)", "[*_, j]",
    "[i, j, *ys] if i < j", "-1",
)  # fmt: skip
ERRORS = (
    "ValueError", "KeyError", "IndexError", "ZeroDivisionError", "LookupError", "Exception", "(IndexError, KeyError)", "MyError",
    "TypeError", "StopIteration", "ArithmeticError", "AttributeError",
)  # fmt: skip
RAISED = ("ValueError", "KeyError", "MyError", "IndexError")
SHOWN = (
    "i", "j", "xs", "ys", "zs", "table", "copied", "sorted(seen)", "sorted(also)", "rows", "n1.v", "n1.xs", "n2.v", "n2.xs is n1.xs",
    "n1 is n2", "str(n3)", "[n.v for n in nodes]", "pair", "act(2)", "[g(3) for g in acts]", "list(stream)[:5]", "word", "text", "found",
    "ratio", "[(q.a, q.b, v) for q, v in by_key.items()]",
)  # fmt: skip
# How a variable begins, in an order in which each is made of those before it.
BEGINNINGS = (
    "ys = «xs | xs[:] | [b, a]»", "zs = «ys | [1, 2, 3] | xs + ys»", "i = a", "j = b", "ok = a < b", "w = 0", "turns = 0",
    "copied = «table | {'z': a} | dict(table)»", "seen = set(xs)", "also = «seen | {1, 2, a}»",
    "rows = «[xs, ys] | [[1], [a, b]] | [xs] * 2 | [zs, xs, zs]»", "n1 = Node(a, xs)", "n2 = «n1 | Leaf(b, xs) | Leaf(b, [3, 1])»",
    "n3 = «n2 | Node(3, [a]) | Leaf(0, ys)»", "nodes = «[n1, n2, n3] | [n1, n1] | [Node(x, xs) for x in xs]»", "pair = (a, b)",
    "act = «lambda z: z + a | h | lambda z: z * i | lambda z, y=a: t('act', z - y)»", "acts = [act]",
    "stream = «gen(a, xs) | iter(xs) | (x * 2 for x in xs) | after(xs)»", "word = 'ab'", "text = str(b)",
    "found = «None | a if a else None | first(xs, 1)»", "ratio = «1.5 | a | a if b else 2.5»", "k0 = Key(a, b)",
    "by_key = «{k0: 1} | {Key(x, 0): x for x in xs}»",
)  # fmt: skip
