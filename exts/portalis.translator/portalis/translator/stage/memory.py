"""How much memory this process took."""

from __future__ import annotations

import sys


def peak_memory_mb() -> float:
    """Return the most memory that this process held at a time, in MB; 0 where the platform does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
