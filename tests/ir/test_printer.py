"""The IR's text form."""

from __future__ import annotations

from dataclasses import replace

from portalis.translator.ir.nodes import Behaviour, Break, Const, Stmt
from portalis.translator.ir.printer import print_function, print_program
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, STR, ListType, RecordType
from tests.ir.builders import (
    add,
    assign,
    at,
    both,
    bound,
    call,
    choose,
    compare,
    const,
    element,
    evaluate,
    f,
    field,
    for_,
    function,
    guard,
    i,
    if_,
    local,
    make,
    prim,
    program,
    raise_,
    return_,
    sequence,
    store,
    while_,
)

PAIR = ListType(INT, 2)
STATE = RecordType("State", (("x", FLOAT), ("v", PAIR)))


def test_every_node_has_a_form() -> None:
    state = local("self", STATE)
    helper = function("helper.1", {"v": PAIR}, INT, [return_(element(local("v", PAIR), 0))], library=True)
    body: list[Stmt] = [
        assign("k", sequence([assign("k", const(1)), evaluate(const(True))], i("k"))),
        for_("k", 0, i("n"), [if_(both(compare("lt", i("k"), const(3)), const(True)), [Break(at())])], [assign("k", const(-1))]),
        while_(compare("ne", i("n"), const(0)), [assign("n", prim("int.sub", i("n"), const(1), overflow="proven"))]),
        store(element(field(state, "v"), bound(i("n"), 2)), add(i("n"), call(helper, field(state, "v")))),
        store(field(state, "x"), choose(const(False), f("x"), prim("float.neg", f("x")))),
        evaluate(make(PAIR, const(1), const(2))),
        if_(const(True), [raise_("ValueError", "bad")], [raise_("KeyError", None)]),
        guard("far"),
    ]
    main = function("main", {"self": STATE, "n": INT, "x": FLOAT}, NONE, body, {"k": INT}, by_ref=("self",), recursive=True)
    assert print_function(main) == "\n".join(
        [
            "function main(self: &State, n: int, x: float) -> None recursive {",
            "  local k: int;",
            "  k = { k = 1; evaluate True; => k };",
            "  for k in range(0, n, 1) {",
            "    if ((k < 3) and True) {",
            "      break;",
            "    }",
            "  } else {",
            "    k = -1;",
            "  }",
            "  while (n != 0) {",
            "    n = int.sub.proven(n, 1);",
            "  }",
            "  store self.v[bound(n, 2, 'list index out of range')] = int.add.checked(n, @helper.1(self.v));",
            "  store self.x = (x if False else float.neg(x));",
            "  evaluate list[int, 2](1, 2);",
            "  if True {",
            "    raise ValueError('bad');",
            "  } else {",
            "    raise KeyError();",
            "  }",
            "  guard 'far';",
            "}",
        ]
    )


def test_a_program_has_a_head() -> None:
    step = function("step", {"self": STATE}, NONE, [], by_ref=("self",))
    initial = (const(0.5), make(PAIR, const(1), const(2)))
    whole = replace(program(step, strings=("a",)), behaviour=Behaviour("Mover", (("on_update", "step"),), STATE.fields[:1], STATE, initial))
    assert print_program(whole).splitlines() == [
        "program step for CPython 3.11",
        "string 0 'a'",
        "behaviour Mover: on_update = step",
        "output x: float",
        "field x: float = 0.5",
        "field v: list[int, 2] = list[int, 2](1, 2)",
        "",
        "function step(self: &State) -> None {",
        "}",
    ]
    echo = function("echo", {"s": STR}, STR, [return_(local("s", STR))])
    update = Behaviour("echo", (("update", "echo"),), (("s", STR),))
    whole = replace(program(echo, strings=("a",)), behaviour=update, identity=(((), "s"),))
    assert print_program(whole).splitlines()[2:5] == ["identity [] is s", "behaviour echo: update = echo", "output s: str"]


def test_statements_can_show_where_they_come_from() -> None:
    only = return_(Const(at(), BOOL, True))
    text = print_function(function("f", {}, BOOL, [only]), spans=True)
    assert f"  return True;  # {only.span.line}:1" in text.splitlines()
