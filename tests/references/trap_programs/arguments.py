# Methods whose arguments are of several classes, for one of which CPython raises.


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
