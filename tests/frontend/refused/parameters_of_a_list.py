# example: f([0.0] * 300)
def f(values: list[float]):
    return values[0]
