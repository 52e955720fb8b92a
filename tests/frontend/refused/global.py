count = 0


def f(x: float):
    global count
    count += 1
    return x
