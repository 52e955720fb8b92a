# example: mean([1.0, 2.0])
def mean(xs: list[float]) -> float:
    return sum(xs) / len(xs)
