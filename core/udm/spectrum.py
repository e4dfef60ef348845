"""Pictures by frequency: the orthonormal DCT, bands of it, and what a channel does to them in closed form."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.udm.channel import Channel

Array = np.ndarray

BANDS = 12
SCREEN = (2 / 255) ** 2 / 12  # variance of rounding to the 256 greys of a screen


@lru_cache(maxsize=4)
def dct_matrix(side: int) -> Array:
    """[side, side], orthogonal: row k is the k-th cosine of the DCT-II, read-only."""
    k, x = np.arange(side)[:, None], np.arange(side)
    turns = k * (2 * x + 1) % (4 * side)  # whole ones are taken off before they cost digits
    matrix = np.cos(np.pi * turns / (2 * side)) * np.sqrt(np.where(k == 0, 1, 2) / side)
    matrix.setflags(write=False)
    return matrix


def dct2(picture: Array) -> Array:
    """[h, w, 3] -> coefficients [h, w, 3] of both directions; sums of squares are kept."""
    down, across = (dct_matrix(side) for side in picture.shape[:2])
    return np.einsum("kx,xyc->kyc", down, np.einsum("ly,xyc->xlc", across, picture, optimize=True), optimize=True)


def inverse_dct2(coefficients: Array) -> Array:
    """The inverse of dct2."""
    down, across = (dct_matrix(side).T for side in coefficients.shape[:2])
    return np.einsum("kx,xyc->kyc", down, np.einsum("ly,xyc->xlc", across, coefficients, optimize=True), optimize=True)


@lru_cache(maxsize=4)
def frequencies(side: int) -> Array:
    """[side, side] radial frequency sqrt(n^2 + m^2), half waves a picture, read-only."""
    each = np.hypot(*np.meshgrid(np.arange(side), np.arange(side)))
    each.setflags(write=False)
    return each


@lru_cache(maxsize=4)
def bands(side: int) -> tuple[Array, Array]:
    """Band number of every coefficient [side, side], and the middle frequency of each band [BANDS].

    Band 0 is the mean colour alone; the others share the logarithm of the frequency.
    """
    radius = frequencies(side)
    edges = np.geomspace(1, side, BANDS)  # lower edges of bands 1..., the corners fall in the last
    number = np.where(radius > 0, np.clip(np.searchsorted(edges, radius, "right"), 1, BANDS - 1), 0)
    middle = np.array([radius[number == band].mean() for band in range(BANDS)])
    for each in (number, middle):
        each.setflags(write=False)
    return number, middle


def by_band(values: Array) -> Array:
    """Mean of [h, w, 3] coefficients' values over each band, [BANDS]."""
    number, _ = bands(values.shape[0])
    counts = np.bincount(number.ravel(), minlength=BANDS) * values.shape[2]
    return np.bincount(number.ravel(), values.sum(-1).ravel(), minlength=BANDS) / counts


def band_shares(side: int) -> Array:
    """Share of all coefficients in each band, [BANDS]."""
    return np.bincount(bands(side)[0].ravel(), minlength=BANDS) / side**2


@dataclass(frozen=True, eq=False)
class Reading:
    """What a linear reader finds in each band [BANDS]: x_t = transfer x_0 + rest."""

    transfer: Array
    rest: Array  # mean square of the rest
    energy: Array  # mean square of x_0

    def bits(self, side: int) -> float:
        """Bits a value of a Gaussian channel of those moments, on a screen of 256 greys: sum of log2(1 + SNR) / 2."""
        snr = self.transfer**2 * self.energy / (self.rest + SCREEN)
        return float(band_shares(side) @ np.log2(1 + snr)) / 2


def reading(clean: Array, corrupted: Array) -> Reading:
    """Measured: the least-squares transfer of each band between the DCTs [h, w, 3] of both pictures."""
    energy, cross = by_band(clean**2), by_band(clean * corrupted)
    transfer = np.divide(cross, energy, out=np.zeros(BANDS), where=energy > 0)
    return Reading(transfer, np.maximum(by_band(corrupted**2) - transfer * cross, 0), energy)


def expected_reading(clean: Array, form: Channel) -> Reading:
    """In closed form, of the DCT [h, w, 3] of the clean picture; the offset is known and taken away."""
    energy, gain = by_band(clean**2), form.kept * np.broadcast_to(form.gain, clean.shape)
    cross = by_band(gain * clean**2)
    transfer = np.divide(cross, energy, out=np.zeros(BANDS), where=energy > 0)
    uneven = np.maximum(by_band((gain * clean) ** 2) - transfer * cross, 0)
    return Reading(transfer, uneven + _white(clean, form), energy)


def expected_spectrum(clean: Array, form: Channel) -> Array:
    """E of the mean square of x_t in each band, [BANDS], in closed form, of the DCT [h, w, 3] of the clean picture."""
    steady = form.kept * (form.gain * clean + _offset(clean, form))
    return by_band(steady**2) + _white(clean, form)


def mean_square_error(clean: Array, form: Channel) -> float:
    """E (x_t - x_0)^2 a value of the clean picture [h, w, 3]."""
    coefficients = dct2(clean)
    moved = (form.gain - 1) * coefficients + _offset(coefficients, form)
    kept = float(np.square(moved).mean()) + form.noise
    return form.kept * kept + (1 - form.kept) * (float(np.square(clean).mean()) + form.fill)


def _white(clean: Array, form: Channel) -> float:
    """Variance that is the same at every frequency: added noise, fill, and the speckle of independent holes."""
    steady = np.square(form.gain * clean + _offset(clean, form)).mean()
    return float(form.kept * form.noise + form.kept * (1 - form.kept) * steady + (1 - form.kept) * form.fill)


def _offset(clean: Array, form: Channel) -> Array | float:
    return dct2(form.offset) if isinstance(form.offset, np.ndarray) else form.offset * np.zeros_like(clean[:1, :1, :1])
