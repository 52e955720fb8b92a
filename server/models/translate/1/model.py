"""The Triton model `translate`: each row of a request is one snippet, answered together with the other rows of its request."""

from connection import Model


class TritonPythonModel(Model):
    """What Triton calls."""
