def update(count: int):
    count = count * 2
    return count
