def f(n: int):
    return n + 9223372036854775808
