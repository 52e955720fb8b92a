def f(x: float):
    table = {'a': x}
    seen = {1, 2}
    other = dict()
    return x
