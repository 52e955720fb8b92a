# example: f([1.0, 2.0, 3.0], 1)
def f(v: list[float], k: int) -> float:
    total = 0.0
    for i in range(3):
        total += v[i]
    return total + v[k % 3]
