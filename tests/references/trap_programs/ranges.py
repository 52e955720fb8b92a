def shown(n):
    r = range(n)
    return type(r).__name__, isinstance(r, range), isinstance(r, list), str(r), f"{r}", repr(range(n, 0, -2))


#: shown(5)
#: shown(0)


def compared(n):
    r = range(0, n, 3)
    return r == range(0, n + 1, 3), r != range(n), r is r, bool(r), not range(0), range(0) == range(2, 1)


#: compared(5)
#: compared(0)


def gone_over(n):
    r = range(n)
    total = [x * y for x in r for y in r if y < x]
    return list(r), tuple(r), sum(r), max(r, default=-1), list(reversed(r)), list(zip(r, r)), [*r], sorted(r, reverse=True), total


#: gone_over(4)
#: gone_over(0)


def looked_into(n):
    r = range(3, n, 2)
    return r[0], r[-1], len(r), 5 in r, 4 in r, 5.0 in r, True in r, r.index(3), r.count(9), r.start, r.stop, r.step


#: looked_into(9)
#: looked_into(4)
#: looked_into(3)


def by_step(n):
    r = range(10, 0, n)
    return list(r), r[-1]


#: by_step(-3)
#: by_step(0)
#: by_step(4)


def given_on(n):
    def longest(ranges):
        return max(ranges, key=len)

    chosen = range(n) if n > 3 else range(2)
    first, *rest = chosen
    it = iter(chosen)
    return first, rest, next(it), next(it), list(it), list(longest([range(n), range(3)]))


#: given_on(2)
#: given_on(6)


def near_the_ends(a, b, c):
    return list(range(a, b, c)), max(range(a, b, c), default=0), [x for x in range(a, b, 3)][:2], tuple(range(b, a, -2))[:2]


#: near_the_ends(9223372036854775803, 9223372036854775807, 2)
#: near_the_ends(9223372036854775800, 9223372036854775807, 9223372036854775806)
#: near_the_ends(-9223372036854775808, -9223372036854775805, 9223372036854775807)
#: near_the_ends(0, 9, 4)


def far_apart(a, b, c):
    return list(range(a, b, c)), sorted(range(b, a, -c), reverse=True)


#: far_apart(5, 100, 9223372036854775806)
#: far_apart(-9223372036854775807, 9223372036854775806, 9223372036854775807)


def from_the_end(a, b):
    return list(reversed(range(a, b)))


#: from_the_end(1, 4)
#? from_the_end(-9223372036854775808, -9223372036854775806)


class Kept:
    def __init__(self, numbers):
        self.numbers = numbers

    def ends(self, others):
        return self.numbers[0], len(self.numbers), others[-1], len(others)


def given_to_methods(n):
    kept = Kept(range(n, n + 3))
    more = [9]
    more.extend(range(n))
    return kept.ends(range(1, n + 2)), list(kept.numbers), more


#: given_to_methods(0)
#: given_to_methods(4)
