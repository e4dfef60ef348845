"""Every corruption of the catalogue, a new one without an edit: ends, closed forms, scipy's DCT, published values."""

import numpy as np
import pytest
from scipy import fft

from core.udm import corruptions
from core.udm.catalogue import every_corruption
from core.udm.channel import Channel
from core.udm.corruption import Corruption
from core.udm.corruptions.blur import heat_blur, width
from core.udm.corruptions.pixelate import cells
from core.udm.corruptions.quantise import levels
from core.udm.forward import Params, compute
from core.udm.pictures import Shipped, shipped, signed, twin
from core.udm.spectrum import band_shares, by_band, dct2, expected_reading, expected_spectrum, inverse_dct2, reading

CLEAN, OTHER = (signed(shipped(each.value)) for each in (Shipped.FLOWER, Shipped.TEMPLE))
every = pytest.mark.parametrize("name", every_corruption())
RANDOM = [name for name, each in every_corruption().items() if each.draw(np.random.default_rng(0), OTHER).size]
DRAWS = 200
CLOSE = 3.0  # standard errors


def eps(name: str, seed: int = 0) -> np.ndarray:
    return every_corruption()[name].draw(np.random.default_rng(seed), OTHER)


def has_error(name: str, t: float) -> bool:
    """Whether the closed form of the error holds: that of quantising is for small steps."""
    return name != "quantise" or levels(t) >= 16


def has_spectrum(name: str, t: float) -> bool:
    """Whether there is a closed form by frequency."""
    form = every_corruption()[name].channel(CLEAN, eps(name), t)
    return form is not None and form.white and has_error(name, t)


@every
def test_nothing_happens_at_the_start(name):
    np.testing.assert_allclose(every_corruption()[name].apply(CLEAN, eps(name), 0.0), CLEAN, atol=1e-14)


@every
def test_the_end_forgets_all_but_the_mean_colour(name):
    """Two pictures of one mean colour and one eps end as the same."""
    corruption, drawn = every_corruption()[name], eps(name)
    ends = [corruption.apply(each, drawn, 1.0) for each in (CLEAN, twin(CLEAN, OTHER))]
    np.testing.assert_allclose(*ends, atol=1e-14)


@pytest.mark.parametrize(("name", "t"), [(n, t) for n in every_corruption() for t in (0.2, 0.5, 0.9) if has_error(n, t)])
def test_the_error_is_the_expected_one(name, t):
    """Over 200 draws within the standard error; deterministic ones exactly, quantising as far as its steps are small."""
    corruption = every_corruption()[name]
    expected = corruption.expected_error(CLEAN, eps(name), t)
    if name == "quantise":
        error = np.square(corruption.apply(CLEAN, eps(name), t) - CLEAN).mean()
        assert error == pytest.approx(expected, rel=0.1)
        return
    errors = [np.square(corruption.apply(CLEAN, eps(name, seed), t) - CLEAN).mean() for seed in range(DRAWS)]
    stderr = np.std(errors) / DRAWS**0.5
    assert np.mean(errors) == pytest.approx(expected, abs=CLOSE * stderr + 1e-13)


@pytest.mark.parametrize(("name", "t"), [(n, t) for n in every_corruption() for t in (0.3, 0.7) if has_spectrum(n, t)])
def test_the_spectrum_is_the_expected_one(name, t):
    corruption = every_corruption()[name]
    forms = [corruption.channel(CLEAN, eps(name, seed), t) for seed in range(DRAWS)]
    pictures = [dct2(corruption.apply(CLEAN, eps(name, seed), t)) for seed in range(DRAWS)]
    measured = np.array([by_band(each**2) for each in pictures])
    expected = np.mean([expected_spectrum(dct2(CLEAN), form) for form in forms], axis=0)
    slack = 0.05 * expected if name == "quantise" else 1e-12 * (1 + expected)
    np.testing.assert_array_less(np.abs(measured.mean(0) - expected), CLOSE * measured.std(0) / DRAWS**0.5 + slack)


def test_a_reading_of_a_channel_is_the_expected_one():
    """Transfer and rest of Gaussian noise and of random holes, averaged over draws.

    The fit takes one number of each band away; of holes that all colours share, up to one of each colour.
    """
    clean = dct2(CLEAN)
    count = band_shares(64) * clean.size
    for name, taken in (("gaussian", 1), ("random_mask", clean.shape[-1])):
        corruption = every_corruption()[name]
        form = corruption.channel(CLEAN, eps(name), 0.4)
        reads = [reading(clean, dct2(corruption.apply(CLEAN, eps(name, seed), 0.4))) for seed in range(DRAWS)]
        transfers, rests = np.array([each.transfer for each in reads]), np.array([each.rest for each in reads])
        expected = expected_reading(clean, form)
        room = CLOSE * transfers.std(0) / DRAWS**0.5
        np.testing.assert_array_less(np.abs(transfers.mean(0) - expected.transfer), room)
        room = CLOSE * rests.std(0) / DRAWS**0.5
        np.testing.assert_array_less(rests.mean(0), expected.rest * (1 - 1 / count) + room)
        np.testing.assert_array_less(expected.rest * (1 - taken / count) - room, rests.mean(0))


@pytest.mark.parametrize("shape", [(64, 64, 3), (8, 8, 3), (16, 32, 3)])
def test_the_dct_is_that_of_scipy(shape):
    """To 1e-14 of the largest value, which is what double precision holds of a sum of 64 products."""
    picture = np.random.default_rng(0).uniform(-1, 1, shape)
    theirs = fft.dctn(picture, axes=(0, 1), norm="ortho")
    np.testing.assert_allclose(dct2(picture), theirs, rtol=0, atol=1e-14 * np.abs(theirs).max())
    np.testing.assert_allclose(inverse_dct2(theirs), picture, rtol=0, atol=1e-14)


@pytest.mark.parametrize("t", [0.01, 0.3, 0.5, 0.8, 0.99])
def test_the_blur_is_that_of_scipy(t):
    side, deviation = len(CLEAN), width(len(CLEAN), t)
    n = np.arange(side)
    gain = np.exp(-(np.pi**2) * (n[:, None] ** 2 + n**2) / side**2 * deviation**2 / 2)[..., None]
    theirs = fft.idctn(gain * fft.dctn(CLEAN, axes=(0, 1), norm="ortho"), axes=(0, 1), norm="ortho")
    np.testing.assert_allclose(heat_blur(CLEAN, deviation), theirs, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("deviation", "place", "value"), [(1.0, (2, 5), 0.15881004), (24.0, (7, 0), 1 / 64)])
def test_an_impulse_spreads_as_published_numbers_say(deviation, place, value):
    impulse = np.zeros((8, 8, 1))
    impulse[2, 5] = 1
    assert heat_blur(impulse, deviation)[place][0] == pytest.approx(value, abs=5e-9)


def test_a_faint_blur_of_an_impulse_goes_below_zero():
    impulse = np.zeros((8, 8, 1))
    impulse[2, 5] = 1
    assert heat_blur(impulse, 0.5).min() == pytest.approx(-0.0114, abs=5e-5)


def test_two_blurs_are_one():
    """The heat equation forgets its history: variances add."""
    np.testing.assert_allclose(heat_blur(heat_blur(CLEAN, 3.0), 4.0), heat_blur(CLEAN, 5.0), atol=1e-13)


def test_pixelating_is_a_projection_of_known_rank():
    pixelate = every_corruption()["pixelate"]
    for t in (0.0, 0.3, 0.5, 1.0):
        once = pixelate.apply(CLEAN, eps("pixelate"), t)
        np.testing.assert_allclose(pixelate.apply(once, eps("pixelate"), t), once, atol=1e-13)
        assert np.linalg.matrix_rank(once[..., 0]) <= cells(64, t)
        assert len(np.unique(once.round(9).reshape(-1, 3), axis=0)) <= cells(64, t) ** 2


@pytest.mark.parametrize("name", ["random_mask", "block_mask", "centre_mask"])
def test_a_mask_only_grows(name):
    corruption = every_corruption()[name]
    shares = [(corruption.apply(CLEAN + 3, eps(name), t) == 0).mean() for t in (0.0, 0.3, 0.31, 0.8, 1.0)]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1


@pytest.mark.parametrize("name", RANDOM)
def test_one_eps_serves_every_strength(name):
    """A picture dissolves instead of flickering: close strengths give close pictures."""
    corruption, drawn = every_corruption()[name], eps(name)
    pair = [corruption.apply(CLEAN, drawn, t) for t in (0.5, 0.501)]
    assert np.square(pair[0] - pair[1]).mean() < 0.02


def test_a_channel_without_anything_is_clean():
    clean = dct2(CLEAN)
    read = expected_reading(clean, Channel())
    np.testing.assert_allclose(read.transfer, 1)
    assert read.rest.max() == 0


NEW = '''
from core.udm.corruption import Array, Corruption


class Negative(Corruption):
    """The picture turns into its negative."""

    order = 200

    def apply(self, clean: Array, eps: Array, t: float) -> Array:
        return (1 - 2 * t) * clean

    def expected_error(self, clean: Array, eps: Array, t: float) -> float:
        return float(4 * t * t * (clean**2).mean())
'''


def test_a_new_corruption_appears_by_itself(tmp_path, monkeypatch):
    from demos.udm.forward import dissolve  # noqa: PLC0415

    (tmp_path / "negative.py").write_text(NEW)
    monkeypatch.setattr(corruptions, "__path__", [*corruptions.__path__, str(tmp_path)])
    every_corruption.cache_clear()
    try:
        p = Params(seed=99, t=0.5)
        result = compute(p)
        assert result.names[-1] == "negative" and "psnr_negative" in result.metrics()
        assert dissolve(p, result).payload()["marks"][-1]["text"] == "@corruption.negative"
    finally:
        every_corruption.cache_clear()


def test_a_file_without_a_corruption_is_refused_by_name(tmp_path, monkeypatch):
    (tmp_path / "empty.py").write_text("")
    monkeypatch.setattr(corruptions, "__path__", [str(tmp_path)])
    every_corruption.cache_clear()
    try:
        with pytest.raises(TypeError, match=r"corruptions\.empty must define one Corruption"):
            every_corruption()
    finally:
        every_corruption.cache_clear()


class Silent(Corruption):
    """Says nothing of its moments."""

    order = 0

    def apply(self, clean, eps, t):  # noqa: ARG002
        return clean


def test_what_has_no_closed_form_must_say_its_error():
    with pytest.raises(NotImplementedError, match="Silent has no channel"):
        Silent().expected_error(CLEAN, CLEAN, 0.5)
