def update(visibility: str, frame: int):
    visibility = "invisible" if visibility == "inherited" else "bogus"
    return visibility
