def f(x: float):
    name = 'ab'.upper()
    other = 'a' + 'b'
    return x
