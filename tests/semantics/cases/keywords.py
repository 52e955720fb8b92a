# function: f
def g(a, b=2, *, c=3):
    return a * 100 + b * 10 + c
def f(n: int):
    return g(n), g(n, 1), g(b=n, a=1), g(n, c=n), g(1, 2, c=9)

# call: *each(range(4))
