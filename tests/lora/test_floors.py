"""The floors: nothing in the set goes below them, and something in the set reaches them."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from core.lora import accounts, floors
from core.lora.methods import NAMES
from core.lora.problem import make
from core.lora.program import Recipe, train
from core.lora.spectra import LowRank, PowerLaw

PROBLEM = make(PowerLaw(), 12, 9, 16.0, 3)


def lbfgs(problem, r: int, offset: np.ndarray, seed: int = 0) -> float:
    """The least loss of W0 - offset + A B that L-BFGS finds from random factors."""
    n, m = problem.shape
    root, goal = torch.tensor(problem.root), torch.tensor(problem.change + offset)

    def value(x: np.ndarray) -> tuple[float, np.ndarray]:
        x = torch.tensor(x, requires_grad=True)
        A, B = x[: n * r].reshape(n, r), x[n * r :].reshape(r, m)
        loss = 0.5 * ((root @ (A @ B - goal)) ** 2).sum()
        loss.backward()
        return loss.item(), x.grad.numpy()

    start = np.random.default_rng(seed).standard_normal(n * r + r * m)
    return minimize(value, start, jac=True, method="L-BFGS-B", options={"maxiter": 20000, "ftol": 1e-15, "gtol": 1e-10}).fun


@pytest.mark.parametrize("r", [1, 2, 4])
def test_lora_trained_to_convergence_reaches_reduced_rank_regression(r):
    floor = floors.reduced_rank(PROBLEM.root, PROBLEM.change, r)
    assert lbfgs(PROBLEM, r, np.zeros(PROBLEM.shape)) == pytest.approx(floor, rel=1e-8)
    best = floors.best_of_rank(PROBLEM.root, PROBLEM.change, r)
    assert np.linalg.matrix_rank(best) == r
    assert PROBLEM.losses(PROBLEM.pretrained + best) * PROBLEM.start == pytest.approx(floor, rel=1e-12)


def test_the_plain_svd_of_the_change_misses_it():
    left, values, right = np.linalg.svd(PROBLEM.change)
    plain = (left[:, :3] * values[:3]) @ right[:3]
    loss = PROBLEM.losses(PROBLEM.pretrained + plain) * PROBLEM.start
    assert loss > 1.02 * floors.reduced_rank(PROBLEM.root, PROBLEM.change, 3)


@pytest.mark.parametrize("name", ["lora_both", "pissa", "olora", "lora_ga"])
def test_a_corrected_start_has_its_own_floor(name):
    recipe = Recipe(rank=2, learning_rate=0.03)
    training = train(PROBLEM, recipe, ())
    offset = training.offsets[NAMES.index(name) - 1]
    assert lbfgs(PROBLEM, 2, offset) / PROBLEM.start == pytest.approx(accounts.floor(name, PROBLEM, recipe, training), rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 4), st.booleans(), st.booleans())
def test_a_linear_floor_is_that_of_least_squares(seed, r, left, right):
    rng = np.random.default_rng(seed)
    n, m = 7, 6
    root, change = np.linalg.cholesky(np.cov(rng.standard_normal((n, 40)))).T, rng.standard_normal((n, m))
    K, J = rng.standard_normal((n, r)) * left, rng.standard_normal((r, m)) * right
    columns = [np.kron(root, J.T), np.kron(root @ K, np.eye(m))]  # of vec(R (A J + K B)), rows first
    design, wanted = np.hstack(columns), (root @ change).ravel()
    rest = wanted - design @ np.linalg.lstsq(design, wanted, rcond=None)[0]
    assert floors.linear(root, change, K, J) == pytest.approx(0.5 * float(rest @ rest), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("r", [1, 2, 3])
def test_the_additive_form_leaves_what_double_centring_leaves(r):
    """With even data, block by block: D[p::r, q::r] less its row and column means plus its mean."""
    n, m = 12, 9
    change = np.random.default_rng(r).standard_normal((n, m))
    K, J = np.eye(r)[np.arange(n) % r], np.eye(r)[:, np.arange(m) % r]
    blocks = [change[p::r, q::r] for p in range(r) for q in range(r)]
    left = [b - b.mean(0) - b.mean(1, keepdims=True) + b.mean() for b in blocks]
    assert floors.linear(np.eye(n), change, K, J) == pytest.approx(0.5 * sum(float(np.sum(b**2)) for b in left), rel=1e-12)


def test_so_many_serial_loras_make_full_fine_tuning():
    """ceil(min(n, m) / r) of them: the floor of k restarts is zero from there on, and not before."""
    r, full = 2, min(PROBLEM.shape)
    training = train(PROBLEM, Recipe(r, 0.03, steps=60), ())
    known = [accounts.floor("relora", PROBLEM, Recipe(r, 0.03, restarts=k), training) for k in range(1, 6)]
    needed = -(-full // r) - 1
    assert all(each > 1e-4 for each in known[: needed - 1]) and max(known[needed - 1 :]) < 1e-25
    assert sorted(known, reverse=True) == known


@pytest.mark.parametrize(("optimiser", "rate"), [("adam", 0.03), ("sgd", 0.2)])
@pytest.mark.parametrize("spectrum", [PowerLaw(), LowRank(true_rank=2)])
@pytest.mark.parametrize("rank", [1, 2, 4])
def test_no_method_ever_goes_below_its_floor(optimiser, rate, spectrum, rank):
    problem = make(spectrum, 16, 12, 4.0, rank)
    recipe = Recipe(rank, rate, optimiser, steps=120)
    training = train(problem, recipe, ())
    found, known = accounts.every_floor(problem, recipe, training)
    assert known.sum() == len(NAMES) - 1 and not known[NAMES.index("dora")]
    assert (training.losses >= np.where(known, found, 0) - 1e-12).all()


def test_what_cannot_be_reached_from_lora_may_lie_below_it():
    """DoRA and ReLoRA end below LoRA's floor; PiSSA's and the both-random start's lie above it."""
    problem = make(PowerLaw(), 24, 20, 4.0, 0)
    recipe = Recipe(4, 0.03, steps=200)
    training = train(problem, recipe, ())
    found, _ = accounts.every_floor(problem, recipe, training)
    ended, floor = dict(zip(NAMES, training.losses[-1], strict=True)), dict(zip(NAMES, found, strict=True))
    assert max(ended["dora"], ended["relora"]) < floor["lora"] < min(floor["pissa"], floor["lora_both"])
