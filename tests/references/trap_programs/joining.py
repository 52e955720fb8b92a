# `join` looks at all elements before it joins any: what is no text raises with its number.


def joined(xs):
    return ", ".join(xs)


#: joined(["a", 1, None])
#: joined(["a", "b"])
#: joined([])
#: joined([None, "b"])


def joined_later(xs):
    kept = list(xs)
    kept.clear()
    kept.append("1")
    kept.append("2")
    return ",".join(kept)


#: joined_later([0, 1, 2])
#: joined_later([])


def found(numbers):
    names = {0: "F", 1: "E", 2: "D"}
    return "".join([names.get(number) for number in numbers])


#: found([0, 2])
#: found([1, 4, 5])
#: found([])


def firsts(rows):
    rows = [[row, len(row)] for row in rows]
    rows[0][0] = rows[0][0] * 2
    try:
        return "\n".join(map(lambda row: row[0], rows)), "-".join(row[1] for row in rows)
    except TypeError as error:
        return str(error)


#: firsts(["a", "bc"])




def all_seen(xs):
    seen = []

    def shown(x):
        seen.append(x)
        return str(x) if x != 2 else None

    try:
        return "".join(shown(x) for x in xs), seen
    except TypeError as error:
        return str(error), seen


#: all_seen([1, 2, 3])
#: all_seen([1, 3])


