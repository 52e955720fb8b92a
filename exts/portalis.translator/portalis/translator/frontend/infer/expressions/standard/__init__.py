"""What functions of Python's own library do that go over what they are given, or call it."""
