def f(n: int):
    total = 0
    for i in range(n):
        total += 0.5
    return total
