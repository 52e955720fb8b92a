"""The total, straight-line body that lanes run in SIMD."""
