def f(x: float):
    values = [x]
    values.append(x)
    values += [x]
    return values[0]
