"""Which room may import which: the map that ARCHITECTURE.md draws, as a list. An arrow that nobody goes is taken out again.

A module belongs to the folder (or the file) that it lies in below the package. Inside the front-end, each stage sees what comes before it.
"""

from __future__ import annotations

ARROWS: dict[str, frozenset[str]] = {
    room: frozenset(targets.split())
    for room, targets in {
        "source": "",
        "saving": "",
        "words": "",
        "syntax": "",
        "installed": "",
        "diagnostics": "source",
        "ir": "source",
        "library": "diagnostics ir",
        "passes": "ir source",
        "frontend": "diagnostics ir library source syntax",
        "backends/llvm": "ir passes source",
        "backends/rust": "ir passes source",
        "private": "saving",
        "bridge": "installed ir private",
        "calling": "diagnostics ir source",
        "work": "source",
        "verify": "bridge calling diagnostics frontend installed ir library source syntax work",
        "translating": "backends/llvm backends/rust bridge calling diagnostics frontend installed ir library passes private source "
        "verify work",
        "servers/contract": "diagnostics translating",
        "servers/pool": "servers/contract translating work",
        "servers/triton": "private saving servers/contract servers/pool work",
        "servers/gateway": "private saving servers/contract servers/pool servers/triton",
        "servers/clients": "diagnostics frontend servers/contract servers/pool servers/triton source translating",
        "stage": "bridge calling diagnostics frontend ir private saving source translating",
        "pictures": "saving",
        "ui": "diagnostics frontend pictures private saving servers/clients source stage translating verify words work",
        "cli": "backends/rust bridge diagnostics frontend pictures private saving servers/clients servers/contract servers/gateway "
        "servers/pool servers/triton source stage translating ui verify words",
        "extension": "ui",
    }.items()
}

# Package from outside -> the modules that may import it, by the beginning of their path.
HEAVY: dict[str, tuple[str, ...]] = {
    "llvmlite": ("backends/llvm/",),
    "wasmtime": ("bridge/",),
    "pxr": ("calling/", "pictures/", "stage/", "verify/"),
    "moderngl": ("pictures/",),
    "PIL": ("pictures/",),
    "embreex": ("pictures/",),
    "imageio_ffmpeg": ("pictures/",),
    "omni": ("extension.py", "ui/"),
    "carb": ("extension.py", "ui/"),
    "usdrt": ("ui/",),
    "cupy": ("bridge/gpu.py",),
    "tritonclient": ("servers/triton/",),
    **dict.fromkeys(("fastapi", "uvicorn", "limits", "redis", "fsspec", "prometheus_client", "opentelemetry"), ("servers/gateway/",)),
    "httpx": ("servers/clients/",),
    "keyring": ("servers/clients/",),
}
