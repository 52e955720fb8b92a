# What is put into slices, sought in iterators, and made of dicts.


def put_text(xs, text, start, stop):
    xs[start:stop] = text
    return xs


#: put_text(["a", "b", "c"], "xyz", 1, 2)
#: put_text(["a", "b", "c"], "", 0, 2)
#: put_text(["a"], "xy", 5, 0)
#: put_text(["a", "b", "c"], "\u00e9\U0001f600", -1, 10)


def put_others(xs, n):
    xs[1:2] = range(n)
    xs[:1] = {7: 1, 8: 2}
    xs[2:2] = {5: "a"}.keys()
    xs[-1:] = (x * 2 for x in xs)
    xs[0:0] = map(abs, xs[:2])
    return xs


#: put_others([1, 2, 3], 3)
#: put_others([1, 2, 3], 0)
#: put_others([], 2)


def put_stepped(xs, text):
    xs[::2] = text
    return xs


#: put_stepped(["a", "b", "c"], "xy")
#: put_stepped(["a", "b", "c"], "xyz")


def put_while_it_grows(xs):
    def more():
        for x in [1, 2]:
            if len(xs) < 4:
                xs.append(x)
            yield x

    xs[1:] = more()
    return xs


#? put_while_it_grows([5, 6])
#: put_while_it_grows([5, 6, 7, 8])


def put_of_itself(xs):
    xs[1:2] = reversed(xs)
    xs[1:1] = (x for x in xs if x > 1)
    return xs


#: put_of_itself([1, 2, 3])


def sought(xs, x):
    doubled = (y * 2 for y in xs)
    return x in doubled, list(doubled), x not in iter(xs), x in reversed(xs), str(x) in map(str, xs)


#: sought([1, 2, 3], 4)
#: sought([1, 2, 3], 2)
#: sought([], 2)


def sought_pairs(xs, x):
    pairs = zip(xs, xs)
    return (x, x) in pairs, next(pairs, None), (0, x) in enumerate(xs), x in filter(None, xs)


#: sought_pairs(["a", "b"], "a")
#: sought_pairs(["a", "b"], "b")
#: sought_pairs([], "b")


def sought_with_effects(xs, x):
    seen = []

    def each():
        for y in xs:
            seen.append(y)
            yield y
        seen.append(-1)

    return x in each(), seen, None in each(), "a" in each(), seen


#: sought_with_effects([1, 2, 3], 2)
#: sought_with_effects([1], 2)


def sought_among_several(words):
    found = map(str.isascii, words)
    if True in found:
        return ", ".join(x for x in words if x.isascii()), list(found)
    return "", []


#: sought_among_several(["a", "\u00e9", "b"])
#: sought_among_several(["\u00e9"])


def from_keys(d, keys):
    for key in keys:
        d = d.fromkeys(key, 0)
    return d, d.fromkeys(keys)


#: from_keys({"x": 1}, ["ab", "cdc"])
#: from_keys({"x": 1}, [])


def popped(d, n):
    try:
        d.popitem(n > 1)
    except TypeError as error:
        return str(error), d.popitem()
    return "", ("", 0)


#: popped({"a": 1, "b": 2}, 1)


def popped_last(d, n):
    seen = []
    try:
        d.popitem(last=seen.append(n))
    except TypeError as error:
        return str(error), len(d), seen
    return "", 0, seen


#: popped_last({"a": 1}, 3)
#: popped_last({"a": 1}, 4)


def popped_never(d):
    found = {}
    for key in d:
        found[key] = d.popitem(last=False)[1]
    return found


#: popped_never({"a": 1})
#: popped_never({})
