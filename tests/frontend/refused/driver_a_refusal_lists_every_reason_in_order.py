def f(x: float) -> float:
    y = eval('1')
    z = undefined
    return x + y
