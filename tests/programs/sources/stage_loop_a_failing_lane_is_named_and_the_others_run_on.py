def update(number: float, result: float):
    result = 1.0 / number
    return result
