# example: f([1.0, 2.0], 0.5)
def f(xs, limit):
    total = 0.0
    for x in xs:
        total += x
    return total > limit
