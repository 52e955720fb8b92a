def update(runs: int):
    runs = runs + 1
    return runs
