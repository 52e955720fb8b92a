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
