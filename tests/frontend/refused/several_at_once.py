def f(x: float, y):
    print(x)
    z = eval('1')
    w = z + unknown
    return {w: x}
