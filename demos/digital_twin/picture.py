"""The picture of the cell."""
def draw(path, shift, queues, plan):
    return None
