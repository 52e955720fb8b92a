def f(x: float) -> float:
    exec('y = 1')
    return x
