def f(x: float):
    def g(y):
        return y * 2.0
    return g(x)
