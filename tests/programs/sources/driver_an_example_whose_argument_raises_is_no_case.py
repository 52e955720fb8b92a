# example: f(1 // 0)
# example: f(2)
def f(x):
    return x + 1
