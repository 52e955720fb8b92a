def f(x: float):
    return f'{x:.2f}'
