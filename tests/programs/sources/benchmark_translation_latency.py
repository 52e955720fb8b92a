# function: step_2
def step_0(x: float, y: float, count: int) -> float:
    total = x * 1.250000 + y
    for i in range(count):
        if total > 100.5:
            total = total * 0.5 - y
        else:
            total += x / (i + 2.0)
    scale = abs(total) + 1.250000
    bounded = min(max(total, -100.5), 100.5)
    return bounded / scale

def step_1(x: float, y: float, count: int) -> float:
    total = x * 1.250010 + y
    for i in range(count):
        if total > 101.5:
            total = total * 0.5 - y
        else:
            total += x / (i + 3.0)
    scale = abs(total) + 1.250010
    bounded = min(max(total, -101.5), 101.5)
    return step_0(x, y, count) * 0.001 + bounded / scale

def step_2(x: float, y: float, count: int) -> float:
    total = x * 1.250020 + y
    for i in range(count):
        if total > 102.5:
            total = total * 0.5 - y
        else:
            total += x / (i + 4.0)
    scale = abs(total) + 1.250020
    bounded = min(max(total, -102.5), 102.5)
    return step_1(x, y, count) * 0.001 + bounded / scale
