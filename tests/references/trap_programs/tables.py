def one_key(x):
    d = {1: "int"}
    d[True] = "bool"
    d[1.0] = "float"
    d[x] = "x"
    return d, len(d), d.get(0), True in d


#: one_key(1)
#: one_key(0)


def in_order(xs):
    d = {}
    for x in xs:
        d[x] = len(d)
    del d[xs[0]]
    d[xs[0]] = -1
    return list(d), list(d.items()), d.popitem(), list(d.values())


#: in_order([3, 1, 2])
#: in_order([5, 5])


def changed_on_the_way(d):
    found = []
    for key in d:
        found.append(key)
        if key == 1:
            d[10] = 0
    return found


#: changed_on_the_way({2: 2, 1: 1})
#: changed_on_the_way({2: 2})


def values_changed_on_the_way(d):
    for key in d:
        d[key] += 1
    return d


#: values_changed_on_the_way({2: 2, 1: 1})


def views(d):
    keys = d.keys()
    d["new"] = 1
    return list(keys), len(keys), "new" in keys


#: views({"a": 1})


def defaults(words):
    found = {}
    for word in words:
        found.setdefault(len(word), []).append(word)
    found.update({0: []})
    return found, found.pop(9, "none"), found.pop(0)


#: defaults(["a", "bb", "c"])
#: defaults([])


def algebra(xs, ys):
    a, b = set(xs), set(ys)
    return sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a <= b, a < a, a.isdisjoint(b)


#: algebra([1, 2, 3], [2, 5])
#: algebra([], [1])


def order_of_ints(xs):
    s = set(xs)
    s.discard(8)
    return list(s), s.pop() if s else None


#: order_of_ints([33, 1, 64, 8, 0])
#: order_of_ints([])


def merged(a, b):
    return a | b, {**b, **a}, a == dict(sorted(a.items()))


#: merged({"x": 1, "y": 2}, {"y": 3})


def nothing_in_it(d, key):
    held = {}
    for k, v in d.items():
        held[k] = {}
        held[k][v] = k.strip()
        first, second = v
    return held, key in d, key not in d


#: nothing_in_it({}, "a")


def never_a_key(d, key):
    return key in d, key not in d, None in d


#: never_a_key({1: 2}, "a")
#: never_a_key({}, "b")


def half_of_the_last(d):
    key = d.popitem()[0]
    return key, d.popitem()[1], len(d)


#: half_of_the_last({"b": 2, "a": 1})
#: half_of_the_last({"b": 2})
