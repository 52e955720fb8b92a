def f(values: list[float]):
    return values[0]
