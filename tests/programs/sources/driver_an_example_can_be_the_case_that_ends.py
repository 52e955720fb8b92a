# example: f(123456)
def f(n: int) -> int:
    while n != 123456:
        n = n
    return n
