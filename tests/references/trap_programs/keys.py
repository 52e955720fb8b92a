# What is looked up among keys of other classes: it may equal one all the same, and KeyError names what was asked for.

from collections import OrderedDict


def looked_up(d, k):
    return d.get(k), d.get(k, "none"), k in d, k not in d, d[k]


#: looked_up({1: "a", 0: "b"}, True)
#: looked_up({1: "a", 0: "b"}, False)
#: looked_up({2: "a"}, True)


def looked_up_by_float(d, k):
    return d.get(k), d.get(k, "none"), k in d, d[k]


#: looked_up_by_float({1: "a", 9007199254740992: "b", -7: "c"}, 1.0)
#: looked_up_by_float({1: "a", 9007199254740992: "b", -7: "c"}, -7.0)
#: looked_up_by_float({9007199254740993: "b", 9007199254740991: "c"}, 9007199254740992.0)
#: looked_up_by_float({0: "a"}, -0.0)
#: looked_up_by_float({1: "a"}, 1.5)
#: looked_up_by_float({1: "a"}, 1e300)


def looked_up_by_int(d, k):
    return d.get(k), d.get(k, "none"), k in d, d[k]


#: looked_up_by_int({1.0: "a", 9007199254740992.0: "b", 0.5: "c"}, 1)
#: looked_up_by_int({1.0: "a", 9007199254740992.0: "b", 0.5: "c"}, 9007199254740992)
#: looked_up_by_int({1.0: "a", 9007199254740992.0: "b", 0.5: "c"}, 9007199254740993)


def looked_up_by_text(d, k):
    return d.get(k), d.get(k, "none"), k in d, d[k]


#: looked_up_by_text({1: "a"}, "1")


def looked_up_by_bytes(d, k):
    return k in d, d.get(k), d[k]


#: looked_up_by_bytes({"a": 1}, b"a")


def each_looked_up(d, ks):
    return [(d.get(k), k in d) for k in ks]


#: each_looked_up({1: "a", 3: "b"}, [1, "c", True, 3])


def each_sought(d, ks):
    return [(d.get(k), k in d) for k in ks]


#: each_sought({"x": 1}, ["x", None, 2.5])


def each_taken(d, ks):
    return [d.pop(k, -1) for k in ks], d


#: each_taken({1: 2, 3: 4, 0: 6}, [True, "c", 3.0])
#: each_taken({1: 2, 3: 4, 0: 6}, [False, "c", 0.5, 3.0, 1.0])


def deleted(d, k):
    del d[k]
    return d, d.pop(k)


#: deleted({1: 2, 3: 4}, True)
#: deleted({1: 2, 3: 4}, False)


def missing(d, k):
    try:
        return d[k]
    except KeyError as error:
        return str(error), len(d)


#: missing({5: 2}, True)
#: missing({1: 2}, True)


def missing_of_several(k):
    try:
        return {None: 2, 1: 3}[k]
    except KeyError as error:
        return str(error)


#: missing_of_several("a")


def bools_by_number(d, k):
    return d.get(k), d.get(k * 1.0), d.get(k * 0.5), d[k]


#: bools_by_number({True: 2}, 1)
#: bools_by_number({True: 2}, 0)
#: bools_by_number({True: 2, False: 3}, 0)


def ordered(pairs, k):
    d = OrderedDict(pairs)
    return k in d, d.get(k), d.pop(k, None), list(d)


#: ordered([(1, "a"), (2, "b")], True)
#: ordered([(1, "a"), (2, "b")], False)


def among(s, ks):
    return [k in s for k in ks]


#: among({1, 5}, [1, "a", True])


def among_floats(s, k):
    return k in s, k + 1 in s, None in s, (k > 0) in s, "a" in s


#: among_floats({1.0, 0.5}, 1)
#: among_floats({1.0, 0.5}, 0)


def discarded(s, k):
    s.discard(k)
    return k in s, sorted(s), s.remove(k)


#: discarded({1, 5}, True)
#: discarded({0, 5}, True)


def removed(s, k):
    s.remove(k)
    return s


#: removed({1, 5}, 5.0)
#: removed({1, 5}, 5.5)


def of_keys(d, k):
    return k in d.keys(), k in list(d), k in d.values()


#: of_keys({1: 0, 2: 1}, True)
#: of_keys({2: 0, 3: 1}, False)


class Counted:
    asked = 0

    def __init__(self, a):
        self.a = a

    def __eq__(self, other):
        Counted.asked += 1
        return self.a == other.a

    def __hash__(self):
        return self.a % 2


def the_same_key(n):
    Counted.asked = 0
    key, other = Counted(n), Counted(n + 2)
    s, held = {key, other}, [other, key]
    told = [key in s, key in held, Counted(n) in s, held.count(key), Counted.asked]
    s.discard(key)
    held.remove(key)
    return told, len(s), len(held), Counted.asked


#: the_same_key(1)
#: the_same_key(4)
