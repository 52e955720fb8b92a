# function: f
def note(log, value: int):
    log[0] = log[0] * 10 + value
    return value


def f(n: int):
    log = [0]
    first = note(log, 1)
    second = note(log, 2) if n > 1 else note(log, 3)
    values = [0, 0, 0]
    values[note(log, 1)] = note(log, 2)
    values[note(log, 2)] += note(log, 1)
    chain = note(log, n) < note(log, 2) < note(log, 3)
    x = (a := n) + (a := a + 1) * a
    one = two = a
    one += 1
    return log[0], first, second, values, chain, x, one, two

# call: *each(range(1, 4))
