def update(runs: int, elapsed: float, delta_time: float):
    runs = runs + 1
    elapsed = elapsed + delta_time
    return runs, elapsed
