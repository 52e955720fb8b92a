def spoken(n, log):
    for i in range(n):
        log.append(i)
        yield i * i
    log.append("end")


def lazy(n):
    log = []
    made = spoken(n, log)
    log.append("made")
    first = next(made, -1)
    log.append("first")
    rest = list(made)
    return first, rest, list(made), log


#: lazy(3)
#: lazy(0)


def together(n):
    log = []
    pairs = list(zip(spoken(n, log), spoken(n - 1, log)))
    return pairs, log


#: together(3)
#: together(1)


def given_on(xs):
    def inner():
        yield from xs
        yield -1

    return list(inner()), sum(x for x in inner() if x > 0), any(x == 2 for x in inner())


#: given_on([1, 2, 3])
#: given_on([])


def endless(n):
    def naturals():
        i = 0
        while True:
            yield i
            i += 1

    found = []
    for i in naturals():
        if i >= n:
            break
        found.append(i)
    return found


#: endless(3)
#: endless(0)


def raising(xs):
    made = (10 // x for x in xs)
    found = []
    try:
        for x in made:
            found.append(x)
    except ZeroDivisionError:
        found.append(-1)
    return found, list(made)


# ? raising([5, 0, 2])
#: raising([1])


def ended_inside(xs):
    it = iter(xs)
    try:
        return sum(next(it) for _ in range(3)), list(it)
    except RuntimeError as error:
        return -1, [len(str(error))]


#: ended_inside([1, 2, 3, 4])
#: ended_inside([1, 2])


def ended_in_a_list(xs):
    it = iter(xs)
    return [next(it) for _ in range(3)]


#: ended_in_a_list([1, 2, 3])
#: ended_in_a_list([1])


def ended_in_any(xs):
    return any(next(iter([])) for x in xs if x)


#: ended_in_any([0])
#: ended_in_any([1])
