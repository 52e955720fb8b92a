def unbound(n):
    if n > 0:
        x = n
    return x


#: unbound(1)
#: unbound(0)


def after_a_loop(n):
    for i in range(n):
        pass
    return i


#: after_a_loop(3)
#: after_a_loop(0)


def scopes(n):
    i = -1
    xs = [i for i in range(n)]
    return i, xs, [(i, j) for i in range(n) for j in range(i)]


#: scopes(3)


def counters(n):
    count = 0

    def more(by):
        nonlocal count
        count += by
        return count

    first = more(n)
    return first, more(1), count


#: counters(4)


def late(n):
    held = [lambda x: x + i for i in range(n)]
    bound = [lambda x, i=i: x + i for i in range(n)]
    return [one(10) for one in held], [one(10) for one in bound]


#: late(3)


def walrus(xs):
    found = [y for x in xs if (y := x * 2) > 4]
    return found, y


#: walrus([1, 2, 3])
#: walrus([4, 1])


LIMIT = 3


def shadowed(n):
    LIMIT = n
    return LIMIT, of_module()


def of_module():
    return LIMIT


#: shadowed(8)


total = 0


def count(n):
    global total
    for i in range(n):
        total += i
    return total


#: count(4)
