"""The Triton model `session`: a sequence of edits of one text, of which only the newest is worked on."""

import triton_python_backend_utils as triton
from connection import EDIT, END, REQUEST, Model, Request


class Edit(Request):
    """One request of a sequence; the service keeps the text."""

    def __init__(self, request):
        super().__init__(request, "REQUEST")
        self.name = str(request.correlation_id()).encode()
        self.starts = bool(request.flags() & triton.TRITONSERVER_REQUEST_FLAG_SEQUENCE_START)
        self.ends = bool(request.flags() & triton.TRITONSERVER_REQUEST_FLAG_SEQUENCE_END)

    def begin(self, service):
        """Return the frames: the text that another sequence of this name left is forgotten before, what this one left after."""
        forget = REQUEST.pack(0, END, len(self.name), 0, 0) + self.name
        frame = service.enter(self, 0, EDIT, self.name, self.sources[0], b"")
        return [forget] * self.starts + [frame] + [forget] * self.ends


class TritonPythonModel(Model):
    """What Triton calls."""

    kind = Edit
