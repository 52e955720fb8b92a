"""The Triton model `batch`: many snippets in one request, each answered by a response of its own."""

import numpy as np
from connection import TRANSLATE, Model, Request


class CodeBase(Request):
    """Sources of which as many are worked on as there are workers, and one that waits: others get their turns in between."""

    def begin(self, service):
        """Return the first frames."""
        self.rows = iter(range(len(self.sources)))
        return [frame for _ in range(service.workers + 1) for frame in self._next(service)]

    def take(self, service, row, text):
        """Send an answer, and return the frame of the next source."""
        self.missing -= 1
        self.respond(final=self.missing == 0, NUMBER=np.array([row], dtype=np.uint32), ANSWER=np.array([text], dtype=np.object_))
        return self._next(service)

    def _next(self, service):
        row = next(self.rows, None)
        return [] if row is None else [service.enter(self, row, TRANSLATE, b"", self.sources[row], self.options[row])]


class TritonPythonModel(Model):
    """What Triton calls."""

    kind = CodeBase
