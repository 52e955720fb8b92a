def stable(pairs):
    return (
        sorted(pairs, key=lambda pair: pair[0]),
        sorted(pairs, key=lambda pair: pair[0], reverse=True),
        sorted(sorted(pairs, key=lambda pair: pair[1]), key=lambda pair: pair[0]),
    )


#: stable([(2, "a"), (1, "b"), (2, "c"), (1, "d")])
#: stable([])


def mixed(xs):
    return sorted(xs), max(xs), min(xs)


#: mixed([1, 1.0, 0.5, 2])
#: mixed([2, 0, -1.5])


def in_place(xs):
    given = xs.sort()
    ys = xs[:]
    ys.sort(key=lambda x: -x)
    return given, xs, ys, xs is ys


#: in_place([3, 1, 2])


def by_two(words):
    words.sort(key=lambda word: (-len(word), word))
    return words, max(words, key=len, default=""), min(words, key=len, default="")


#: by_two(["bb", "a", "cc", "b", "aaa"])
#: by_two([])


def key_that_raises(xs):
    try:
        xs.sort(key=lambda x: 1 // x)
    except ZeroDivisionError:
        return "raised", len(xs)
    return "sorted", len(xs)


#: key_that_raises([3, 1])
#: key_that_raises([3, 0, 1])
