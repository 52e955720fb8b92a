def f(n: int) -> int:
    total = 0
    for i in range(n):
        total = total + i
        x = x + 1
    return total
