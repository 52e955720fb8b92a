# Sets of a number that is known at run time alone, one after the other: what is made has CPython's order.


def united(xs, s):
    found = s.union(*xs)
    return list(found), found is s, list(set().union(*xs)), list(s)


#: united([{1, 9}, {17, 2}], {33})
#: united([], {5, 1})
#: united([set(), {64, 8}], set())


def united_lists(xs):
    return list(set().union(*xs)), sorted(set("ab").union(*[str(x) for x in xs]))


#: united_lists([[3, 11], [19, 3]])
#: united_lists([])


def of_the_class(xs):
    return list(set.union(*xs)), list(set.intersection(*xs)), list(set.difference(*xs))


#: of_the_class([{1, 9, 17}, {9, 17, 2}, {17}])
#: of_the_class([{1, 9}])


def none_of_the_class(xs):
    try:
        return str(sorted(frozenset.union(*[frozenset(x) for x in xs])))
    except TypeError as error:
        return str(error)


#: none_of_the_class([[1], [2, 1]])
#: none_of_the_class([])


def cut(xs, s):
    return list(s.intersection(*xs)), list(s.difference(*xs)), list(s), s.intersection(*xs) is s


#: cut([{1, 9, 17, 25, 33}, {25, 17, 9}], {33, 25, 17, 9, 3})
#: cut([], {33, 25, 17, 9, 3})
#: cut([set()], {33, 25, 17, 9, 3})


def cut_by_lists(xs, s):
    return list(s.intersection(*xs)), list(s.difference(*xs))


#: cut_by_lists([[1, 9, 17, 25, 33], [25, 17, 9]], {33, 25, 17, 9, 3})
#: cut_by_lists([], {33, 25})


def changed(xs, s):
    s.update(*xs)
    first = list(s)
    s.difference_update(*xs[1:])
    second = list(s)
    s.intersection_update(*xs[:1])
    return first, second, list(s)


#: changed([{1, 9, 17}, {9}], {33, 3})
#: changed([], {33, 3, 1})
#: changed([{4, 12}], {12})


def changed_by_itself(s, n):
    s.update(*[s] * n)
    found = list(s)
    s.difference_update(*[s] * n)
    return found, list(s)


#: changed_by_itself({1, 9}, 2)
#: changed_by_itself({1, 9}, 0)


def by_texts(words):
    return sorted(set(words[0]).intersection(*words[1:])), sorted(set().union(*words))


#: by_texts(["abc", "bcd", "cb"])
#: by_texts(["abc"])
#: by_texts([])
