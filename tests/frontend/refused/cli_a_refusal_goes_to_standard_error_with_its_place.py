def f(x: float) -> float:
    print(x)
    return open('a')
