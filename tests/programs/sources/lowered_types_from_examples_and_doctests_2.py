# example: f(1.5, n=2)
def f(x, n):
    return x * n
