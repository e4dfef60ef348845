"""What is left of the picture against t, by frequency, and two pictures of one mean colour: companion of udm_forward."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.result import Result
from core.udm.catalogue import every_corruption
from core.udm.channel import Channel
from core.udm.corruption import Corruption
from core.udm.forward import Params, Scene, decibels, scene_of
from core.udm.pictures import shown, twin
from core.udm.spectrum import BANDS, bands, by_band, dct2, expected_reading, expected_spectrum, reading

Array = np.ndarray

TIMES = tuple(np.linspace(0, 1, 21).tolist())
FRAMES = tuple(np.linspace(0, 1, 9).tolist())
TWIN_CORRUPTIONS = ("blur", "gaussian")  # a deterministic one and the usual one


@dataclass(frozen=True, eq=False)
class InformationResult(Result):
    """C corruptions, T times, B bands of frequency; where there is no closed form, `known` is false and theory is 0."""

    names: list[str]  # [C]
    t: Array  # [T]
    psnr: Array  # [C, T] dB of a screen of 256 greys
    psnr_theory: Array  # [C, T]
    bits: Array  # [C, T] that a linear reader finds, a colour value
    bits_theory: Array  # [C, T]
    known: list[bool]  # [C] whether bits and spectrum have a closed form
    frequency: Array  # [B] half waves a picture; 0 is the mean colour
    spectrum: Array  # [C, B] mean square of x_t at p.t
    spectrum_theory: Array  # [C, B]
    spectrum_clean: Array  # [B]
    frames: Array  # [F] times of the twins
    twins: Array  # [F, 2 (blur, noise), 2 (picture, twin), 64, 64, 3] uint8
    apart: Array  # [F, 2] root mean square distance of the twins, greys of 255

    def metrics(self) -> dict[str, float]:
        """Largest difference from theory, where there is theory: dB, bits a value."""
        sure = self.bits[self.known] - self.bits_theory[self.known]
        worst = float(np.abs(self.psnr - self.psnr_theory).max())
        return {"psnr_theory_error": worst, "bits_theory_error": float(np.abs(sure).max())}


def information(p: Params) -> Iterator[tuple[float, InformationResult]]:
    """(1.0, everything); p.t matters for the spectrum alone, the sentence for nothing."""
    scene, every = scene_of(p), every_corruption()
    curves = np.array([[_left(scene, name, each, t) for t in TIMES] for name, each in every.items()])
    spectra = np.array([_spectra(scene, name, each, p.t) for name, each in every.items()])
    twins = _twins(scene, p.seed)
    result = InformationResult(
        names=list(every),
        t=np.array(TIMES),
        psnr=curves[..., 0].copy(),
        psnr_theory=curves[..., 1].copy(),
        bits=curves[..., 2].copy(),
        bits_theory=curves[..., 3].copy(),
        known=[_spread(scene, name, each, 0.5) is not None for name, each in every.items()],
        frequency=bands(len(scene.clean))[1].copy(),
        spectrum=spectra[:, 0].copy(),
        spectrum_theory=spectra[:, 1].copy(),
        spectrum_clean=by_band(dct2(scene.clean) ** 2),
        frames=np.array(FRAMES),
        twins=shown(twins),
        apart=127.5 * np.sqrt(np.square(twins[:, :, 0] - twins[:, :, 1]).mean((2, 3, 4))),
    )
    yield 1.0, result


def _left(scene: Scene, name: str, corruption: Corruption, t: float) -> tuple[float, float, float, float]:
    """PSNR and its theory, bits and their theory."""
    clean, eps = scene.clean, scene.eps[name]
    corrupted, form = corruption.apply(clean, eps, t), corruption.channel(clean, eps, t)
    errors = np.array([np.square(corrupted - clean).mean(), corruption.expected_error(clean, eps, t)])
    known = form.offset if form else 0.0
    side, coefficients, spread = len(clean), dct2(clean), _spread(scene, name, corruption, t)
    bits = reading(coefficients, dct2(corrupted - known)).bits(side)
    theory = expected_reading(coefficients, spread).bits(side) if spread else 0.0
    return (*decibels(errors).tolist(), bits, theory)


def _spread(scene: Scene, name: str, corruption: Corruption, t: float) -> Channel | None:
    """The channel, where its noise is spread evenly over the frequencies."""
    form = corruption.channel(scene.clean, scene.eps[name], t)
    return form if form and form.white else None


def _spectra(scene: Scene, name: str, corruption: Corruption, t: float) -> Array:
    """Mean square of x_t in each band and its theory, [2, BANDS]."""
    clean, eps = scene.clean, scene.eps[name]
    form = _spread(scene, name, corruption, t)
    theory = expected_spectrum(dct2(clean), form) if form else np.zeros(BANDS)
    return np.stack([by_band(dct2(corruption.apply(clean, eps, t)) ** 2), theory])


def _twins(scene: Scene, seed: int) -> Array:
    """The picture and its twin through time, each with its own eps, [F, corruptions, 2, 64, 64, 3]."""
    pair, rng = (scene.clean, twin(scene.clean, scene.other)), np.random.default_rng(seed)
    every = [every_corruption()[name] for name in TWIN_CORRUPTIONS]
    eps = [[each.draw(rng, picture) for picture in pair] for each in every]
    return np.array(
        [
            [[each.apply(x, e, t) for x, e in zip(pair, drawn, strict=True)] for each, drawn in zip(every, eps, strict=True)]
            for t in FRAMES
        ]
    )
