def chained(a, b, c):
    log = []

    def say(x):
        log.append(x)
        return x

    return say(a) < say(b) < say(c), say(a) == say(b) != say(c), log


#: chained(1, 2, 3)
#: chained(3, 2, 1)


def operands(a, b):
    return a and b, a or b, not a, (a or 1) and b, a if b else -1


#: operands(0, 5)
#: operands(3, 0)


def targets(xs):
    i = 0
    i = xs[i] = 2
    a, *b, c = xs
    xs[0], xs[1] = xs[1], xs[0]
    (d, e), f = (a, b), c
    return i, a, b, c, d, e, f, xs


#: targets([7, 8, 9])
#: targets([7, 8, 9, 10])


def augmented(xs):
    ys = xs
    ys += [1]
    t = (1,)
    u = t
    t += (2,)
    s = "a"
    s *= 3
    return xs, ys is xs, t, u, s


#: augmented([0])


def loops(n):
    found = []
    for i in range(n):
        if i == 2:
            break
    else:
        found.append("for")
    while n > 2:
        n -= 1
        if n == 3:
            break
    else:
        found.append("while")
    return found, n


#: loops(2)
#: loops(3)
#: loops(6)


def shapes(x):
    match x:
        case [a, b] if a > b:
            return "down", a
        case [a, *rest]:
            return "list", len(rest)
        case _:
            return "none", 0


#: shapes([2, 1])
#: shapes([1, 2])
#: shapes([])


def starred(xs, d):
    def shown(*args, sep="-", **rest):
        return sep.join(map(str, args)), sorted(rest.items())

    return shown(*xs, 0, **d), shown(sep="+", *xs)


#: starred([1, 2], {"a": 1})
#: starred([], {"b": 2, "c": 3})


def printed(n):
    print("a", n, sep="-", end="!\n")
    return f"{n:>5}|{n:<5}|{n:^5}|{n:05}|{n:+}|{n!r}|{n / 3:.2f}|{n:,}|{n:x}|{n:e}"


#: printed(1234567)
#: printed(-3)
