
import math

def f(a: float, b: float, n: int) -> float:
    total = 0.0
    for k in range(n):
        total += math.sin(a * k) * math.pow(2.0, b) - math.log(a) + b ** k // 3.0 % 2.0 + (n * k) // 7 % 5
    return total + math.atan2(a, b)
