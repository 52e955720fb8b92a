"""Types whose values refer to objects: str, and lists, dicts and sets of any length."""
