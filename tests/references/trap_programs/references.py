def two_names(n):
    a = b = []
    a.append(n)
    b += [n + 1]
    a = a + [n + 2]
    return a, b, a is b


#: two_names(3)


def rows(n, m):
    one = [[0] * n] * m
    own = [[0] * n for _ in range(m)]
    if n and m:
        one[0][0] = own[0][0] = 5
    return one, own, [one[0] is row for row in one], [own[0] is row for row in own]


#: rows(2, 3)
#: rows(0, 2)


def kept(x, seen=[]):
    seen.append(x)
    return len(seen), seen[0]


def mutable_default(n):
    return [kept(i) for i in range(n)]


#: mutable_default(3)


def grown(xs):
    for x in xs:
        if len(xs) < 6:
            xs.append(x + 1)
    return xs


#: grown([1, 2])
#: grown([])


def change(row):
    row[0] = 9
    row = [0]
    return row


def passed(xs):
    ys = change(xs)
    return xs, ys


#: passed([1, 2])


def fresh(n):
    found = []
    for i in range(n):
        row = []
        row.append(i)
        found.append(row)
    found[0].append(7)
    return found


#: fresh(2)
#: fresh(0)


def written_before_it_raises(xs):
    try:
        for i in range(len(xs)):
            xs[i] = 10 // xs[i]
    except ZeroDivisionError as error:
        return xs, str(error)
    return xs, ""


#: written_before_it_raises([5, 2, 0, 1])
#: written_before_it_raises([1])


def two_arguments(xs, ys):
    xs.append(1)
    return xs is ys, xs == ys, len(ys)


#: two_arguments([1], [1])
