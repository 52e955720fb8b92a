def f(x: int) -> int:
    raise ValueError('never')
