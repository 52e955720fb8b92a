# function: f
def even(n: int):
    return True if n == 0 else odd(n - 1)
def odd(n: int):
    return False if n == 0 else even(n - 1)
def fib(n: int):
    if n < 2: return n
    return fib(n - 1) + fib(n - 2)
def f(n: int):
    return even(n), odd(n), fib(n)

# call: *each(range(8))
