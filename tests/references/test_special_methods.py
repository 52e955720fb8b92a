"""What special methods and data classes say of instances: on every executor what CPython gives, and what it raises."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.references.test_classes import Case, agrees, case, is_verified

CASES = (
    case(
        "data_classes_of_what_is_not_itself",
        """
        from collections import deque
        from dataclasses import dataclass, field

        class Odd:
            def __init__(self, n):
                self.n = n

            def __eq__(self, other):
                return self.n < 3

        @dataclass
        class Box:
            odd: Odd
            n: int = 0

        @dataclass
        class Empty:
            pass

        @dataclass
        class Line:
            waiting: deque[int] = field(default_factory=deque)

        def f(n: int):
            o = Odd(n)
            a = Box(o, n)
            line = Line()
            line.waiting.append(n)
            lengths = len(line.waiting), len(Line().waiting)
            return lengths, a == Box(o, n), a == a, a != Box(o, n + 1), Box(o, n) == Box(Odd(1), n), Empty() == Empty()
        """,
        (1,),
        (5,),
    ),
    case(
        "data_classes",
        """
        from dataclasses import dataclass, field

        @dataclass
        class P:
            x: int
            y: float = 0.5
            tags: list = field(default_factory=list)
            z: int = field(default=3)

            def norm(self):
                return self.x + self.y + self.z

        @dataclass(order=True)
        class Q:
            a: int
            b: str = "x"

        @dataclass(frozen=True)
        class R:
            a: int

        def f(n):
            p = P(n, z=n)
            q = P(n, 0.5, z=1)
            q.tags.append(1)
            return p.norm(), p == q, p != q, repr(p), str(q), Q(1, "a") < Q(n, "b"), Q(1) >= Q(n), R(1) == R(n), p.tags, p == n
        """,
        (1,),
        (2,),
    ),
    case(
        "special_methods",
        """
        class V:
            def __init__(self, x, y):
                self.x = x
                self.y = y
            def __add__(self, o):
                return V(self.x + o.x, self.y + o.y)
            def __mul__(self, k):
                return V(self.x * k, self.y * k)
            def __rmul__(self, k):
                return self * k
            def __eq__(self, o):
                return self.x == o.x and self.y == o.y
            def __lt__(self, o):
                return self.x < o.x
            def __len__(self):
                return self.x
            def __getitem__(self, i):
                return self.x if i == 0 else self.y
            def __bool__(self):
                return self.x != 0
            def __neg__(self):
                return V(-self.x, -self.y)
            def __contains__(self, v):
                return v == self.x or v == self.y
            def __iter__(self):
                yield self.x
                yield self.y
            def __str__(self):
                return f"({self.x}, {self.y})"
            def __repr__(self):
                return "V" + str(self)
            def __call__(self, z):
                return self.x + z
            def __setitem__(self, i, v):
                if i == 0:
                    self.x = v
                else:
                    self.y = v
            def __iadd__(self, o):
                self.x += o.x
                return self
        def f(a, b):
            v = V(a, b)
            w = v + V(1, 1) * 2
            u = 3 * w
            v[0] = 7
            k = v
            k += w
            return (w.x, u.y, v == w, v != w, v < w, len(v), w[1], bool(V(0, 1)),
            5 if v else 6, (-v).x, 3 in w, list(v), [z for z in v], v is k)
        """,
        (1, 2),
    ),
    case(
        "texts",
        """
        class V:
            def __init__(self, x):
                self.x = x
            def __str__(self):
                return f"({self.x})"
            def __repr__(self):
                return "V" + str(self)
            def __call__(self, z):
                return self.x + z
        def f(a):
            v = V(a)
            return str(v), repr(v), f"{v}", f"{v!r}", v(3), "%s" % v
        """,
        (1,),
    ),
    case(
        "lists_of_instances_compared",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            return [N(1), N(2)] == [N(1), N(2)], (N(1),) == (N(1),)
        """,
        (1,),
        (2,),
    ),
    case(
        "equal_as_the_class_says",
        """
        class N:
            def __init__(self, v):
                self.v = v
            def __eq__(self, o):
                return self.v == o.v
        def f(n):
            return N(1) == N(n), N(1) != N(n), N(1) is N(1)
        """,
        (1,),
        (2,),
    ),
    case(
        "truth",
        """
        class N:
            def __init__(self, v):
                self.v = v
                self.next = None
        def f(n):
            a = N(n)
            return a and a.v, a or 3 if not a else 1, not a
        """,
        (1,),
        (2,),
    ),
    case(
        "what_a_data_class_does_beside",
        """
        from dataclasses import dataclass, field

        @dataclass
        class N:
            v: list = field(default_factory=list)
            w: int = 1
            total: int = field(init=False, default=0)
            kind: str = field(default="k", compare=False, repr=False)
            names: dict = field(default_factory=lambda: {"a": 1})

            def __post_init__(self):
                self.total = sum(self.v) + self.w

        @dataclass
        class Tree:
            key: int
            left: "Tree | None" = None
            right: "Tree | None" = None

        @dataclass(frozen=True)
        class P:
            x: int
            y: int = 0

        def f(n):
            made, given = N(), N([n, 2], 3)
            tree = Tree(n, Tree(1), None)
            again = repr(tree)
            tree.right = tree
            seen = {P(n), P(n), P(1, 2)}
            return (
                made.total, given.total, made.v is N().v, repr(given), given == N([n, 2], 3, "z"), made.names,
                again, repr(tree), len(seen), P(1, 2) in seen, {P(n): 1}[P(n, 0)], tree.left == Tree(1), P(1) == P(1, 0),
            )
        """,
        (1,),
        (2,),
    ),
    case(
        "what_a_class_says_asked_by_containers",
        """
        class Word:
            def __init__(self, text, weight):
                self.text = text
                self.weight = weight
            def __eq__(self, other):
                return isinstance(other, Word) and self.text == other.text
            def __hash__(self):
                return hash(self.text)
            def __lt__(self, other):
                return self.weight < other.weight
            def __repr__(self):
                return f"Word({self.text!r})"

        class Never:
            def __eq__(self, other):
                return False

        class Node:
            def __init__(self, value):
                self.value = value

        def f(n):
            import heapq
            words = [Word("b", 2), Word("a", n), Word("b", 0)]
            counted = {}
            for word in words:
                counted[word] = counted.get(word, 0) + 1
            heap = list(words)
            heapq.heapify(heap)
            one, nodes = Never(), [Node(1), Node(n)]
            seen = {nodes[0]}
            seen.add(nodes[0])
            return (
                words.index(Word("a", 9)), words.count(Word("b", 7)), Word("c", 0) in words, str(words), repr((words[0], n)),
                [word.weight for word in sorted(words)], min(words).text, max(words, key=lambda one: one.text).text,
                list(counted.values()), len(set(words)), Word("a", 5) in set(words), heapq.heappop(heap).weight,
                words == [Word("b", 1)] * 3,
                one in [one], [one] == [one], one == one, (one, 1) == (one, 1), nodes[1] in seen, len(seen), {nodes[1]: n}[nodes[1]],
                words[0] == words[2], sorted(words, reverse=True)[0].weight,
            )
        """,
        (1,),
        (-4,),
    ),
    case(
        "answers_that_some_objects_leave",
        """
        class P:
            def __init__(self, x, log):
                self.x, self.log = x, log

            def __eq__(self, other):
                self.log.append(f"eq {self.x}")
                if self.x < 0:
                    return NotImplemented
                return self.x == other.x

            def __lt__(self, other):
                return NotImplemented if self.x < 0 else self.x < other.x

            def __add__(self, other):
                self.log.append("add")
                if self.x < 0:
                    return NotImplemented
                return self.x

            def __iadd__(self, other):
                self.log.append("iadd")
                if other.x < 0:
                    return NotImplemented
                self.x += other.x
                return self

        class Q(P):
            def __radd__(self, other):
                self.log.append("radd")
                return NotImplemented if self.x == 2 else self.x * 2

        class R:
            def __init__(self, x):
                self.x = x

            def __radd__(self, other):
                return NotImplemented if self.x == 2 else self.x * 3

        def f(a, b):
            log = []
            p, q = P(a, log), P(b, log)
            same = (p == q, p != q, p == p, p in [q, p], [p, q].index(q))
            for k in range(6):
                try:
                    if k == 0:
                        log.append(str(P(a, log) + P(b, log)))
                    if k == 1:
                        log.append(str(P(a, log) + Q(b, log)))
                    if k == 2:
                        log.append(str(P(a, log) + R(b)))
                    if k == 3:
                        log.append(str(p < q))
                    if k == 4:
                        log.append(str(p > q))
                    if k == 5:
                        r = P(a, log)
                        r += q
                        log.append("done")
                except TypeError as error:
                    log.append(str(error))
            return same, log
        """,
        (1, 2),
        (-1, -1),
        (-1, 2),
        (2, -1),
    ),
    case(
        "what_cpython_says_where_no_method_answers",
        """
        class P:
            def __init__(self, x):
                self.x = x

            def __eq__(self, other):
                if type(self) != type(other):
                    return NotImplemented
                return self.x == other.x

            def __lt__(self, other):
                if not isinstance(other, P):
                    return NotImplemented
                return self.x < other.x

            def __add__(self, other):
                if isinstance(other, P):
                    return P(self.x + other.x)
                if isinstance(other, int):
                    return P(self.x + other)
                return NotImplemented

            def __matmul__(self, other):
                if other.__class__ is not self.__class__:
                    return NotImplemented
                return self.x * other.x

            def __repr__(self):
                return f"P({self.x})"

        def f(a, b):
            p, log = P(a), []
            for one in [P(b), b, "x"]:
                try:
                    log.append(repr(p + one))
                except TypeError as error:
                    log.append(str(error))
            for k in range(13):
                try:
                    if k == 0:
                        log.append(str(p < 1))
                    if k == 1:
                        log.append(str(p >= p))
                    if k == 2:
                        log.append(str("a" > p))
                    if k == 3:
                        log.append(repr(1 + p))
                    if k == 4:
                        log.append(repr(p @ 2))
                    if k == 5:
                        p @= 2
                    if k == 6:
                        log.append(repr([1] * p))
                    if k == 7:
                        log.append(repr([1] + p))
                    if k == 8:
                        log.append(repr("a" + p))
                    if k == 9:
                        log.append(repr((1,) + p))
                    if k == 10:
                        log.append(repr(p + [1]))
                    if k == 11:
                        log.append(repr({1} | p))
                    if k == 12:
                        log.append(repr(2 ** p))
                except TypeError as error:
                    log.append(str(error))
            return log, p == P(b), p != 2, p == "x", p @ P(b)
        """,
        (1, 2),
        (3, 3),
    ),
    case(
        "hashes_of_fields",
        """
        from dataclasses import dataclass

        class Pair:
            def __init__(self, x, y):
                self.x = x
                self.y = y
            def __eq__(self, other):
                return isinstance(other, Pair) and (self.x, self.y) == (other.x, other.y)
            def __hash__(self):
                "That of the fields."
                return hash((self.x, self.y))

        class One:
            def __init__(self, x):
                self.x = x
            def __hash__(self):
                return hash(self.x)

        class Derived(One):
            pass

        @dataclass(frozen=True)
        class Point:
            a: int
            b: float = 0.5

        def f(n):
            return hash(Pair(n, 1)) == hash(Pair(n, 1.0)), hash(Pair(n, 1.5)), hash(One(n)), hash(Derived(2.0**70)), hash(Point(n))
        """,
        (2,),
        (-1,),
        (2**61 - 1,),
    ),
    case(
        "an_init_that_never_ends_well",
        """
        class N:
            def __init__(self, v):
                raise ValueError(f"no {v}")
        class M:
            def __init__(self, v):
                self.v = v
        def f(n):
            try:
                if n:
                    N(n)
                M()
            except (TypeError, ValueError) as error:
                return str(error)
        """,
        (0,),
        (1,),
    ),
)


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_instances_do_what_they_do_in_cpython(case: Case, executor: str) -> None:
    agrees(case, executor)


@pytest.mark.parametrize("case", CASES[:4], ids=lambda case: case.name)
def test_a_translation_with_instances_is_verified(case: Case) -> None:
    is_verified(case)


HASHED = "class N:\n    def __init__(self, v):\n        self.v = v\n    def __eq__(self, o):\n        return self.v == o.v\n"
FIELD = "    def __hash__(self):\n        return hash(self.v)\n\n"


@pytest.mark.parametrize(
    ("classes", "body"),
    [
        (HASHED + FIELD, "return hash(N(str(n)))"),
        (HASHED + FIELD, "a = N(n)\n    h = hash(a)\n    a.v = None\n    return h"),
        (HASHED + FIELD + "class M(N):\n    def __eq__(self, o):\n        return True\n\n", "return hash(M(n))"),
        (HASHED, "return hash(N(n))"),
        ("class N:\n    pass\n\n", "return hash(N())"),
    ],
)
def test_a_hash_that_differs_from_run_to_run_is_refused(classes: str, body: str) -> None:
    with pytest.raises(TranslationError, match="differs from run to run"):
        lower(SourceFile("case.py", f"{classes}\ndef f(n):\n    {body}\n"), "f", ("f(2)",), references=True)
