"""Digits on their way back: the forward side, the exact posterior and the rules against closed forms and other libraries."""

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler
from scipy import ndimage, special, stats

from core.digits.data import split
from core.udm.catalogue import every_corruption
from core.udm.restoration.exact import LEAST, Posterior, picture_set
from core.udm.restoration.forward import Kind, Level, normals, patterns
from core.udm.restoration.measures import APART, distinct, errors, outcomes, ssim
from core.udm.restoration.predictors import Exact
from core.udm.restoration.recipe import AT_THE_END, RECIPE, corrupted, times
from core.udm.restoration.reverse import Rule, Walk, descend, fresh_share, started

kinds = pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.value)
masks = pytest.mark.parametrize("kind", [Kind.RANDOM_MASK, Kind.BLOCK_MASK], ids=lambda kind: kind.value)
shares = pytest.mark.parametrize("share", [0.0, 0.5, 1.0])


def sources(count, seed=0):
    return [np.random.default_rng((seed, i)) for i in range(count)]


def clean(count=6):
    return split("test").pictures[::17][:count].astype(float)


def evenly(kind, steps, sigma=0.0, top=1.0):
    return [Level(kind, t, sigma) for t in np.linspace(top, 0, steps + 1).tolist()]


@kinds
@pytest.mark.parametrize("t", [0.0, 0.35, 0.8, 1.0])
def test_many_digits_are_corrupted_as_one_colour_picture_is(kind, t):
    digits, corruption = clean(), every_corruption()[kind.value]
    level, pattern = Level(kind, t), patterns(kind, sources(6))
    eta = normals(sources(6, 1)) if kind is Kind.GAUSSIAN else np.zeros((6, 28, 28))
    for i, found in enumerate(level.corrupt(digits, pattern, eta)):
        eps = eta[i] if kind is Kind.GAUSSIAN else pattern[i] if kind.masks else np.empty(0)
        colour = np.repeat(digits[i][..., None], 3, 2)
        wanted = corruption.apply(colour, eps[..., None] if eps.size else eps, t)
        assert np.abs(found - wanted[..., 0]).max() < 1e-12


@kinds
def test_nothing_has_happened_at_the_start_and_everything_at_the_end(kind):
    digits, pattern, eta = clean(), patterns(kind, sources(6)), normals(sources(6, 1))
    assert np.abs(Level(kind, 0.0).corrupt(digits, pattern, eta) - digits).max() < 1e-12
    one, other = (Level(kind, 1.0).corrupt(each, pattern, eta) for each in (digits, digits[::-1]))
    if kind in (Kind.BLUR, Kind.PIXELATE):
        assert np.abs(one - digits.mean((1, 2), keepdims=True)).max() < 1e-12, "the brightness is all that is left"
    else:
        assert np.abs(one - other).max() < 1e-12, "nothing of the digit is left"


@kinds
def test_a_breath_of_noise_has_its_deviation(kind):
    level, digits = Level(kind, 0.4, sigma=0.07), clean(1).repeat(40, 0)
    pattern = patterns(kind, sources(40))
    rest = level.corrupt(digits, pattern, normals(sources(40, 1))) - level.mean(digits, pattern)
    b = np.sin(0.2 * np.pi) if kind is Kind.GAUSSIAN else 0.0
    assert rest.std() == pytest.approx(np.hypot(b, 0.07), rel=4 / np.sqrt(2 * rest.size)) and level.noise == np.hypot(b, 0.07)


@kinds
@pytest.mark.parametrize("sigma", [0.0, 0.05])
def test_the_posterior_is_bayes_rule_written_out(kind, sigma):
    """Against scipy's densities, point by point and picture by picture, over the points that are seen."""
    known, level, digits = picture_set(30).pictures, Level(kind, 0.7, sigma), clean(4)
    pattern = patterns(kind, sources(4))
    x = level.corrupt(digits, pattern, normals(sources(4, 1)))
    logs = np.zeros((4, 30))
    for n, i in np.ndindex(4, 30):
        seen = ~level.hidden(pattern[n]) if kind.masks else np.ones((28, 28), bool)
        mean = level.mean(known[i : i + 1], pattern[n : n + 1])[0]
        logs[n, i] = stats.norm.logpdf(x[n], mean, max(level.noise, LEAST))[seen].sum()
    wanted = special.softmax(logs, axis=1)
    found = Posterior(known, level)
    assert found.weights(x, pattern) == pytest.approx(wanted, abs=1e-9)
    assert found.mean(x, pattern) == pytest.approx(np.einsum("ni,ihw->nhw", wanted, known), abs=1e-8)


def test_draws_have_the_posteriors_shares():
    known, level = picture_set(20).pictures, Level(Kind.GAUSSIAN, 0.97)
    x = level.corrupt(known[:1], np.empty(0), normals(sources(1))).repeat(3000, 0)
    shares = Posterior(known, level).weights(x[:1], np.empty(0))[0]
    drawn = Posterior(known, level).draw(x, np.empty(0), sources(3000, 2))
    counts = (np.abs(drawn[:, None] - known).max((2, 3)) == 0).sum(0)
    is_likely = shares > 0.005
    assert counts.sum() == 3000 and is_likely.sum() >= 3
    expected = np.append(shares[is_likely], shares[~is_likely].sum()) * 3000
    assert stats.chisquare(np.append(counts[is_likely], counts[~is_likely].sum()) + 1e-9, expected + 1e-9).pvalue > 1e-4


def test_without_anything_to_see_the_posterior_is_the_mean_of_the_set():
    known, pattern = picture_set(50).pictures, patterns(Kind.RANDOM_MASK, sources(1))
    x = Level(Kind.RANDOM_MASK, 1.0).corrupt(known[:1], pattern, 0.0)
    assert Posterior(known, Level(Kind.RANDOM_MASK, 1.0)).mean(x, pattern)[0] == pytest.approx(known.mean(0), abs=1e-12)


@kinds
@shares
def test_with_exact_draws_every_rule_has_the_law_of_the_set(kind, share):
    """Five steps, ten pictures, each as likely at the end as at the start: a chi-square test of 800 walks."""
    known, sigma = picture_set(10).pictures, 0.3
    walk = started(known[np.arange(800) % 10], Level(kind, 1.0, sigma), sources(800), share)
    descend([walk], Exact(known, draws=True), evenly(kind, 5, sigma))
    counts = (np.abs(walk.x[:, None] - known).max((2, 3)) == 0).sum(0)
    assert counts.sum() == 800 and stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("kind", [Kind.BLUR, Kind.PIXELATE], ids=lambda kind: kind.value)
@pytest.mark.parametrize("sigma", [0.0, 0.05])
def test_the_improved_rule_is_cold_diffusions(kind, sigma):
    now, after, digits, guess = Level(kind, 0.6, sigma), Level(kind, 0.4, sigma), clean(), clean()[::-1]
    walk = started(digits, now, sources(6), 0.0)
    wanted = walk.x - now.mean(guess) + after.mean(guess)
    walk.back(guess, now, after)
    assert walk.x == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])  # at 1 diffusers takes the root of what float32 rounds
def test_the_rules_of_gaussian_noise_are_diffusers_ddim(share):
    """DDIMScheduler on the same alpha_bar, its eta chosen so that its noise is s b_{t-1}."""
    t = np.linspace(0.1, 0.9, 9)
    alpha_bar = np.cos(np.pi * t / 2) ** 2
    before = np.append(1.0, alpha_bar[:-1])
    peer = DDIMScheduler(9, trained_betas=1 - alpha_bar / before, clip_sample=False, prediction_type="sample")
    peer.set_timesteps(9)
    for k in range(1, 9):
        now, after = Level(Kind.GAUSSIAN, t[k]), Level(Kind.GAUSSIAN, t[k - 1])
        walk, guess = started(clean(), now, sources(6), share), clean()[::-1].copy()
        eta = share * after.noise / np.sqrt((1 - before[k]) / (1 - alpha_bar[k]) * (1 - alpha_bar[k] / before[k]))
        again = started(clean(), now, sources(6), share).sources
        noise = torch.from_numpy(normals(again))
        wanted = peer.step(torch.from_numpy(guess), k, torch.from_numpy(walk.x), eta=float(eta), variance_noise=noise)
        walk.back(guess, now, after)
        assert walk.x == pytest.approx(wanted.prev_sample.numpy(), abs=2e-6)


@kinds
def test_the_naive_rule_corrupts_the_guess_anew(kind):
    now, after, guess = Level(kind, 0.6, 0.05), Level(kind, 0.4, 0.05), clean()
    walk = started(clean()[::-1], now, sources(6), 1.0)
    twin = started(clean(), now, sources(6), 1.0)  # other digits, the same random numbers
    walk.back(guess, now, after)
    twin.back(guess, now, after)
    assert np.array_equal(walk.x, twin.x), "what x_t was is forgotten"
    rest = walk.x - after.mean(guess, walk.pattern)
    assert rest.std() == pytest.approx(after.noise, rel=4 / np.sqrt(2 * rest.size))


@masks
def test_improved_what_is_seen_stays_and_holes_are_filled_at_their_rate(kind):
    digits = clean(1).repeat(300, 0)
    now, after = Level(kind, 0.8), Level(kind, 0.6)
    walk = started(digits, now, sources(300), 0.0)
    hidden, guess = now.hidden(walk.pattern), np.full_like(digits, 0.25)
    walk.back(guess, now, after)
    assert np.array_equal(walk.x[~hidden], digits[~hidden])
    filled = hidden & (walk.x == 0.25)
    count = hidden.sum() / (64 if kind is Kind.BLOCK_MASK else 1)  # blocks fall together
    assert filled.sum() / hidden.sum() == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / count))
    assert np.all(walk.x[hidden & ~filled] == 0)


@masks
@shares
def test_masks_keep_their_law_under_every_rule(kind, share):
    walk = started(clean(1).repeat(300, 0), Level(kind, 0.8), sources(300), share)
    walk.back(clean(1).repeat(300, 0), Level(kind, 0.8), Level(kind, 0.5))
    count = walk.pattern.size / (64 if kind is Kind.BLOCK_MASK else 1)
    assert (walk.pattern < 0.5).mean() == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / count))
    assert np.all((walk.x == 0) == (walk.pattern < 0.5))


def test_a_digit_is_the_same_among_any_number():
    known = picture_set(50).pictures
    for share in (fresh_share(rule, 0.5) for rule in Rule):
        few, many = (started(known[:n], Level(Kind.BLUR, 1.0, 0.02), sources(n), share) for n in (2, 9))
        for walk in (few, many):
            descend([walk], Exact(known, draws=False), evenly(Kind.BLUR, 4, 0.02))
        assert few.x == pytest.approx(many.x[:2], abs=1e-9)


def test_the_last_step_returns_the_prediction():
    walk, guess = Walk(0.5, clean(), np.empty(0), sources(6)), clean()[::-1]
    walk.back(guess, Level(Kind.BLUR, 0.1, 0.1), Level(Kind.BLUR, 0.0, 0.1))
    assert np.array_equal(walk.x, guess)


def test_ssim_is_that_of_a_gaussian_filter():
    """scipy.ndimage with the window of the paper, cut where it would reach beyond the picture."""
    one, two = clean(), Level(Kind.BLUR, 0.3).mean(clean())

    def smooth(picture):
        return ndimage.gaussian_filter(picture, 1.5, radius=5)[5:-5, 5:-5]

    for x, y, found in zip(one, two, ssim(one, two), strict=True):
        mx, my = smooth(x), smooth(y)
        cov, vx, vy = smooth(x * y) - mx * my, smooth(x * x) - mx**2, smooth(y * y) - my**2
        c1, c2 = 0.02**2, 0.06**2
        wanted = ((2 * mx * my + c1) * (2 * cov + c2)) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
        assert found == pytest.approx(wanted.mean(), abs=1e-12)
    assert ssim(one, one) == pytest.approx(1) and np.all(ssim(one, two) < 0.999)


def test_ssim_of_flat_pictures_is_a_formula():
    one, two = np.full((1, 28, 28), 0.5), np.full((1, 28, 28), -0.2)
    assert ssim(one, two)[0] == pytest.approx((2 * 0.5 * -0.2 + 0.0004) / (0.25 + 0.04 + 0.0004))


def test_outcomes_are_counted():
    base = clean(3)
    pictures = np.concatenate([base, base + 0.9 * APART, base - 1.1 * APART])
    assert outcomes(pictures).tolist() == [0, 1, 2, 0, 1, 2, 3, 4, 5] and distinct(pictures) == 6
    assert distinct(base[:1]) == 1 == distinct(base[:1].repeat(4, 0))
    assert errors(base + 0.5, base) == pytest.approx(0.25)


def test_training_draws_every_strength_and_everything_from_its_generator():
    t = times(20_000, np.random.default_rng(0))
    ends = (t == 1).mean()
    assert ends == pytest.approx(AT_THE_END, abs=4 * np.sqrt(AT_THE_END / 20_000)) and 0 <= t.min() < 0.01
    task = corrupted(clean(200).repeat(4, 0)[:200], t[:200], np.random.default_rng(1))
    assert set(task.kinds.tolist()) == set(range(len(Kind))) and task.corrupted.dtype == torch.float32
    model = RECIPE.new()
    one, again, other = (RECIPE.loss(model, RECIPE.noise_of(step)).item() for step in (0, 0, 1))
    assert one == again != other
