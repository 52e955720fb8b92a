def update(height: float, doubled: float):
    doubled = height * 2.0
    return doubled
