"""Samples of Fourier transforms and of what is made of them."""

from samples.spec import S, T, V, row

C = {"dtype": "complex64"}

TRANSFORMS = [
    row("fft.fft", S(T(3, 4)), S(T(3, 5, **C), n=4, dim=0, norm="ortho"), forms="fo",
        errors=[S(T(3), n=0)]),
    row("fft.ifft", S(T(3, 4, **C)), S(T(3, 4), dim=0), forms="fo"),
    row("fft.rfft", S(T(3, 4)), S(T(4, 3, dtype="float64").t(), n=7), forms="fo",
        errors=[S(T(3, **C))]),
    row("fft.irfft", S(T(3, 4, **C)), S(T(3, 4, **C), n=5, norm="forward"), forms="fo"),
    row("fft.hfft", S(T(3, 4, **C)), S(T(3, 4), n=5, dim=0), forms="fo"),
    row("fft.ihfft", S(T(3, 4)), S(T(3, 4, dtype="float64"), n=3), forms="fo"),
    row("fft.fftn", S(T(3, 4)), S(T(2, 3, 4, **C), s=(2, 5), dim=(0, 2)), forms="fo"),
    row("fft.irfftn", S(T(3, 4, **C)), S(T(2, 3, 4, **C), s=(2, 5), dim=(2, 0)), forms="fo"),
    row("fft.fftshift", S(T(3, 4)), S(T(3, 4), dim=1), forms="f"),
]  # fmt: skip

SIGNALS = [
    row("stft", S(T(2, 12), 4, window=T(4), pad_mode="constant", return_complex=True),
        S(T(12, **C), 5, 2, 3, T(3)), forms="fm", errors=[S(T(12), 4)]),
    row("istft", S(T(2, 3, 5, **C), 4), S(T(4, 5, **C), 4, 1, 3, T(3, low=1), onesided=False),
        forms="fm", errors=[S(T(12), 4)]),
]  # fmt: skip

FUNCTIONS = [
    row("special.airy_ai", S(T(2, 3)), S(T(3, dtype="int64")), forms="fo"),
    row("special.bessel_y0", S(T(2, 3, low=0.1)), S(T(3, dtype="float64", low=0.1)), forms="fo"),
    row("special.legendre_polynomial_p", S(T(2, 3), T(3, dtype="int64", low=0)), S(T(2, 3), 4),
        forms="fo", errors=[S(T(2), T(3))]),
    row("special.chebyshev_polynomial_u", S(T(2, 3, low=-1, high=1), 5), forms="fo"),
    row("linalg.ldl_solve", S(T(2, 2), V([1, 2], "int32"), T(2, 1)), forms="f",
        errors=[S(T(2, 2), T(2), T(2, 1))]),
]  # fmt: skip

ROWS = [*TRANSFORMS, *SIGNALS, *FUNCTIONS]
