# Methods whose arguments are of several classes, for one of which CPython raises.

import math
from functools import partial


def ends(text, suffix):
    if suffix == "":
        suffix = None
    return text.endswith(suffix), text.startswith(("a", "b"))


#: ends("abc", "c")
#: ends("abc", "")


def texts_of(text, part):
    part = part or None
    found = []
    try:
        found.append(text.split(part))
        found.append(text.strip(part))
        found.append([str(text.find(part))])
    except TypeError as error:
        found.append(str(error))
    return found


#: texts_of(" a b ", "b")
#: texts_of(" a b ", "")


def replaced(text, old, n):
    new = "-" if n > 0 else n
    try:
        return text.replace(old, new), text.center(n if n != 3 else None), text.partition(old)
    except TypeError as error:
        return str(error), text.zfill(2), (text, "", "")


#: replaced("abcb", "b", 1)
#: replaced("abcb", "b", 0)
#: replaced("abcb", "b", 3)


def of_lists(xs, n):
    at = n if n > 0 else None
    try:
        xs.insert(at, n)
        return xs, xs.pop(at), xs.index(n, 0 if n < 3 else None)
    except TypeError as error:
        return xs, str(error), -1


#: of_lists([5, 6, 7], 1)
#: of_lists([5, 6, 7], 0)
#: of_lists([5, 6, 7], 3)


def in_octets(octets, n):
    part = b"a" if n else None
    try:
        return octets.find(part), octets.strip(part)
    except TypeError as error:
        return -2, str(error)


#: in_octets(b"cab", 1)
#: in_octets(b"cab", 0)


def shown_by_an_example(xs, text):
    try:
        return xs.pop(text)
    except TypeError as error:
        return str(error)


#: shown_by_an_example([1], "a")


def told(a, z=0, *rest, **named):
    return a, z, rest, named


def keywords_behind_a_dict(n, entries):
    made = dict([("z", n)], **entries, q=2)
    return told(1, p=n, **entries, q=2, **{"r": 3}), told(1, n, 8, **entries, w=4), made


#: keywords_behind_a_dict(5, {"x": 1})
#: keywords_behind_a_dict(6, {"x": 1, "y": 2})
#: keywords_behind_a_dict(7, {})


def starred_alone(xs, n):
    ys = iter(xs)
    return told(*xs, z=xs.append(n)), told(0, *xs, k=xs.append(n)), told(*ys, z=next(ys)), told(*(x for x in xs), z=xs.pop()), xs


#: starred_alone([1], 5)
#: starred_alone([7], 6)


def marked(log, mark):
    log.append(mark)
    return lambda function: lambda x: function(x) + mark


def decorated_with_defaults(n):
    log = [0]

    @marked(log, 1)
    @marked(log, 2)
    def inner(x, by=log.append(n)):
        log.append(x)
        return 10 if by is None else x

    return inner(5), log


#: decorated_with_defaults(3)


def kept_functions_of_modules(n):
    one, two = math.sin if n > 3 else math.cos, math.gcd if n > 3 else math.lcm
    several = [math.sqrt, math.floor, math.log2, math.degrees]
    power = partial(math.pow, n)
    return one(n), one(n + 0.5), one(True), two(n, 10), [each(n) for each in several], [each(2.5) for each in several], power(2)


#: kept_functions_of_modules(5)
#: kept_functions_of_modules(2)
