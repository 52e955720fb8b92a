
def update(a: int, b: int, x: float):
    if b == 3:
        raise ValueError("three")
    quotient = a // b
    root = x ** 0.5
    return quotient, root
