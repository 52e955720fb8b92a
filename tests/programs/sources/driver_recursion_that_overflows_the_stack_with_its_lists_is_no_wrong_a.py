def f(n: int) -> float:
    a = [0.0] * 1000
    if n <= 0 or n > 900:
        return 0.0
    a[n % 7] = 1.0
    return f(n - 1) + a[0]
