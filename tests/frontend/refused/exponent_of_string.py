def f(s: str):
    return s * 2
