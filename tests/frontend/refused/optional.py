def f(n: int):
    best = None
    for i in range(n):
        if best is None or i > best:
            best = i
    return best
