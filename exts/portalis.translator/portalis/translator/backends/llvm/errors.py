"""What the back-end raises where it fails itself."""

from __future__ import annotations


class InternalCompilerError(Exception):
    """The back-end produced something that it never should; the message says what. A defect of ours, never of the user's code."""
