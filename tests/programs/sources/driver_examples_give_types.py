# example: f(7, -2)
def f(a, b):
    return a // b
