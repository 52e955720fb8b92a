def f(x: float, y):
    input()
    z = eval('1')
    w = z + unknown
    return {w: x}
