"""Portalis: ordinary Python, verified against CPython, as sandboxed WebAssembly on USD stages."""
