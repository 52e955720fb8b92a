"""Small Python programs, each with the arguments to call its entries with: what the Rust back-end is tried on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from textwrap import dedent
from typing import Any

INT_MAX, INT_MIN = 2**63 - 1, -(2**63)
INTS = (0, 1, -1, 2, -2, 3, 7, -7, 10, 100, 2**31, -(2**31), 2**62, INT_MAX, INT_MIN)
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 1e-300, 1e300, 3.7, -3.7, math.inf, -math.inf, math.nan, 2.0**52, -0.49999999999999994)
SMALL = (0, 1, 2, 3, 5, 8, 12)
VECTORS = ([0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [-1.5, 0.25, 1024.0])


@dataclass(frozen=True)
class Sample:
    """One program; an entry is called with those `calls` that have as many arguments as it has parameters."""

    name: str
    source: str
    calls: tuple[list[Any], ...]


def sample(name: str, source: str, *values: Any) -> Sample:
    """A program called with every combination of values for its parameters."""
    return Sample(name, dedent(source).lstrip(), (*map(list, product(*values)),))


NUMBERS = (
    sample(
        "collatz",
        '''
        def collatz(n: int) -> int:
            """Count the steps to 1."""
            if n < 1:
                raise ValueError("n must be positive")
            steps = 0
            while n != 1:
                if n % 2 == 0:
                    n //= 2
                else:
                    n = 3 * n + 1
                steps += 1
            return steps
        ''',
        (0, 1, 2, 3, 7, 27, 97),
    ),
    sample("arithmetic", "def f(a: int, b: int) -> int:\n    return (a + b * 2) * (a - b) - (a // 3) % 7 + -b\n", INTS, INTS),
    sample("divisions", "def f(a: int, b: int) -> tuple[int, int, float]:\n    return a // b, a % b, a / b\n", INTS, INTS),
    sample(
        "float_divisions", "def f(a: float, b: float) -> tuple[float, float, float]:\n    return a // b, a % b, a / b\n", FLOATS, FLOATS
    ),
    sample(
        "constant_divisors", "def f(a: int, x: float) -> tuple[int, int, float]:\n    return a // 7, a % 8, x / 2.0\n", INTS, FLOATS[:4]
    ),
    sample("shifts", "def f(a: int, b: int) -> int:\n    return (a << b) + (a >> b)\n", INTS, (0, 1, 5, 63, 64, -1)),
    sample("bits", "def f(a: int, b: int) -> int:\n    return (a & b | a ^ ~b) & (b | 1) - (a << 2 & 6)\n", INTS, INTS[:6]),
    sample("powers", "def f(a: int, b: float) -> tuple[int, float]:\n    return a**3, b**2.5\n", (0, -2, 2**21, 2**22), (0.0, 2.0, -1.0)),
    sample("rounding", "def f(x: float) -> tuple[int, float, int]:\n    return round(x), round(x, 2), int(x)\n", (*FLOATS, 1e19, 2.675)),
    sample(
        "mathematics",
        """
        import math

        def f(x: float, y: float) -> float:
            r = math.hypot(x, y)
            if r == 0.0:
                return 0.0
            return math.sin(math.atan2(y, x)) * r + math.floor(x) + math.sqrt(abs(y)) + math.exp(-r) + math.log(r)
        """,
        FLOATS,
        FLOATS,
    ),
    sample(
        "extremes",
        "def f(a: float, b: float, c: float) -> float:\n    return max(a, b, c) - min(a, b) + abs(c) + float(int(a > b))\n",
        FLOATS[:6],
        FLOATS[:6],
        FLOATS[:3],
    ),
    sample(
        "booleans",
        """
        def f(a: bool, b: int, c: int) -> int:
            x = a + (b > 2)
            if a and b > 0 or not a and b < 0 or not (b <= c):
                x += 10
            return x * (a < b < c or (b == c != x))
        """,
        (True, False),
        SMALL,
        (0, 3, 4),
    ),
    sample("not_a_number", "def f(x: float, y: float) -> bool:\n    return x != x or not (x <= y)\n", FLOATS, FLOATS),
)

CONTROL = (
    sample(
        "is_prime",
        '''
        def is_prime(n: int) -> bool:
            """Tell whether n is prime.

            >>> is_prime(7)
            True
            """
            if n < 2:
                raise ValueError("too small")
            for d in range(2, n):
                if d * d > n:
                    break
                if n % d == 0:
                    return False
            else:
                return n == 2
            return True
        ''',
        (0, 1, 2, 3, 4, 9, 25, 91, 97),
    ),
    sample(
        "for_else",
        """
        def find(n: int, k: int) -> int:
            where = -1
            for i in range(n):
                if i * i == k:
                    where = i
                    break
            else:
                where = -100
            return where * 2
        """,
        (0, 1, 5, 10),
        (0, 1, 4, 16, 50),
    ),
    sample(
        "while_else",
        """
        def f(n: int) -> int:
            total = 0
            while n > 0:
                n = n - 1
                if n == 5:
                    break
                total += n
            else:
                total = total * 10
            return total
        """,
        (0, 3, 5, 6, 8),
    ),
    sample(
        "nested_loops",
        """
        def f(n: int) -> int:
            count = 0
            for i in range(n):
                for j in range(i, 0, -2):
                    if (i + j) % 3 == 0:
                        continue
                    if j > 7:
                        break
                    count += i * j
                else:
                    count += 1000
                    continue
                count -= 1
                if count > 5000:
                    break
            return count
        """,
        (*SMALL, 20),
    ),
    sample(
        "break_from_else",
        """
        def f(n: int) -> int:
            out = 0
            while True:
                while n > 3:
                    n -= 1
                    if n == 9:
                        break
                    out += n
                else:
                    break
                out += 10
                if out > 50:
                    return -out
            return out
        """,
        (*SMALL, 9, 10, 11),
    ),
    sample(
        "ranges",
        """
        def f(a: int, b: int, s: int) -> int:
            t = 0
            for i in range(a, b, s):
                t = t * 3 + i
                if t > 100000:
                    break
            for i in range(a, b, 3):
                t += i
                if t > 1000000:
                    break
            for i in range(a, -10, -3):
                t -= i
                if t < -1000000:
                    break
            for i in range(10, 0, -1):
                t += i
            return t
        """,
        (0, 5, -5, INT_MAX - 1),
        (0, 7, -20, INT_MAX),
        (1, 2, -1, -3, 0, INT_MAX, INT_MIN),
    ),
    sample(
        "loop_variables",
        """
        def f(n: int) -> int:
            i = 42
            for i in range(n):
                i = i * 2
            j = i
            for k in range(3):
                pass
            for i in range(2):
                j += i
            return j + k + i
        """,
        SMALL,
    ),
    sample(
        "walrus",
        "def f(n: int) -> int:\n    t = 0\n    while (m := n // 2) > 3:\n        n = m\n        t += m\n    return t + m\n",
        INTS,
    ),
    sample("recursion", "def fact(n: int) -> int:\n    return 1 if n <= 1 else n * fact(n - 1)\n", (0, 1, 5, 20, 21, 25, -3)),
    sample(
        "mutual_recursion",
        """
        def even(n: int) -> bool:
            if n == 0:
                return True
            return odd(n - 1)

        def odd(n: int) -> bool:
            if n == 0:
                return False
            return even(n - 1)

        def f(n: int) -> bool:
            return even(n) and not odd(n)
        """,
        (0, 1, 7, 998, 999, 1000, 1001, 2000, 2002),
    ),
    sample(
        "errors",
        """
        def g(x: int) -> int:
            assert x != 3, "three"
            assert x < 10
            if x == 5:
                raise RuntimeError
            if x == 6:
                raise KeyError("quote \\" and \\\\ é\\n")
            return x * 2

        def f(a: int, b: int) -> bool:
            return a < g(b) <= g(a)
        """,
        (0, 1, 3, 5, 6, 9, -4, INT_MIN),
        (0, 1, 3, 5, 6, 9, -4, INT_MIN),
    ),
    sample(
        "unreachable",
        """
        def f(a: int) -> int:
            if a > 0:
                raise ValueError("no")
                a = 3
            while True:
                a += 1
                if a > 10:
                    return a
        """,
        (0, 1, -5),
    ),
    sample(
        "maybe_unbound",
        "def f(n: int) -> int:\n    if n > 3:\n        x = n\n    if n > 2:\n        return x\n    return 0\n",
        (0, 3, 5),
    ),
)

NAMES = (
    sample(
        "keywords",
        """
        def f(type: float, match: float, Kp: float, é: float, _: float) -> float:
            fn = type + match
            loop, N = fn * Kp, é
            self = N + _
            L3 = loop - self
            return L3
        """,
        (1.0, -0.0),
        (2.0,),
        (3.0, 0.0),
        (4.0,),
        (5.0,),
    ),
    sample(
        "unused",
        """
        def f(a: float, b: int, c: float) -> float:
            x = a
            y = x + 1.0
            z = b + 1
            x = 3.0
            a = 4.0
            for i in range(3):
                w = i
            return x + a
        """,
        (1.0,),
        (5, INT_MAX),
        (3.0,),
    ),
    sample(
        "swaps",
        """
        def f(a: float, b: float) -> float:
            a, b = b, a
            x = y = a * 2.0
            x, y, a = y + 1.0, x - 1.0, b
            return x - y * a
        """,
        FLOATS[:8],
        FLOATS[:8],
    ),
    sample(
        "conditional_values",
        """
        def f(x: float) -> float:
            y = 1.0 if x > 0 else -1.0 if x < 0 else 0.0
            z = (x if x > y else y) * 2.0
            if x > 2.0:
                w = z
            elif x > 1.0:
                w = z + y
            else:
                w = -z
            return w
        """,
        FLOATS,
    ),
)

AGGREGATES = (
    sample(
        "lists",
        """
        def f(i: int, x: float) -> float:
            a = [1.0, x, 3.0, 4.0]
            a[i] = x * 2.0
            a[-1] += a[0]
            b = [a[0], a[1]]
            b[0] = 7.0
            total = 0.0
            for v in a:
                total += v
            for k in range(len(a)):
                a[k] = a[k] * 2.0
            return total + a[3] + b[0]
        """,
        (0, 1, 3, 4, -1, -4, -5),
        (0.5, 2.0),
    ),
    sample(
        "changed_arguments",
        """
        def g(a: list[int], k: int) -> None:
            a[0] += k
            if a[0] > 3:
                return
            a[1] = 7

        def f(n: int) -> tuple[int, int]:
            a = [n, 0]
            g(a, 1)
            k = a[1]
            g(a, k)
            return a[0], a[1]
        """,
        (0, 1, 5, INT_MAX),
    ),
    sample(
        "tuples",
        """
        TABLE = (1.0, 2.5, 4.0, 8.0)
        NAMES = ("a", "b", "c")

        def f(i: int) -> tuple[float, tuple[int, bool], str]:
            n, flag = (i, i > 2)
            s = NAMES[i % 3]
            return TABLE[i], (n + 1, not flag), s if s < "c" else "zz"
        """,
        (0, 1, 2, 3, 4, -1, -4, -9),
    ),
    sample(
        "strings",
        """
        def f(kind: str, x: float) -> float:
            if kind == "sin":
                return x * 2.0
            elif kind in ("cos", "tan"):
                return x * 3.0
            raise KeyError("neither")
        """,
        ("sin", "cos", "tan"),
        (1.0,),
    ),
)

BEHAVIOURS = (
    sample(
        "projectile",
        '''
        from pxr import Gf

        def update(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time: float, drag: float = 0.1):
            """Step one projectile: gravity, drag, and a bounce on the ground."""
            speed = velocity.GetLength()
            acceleration = Gf.Vec3d(0.0, 0.0, -9.81) - drag * speed * velocity
            velocity = velocity + acceleration * delta_time
            position = position + velocity * delta_time
            if position[2] < 0.0:
                position[2] = -position[2]
                velocity = Gf.Vec3d(velocity[0], velocity[1], -0.8 * velocity[2])
            return position, velocity
        ''',
        VECTORS,
        VECTORS,
        (0.0, 0.1),
        (0.1,),
    ),
    sample(
        "orbit",
        '''
        import math

        from pxr import Gf

        def orbit(center: Gf.Vec3d, radius: float, current_time: float, speed: float = 1.0) -> Gf.Vec3d:
            """Circle around a center.

            Args:
                radius: how far out
            """
            angle = current_time * speed
            return center + Gf.Vec3d(math.cos(angle), math.sin(angle), 0.0) * radius
        ''',
        VECTORS,
        (2.0,),
        (0.0, 1.0, math.inf, 1e9),
        (1.0,),
    ),
    sample(
        "low_pass",
        '''
        class LowPass:
            """A first-order low-pass filter with a short memory."""

            value: float = 0.0
            alpha: float = 0.25
            count: int = 0
            history: list[float] = [0.0, 0.0, 0.0]

            def on_play(self, current_time: float, delta_time: float) -> None:
                self.value = 0.0
                self.count = 0

            def blend(self, sample: float) -> float:
                return self.value + self.alpha * (sample - self.value)

            def on_update(self, current_time: float, delta_time: float) -> None:
                if delta_time <= 0.0:
                    raise ValueError("time must go on")
                self.history[self.count % 3] = current_time
                self.value = self.blend(current_time)
                self.count += 1
        ''',
        [[0.5, 0.25, count, [0.0, 1.0, 2.0]] for count in (0, 1, 5, INT_MAX)],
        (0.0, 2.0),
        (0.1, -1.0),
    ),
    sample(
        "spring",
        """
        class Spring:
            position: float = 1.0
            velocity: float = 0.0
            stiffness: float = 4.0
            loop: int = 0

            def force(self) -> float:
                return -self.stiffness * self.position

            def step(self, h: float) -> None:
                self.velocity += self.force() * h
                self.position += self.velocity * h

            def on_update(self, current_time: float, delta_time: float) -> None:
                for _ in range(4):
                    self.step(delta_time / 4)
                    self.loop += 1
        """,
        [[1.0, 0.5, 4.0, count] for count in (0, INT_MAX - 1)],
        (0.0,),
        (0.1, 0.0),
    ),
    sample(
        "vectors",
        """
        from pxr import Gf

        def f(a: Gf.Vec3d, b: Gf.Vec3d, k: float) -> Gf.Vec3d:
            v = Gf.Vec3d(a)
            v += b
            v *= k
            v -= a
            v[1] = k
            length = v.Normalize()
            w = -v / 2.0
            return Gf.Cross(w, b) * (v * b) + w * length
        """,
        VECTORS,
        VECTORS,
        (0.5, -2.0),
    ),
    sample(
        "single_vectors",
        """
        from pxr import Gf

        def f(a: Gf.Vec3f, k: float) -> Gf.Vec3f:
            b = a * k
            b[0] = b[1] + 0.1
            return b + Gf.Vec3f(0.5, k, 1.0)
        """,
        VECTORS,
        (0.5, -2.0, 0.1),
    ),
    sample(
        "matrices",
        """
        from pxr import Gf

        def f(m: Gf.Matrix4d, q: Gf.Quatd, v: Gf.Vec3d) -> Gf.Vec3d:
            n = m * m
            n[3, 0] = v[0]
            r = q.GetNormalized() * q
            return r.Transform(n.Transform(v)) + n.ExtractTranslation()
        """,
        ([1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.5, 1.0, 0.0, 3.0, 4.0, 5.0, 1.0],),
        ([0.0, 0.5, 0.5, 1.0],),
        VECTORS,
    ),
    sample(
        "lists_of_vectors",
        """
        from pxr import Gf

        def f(a: Gf.Vec3d, n: int) -> Gf.Vec3d:
            points = [Gf.Vec3d(a), Gf.Vec3d(1.0, 0.0, 0.0), a * 2.0]
            points[1][2] = 5.0
            total = Gf.Vec3d(0.0)
            for p in points:
                total += p
            for i in range(n):
                points[i] += total
                total = points[i] - total
            return total
        """,
        VECTORS,
        (0, 1, 3, 4),
    ),
)

SAMPLES = NUMBERS + CONTROL + NAMES + AGGREGATES + BEHAVIOURS
