"""A fast Fourier transform in place, radix 2; returns the energy of the spectrum."""

from math import cos, pi, sin


def fft(bits: int) -> float:
    n = 1 << bits
    re = [(i * 7 % 13) - 6.0 for i in range(n)]
    im = [0.0] * n
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            re[i], re[j] = re[j], re[i]
    size = 2
    while size <= n:
        angle = -2.0 * pi / size
        step_re = cos(angle)
        step_im = sin(angle)
        for start in range(0, n, size):
            w_re = 1.0
            w_im = 0.0
            for k in range(start, start + size // 2):
                other = k + size // 2
                t_re = w_re * re[other] - w_im * im[other]
                t_im = w_re * im[other] + w_im * re[other]
                re[other] = re[k] - t_re
                im[other] = im[k] - t_im
                re[k] += t_re
                im[k] += t_im
                w_re, w_im = w_re * step_re - w_im * step_im, w_re * step_im + w_im * step_re
        size *= 2
    energy = 0.0
    for i in range(n):
        energy += re[i] * re[i] + im[i] * im[i]
    return energy
