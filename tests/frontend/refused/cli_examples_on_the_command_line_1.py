def f(xs, limit):
    total = 0.0
    for x in xs:
        total += x
    return total > limit
