"""A function that seeds the module's own generator: refused, where another one could tell it from a generator of the function's own."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile

PLAIN = "import random\ndef f(n: int):\n    random.seed(n)\n    return random.random()\n"
REFUSED = {
    "another function draws": PLAIN.replace("random.random()", "g()") + "def g():\n    return random.random()\n",
    "it is not seeded first": PLAIN.replace("    random.seed(n)\n", "    random.random()\n    random.seed(n)\n"),
    "it is seeded perhaps": PLAIN.replace("    random.seed(n)\n", "    if n:\n        random.seed(n)\n"),
    "it calls itself": PLAIN.replace("return random", "if n > 0:\n        f(n - 1)\n    return random"),
    "it is called by what it calls": PLAIN.replace("return random", "if n > 0:\n        g(n - 1)\n    return random")
    + "def g(n):\n    return f(n)\n",
    "it has another name": PLAIN.replace("return random", "if n > 0:\n        h(n - 1)\n    return random") + "h = f\n",
    "it is a generator": PLAIN.replace("return random", "yield random").replace("def f(", "def g(")
    + "def f(n: int):\n    return list(g(n))\n",
    "it makes a function that draws": PLAIN.replace("random.random()", "lambda: random.random()").replace("def f(", "def g(")
    + "def f(n: int):\n    h = g(n)\n    return h()\n",
    "it gives what draws": PLAIN.replace("random.random()", "random.random").replace("def f(", "def g(")
    + "def f(n: int):\n    h = g(n)\n    return h()\n",
    "it is given itself": PLAIN.replace("f(n: int)", "g(n, h)").replace("return random", "h()\n    return random")
    + "def f(n: int):\n    return g(n, lambda: g(n, int))\n",
    "the module is another": "class R:\n    def seed(self, n):\n        self.n = n\n    def random(self):\n        return 0.5\n"
    + PLAIN
    + "random = R()\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_draws_otherwise_is_refused(name: str) -> None:
    with pytest.raises(TranslationError):
        lower(SourceFile("s.py", REFUSED[name]), "f", ["f(3)"], references=True)


@pytest.mark.parametrize("text", [PLAIN, PLAIN.replace("def f(", "def g(") + "def f(n: int):\n    return g(n) + g(n + 1)\n"])
def test_what_is_refused_would_be_translated_otherwise(text: str) -> None:
    assert lower(SourceFile("s.py", text), "f", ["f(3)"], references=True)
