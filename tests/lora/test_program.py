"""All methods as one program against each of them written out alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.lora.laws import Law
from core.lora.methods import NAMES, PRODUCTS, PROJECTIONS
from core.lora.problem import make
from core.lora.program import EXPLODED, Program, Recipe, train
from core.lora.spectra import PowerLaw

PROBLEM = make(PowerLaw(), 12, 10, 4.0, 1)
GOAL = PROBLEM.pretrained + PROBLEM.change
PLAIN = ("lora", "lora_b", "lora_both", "rslora", "pissa", "olora", "orthogonal", "lora_ga", "lora_plus")
RECIPES = [Recipe(3, 0.05, "sgd", steps=40), Recipe(3, 0.03, "adam", scale=1.5, law=Law.UNIFORM, steps=40, cool=False)]


def torch_optimiser(recipe: Recipe, groups):
    kind = torch.optim.Adam if recipe.optimiser == "adam" else torch.optim.SGD
    return kind([{"params": [each], "lr": rate} for each, rate in groups])


def alone(recipe: Recipe, weights, groups) -> np.ndarray:
    """Losses of a torch run with autograd: weights() from tensors, groups of (tensor, learning rate)."""
    optimiser, root, losses = torch_optimiser(recipe, groups), torch.tensor(PROBLEM.root), []
    rates = [group["lr"] for group in optimiser.param_groups]
    for t in range(recipe.steps + 1):
        optimiser.zero_grad()
        loss = 0.5 * ((root @ (weights() - torch.tensor(GOAL))) ** 2).sum()
        losses.append(loss.item() / PROBLEM.start)
        loss.backward()
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * recipe.share(t)
        optimiser.step()
    return np.array(losses)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.optimiser)
@pytest.mark.parametrize("name", ["full", *PLAIN])
def test_a_stacked_run_is_the_run_alone(name, recipe):
    together = train(PROBLEM, recipe, ()).losses[:, NAMES.index(name)]
    program, rate = Program(PROBLEM, recipe), recipe.learning_rate
    if name == "full":
        W = torch.tensor(PROBLEM.pretrained, requires_grad=True)
        np.testing.assert_allclose(together, alone(recipe, lambda: W, [(W, rate)]), rtol=1e-9, atol=1e-14)
        return
    i = PRODUCTS.index(name)
    base, scale = torch.tensor(program.products.base[i]), program.products.scales[i, 0, 0]
    A, B = (torch.tensor(each[i].copy(), requires_grad=True) for each in program.products.first)
    other = rate * (recipe.ratio if name == "lora_plus" else 1)
    losses = alone(recipe, lambda: base + scale * A @ B, [(A, rate), (B, other)])
    np.testing.assert_allclose(together, losses, rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.optimiser)
@pytest.mark.parametrize("name", ["frozen_a", "frozen_b", "additive", "projection_fixed"])
def test_a_stacked_projection_is_the_run_alone(name, recipe):
    together = train(PROBLEM, recipe, ()).losses[:, NAMES.index(name)]
    program, i = Program(PROBLEM, recipe), PROJECTIONS.index(name)
    K, J = (torch.tensor(each[i].copy()) for each in program.sides)
    scale, W0 = program.projections.scales[i, 0, 0], torch.tensor(PROBLEM.pretrained)
    A, B = torch.zeros_like(K, requires_grad=True), torch.zeros_like(J, requires_grad=True)
    groups = [(A, recipe.learning_rate), (B, recipe.learning_rate)]
    losses = alone(recipe, lambda: W0 + scale * (A @ J + K @ B), groups)
    np.testing.assert_allclose(together, losses, rtol=1e-8, atol=1e-14)


def galore(recipe: Recipe) -> np.ndarray:
    """SGD on the gradient's projection onto its own leading singular vectors, on the side of the smaller dimension."""
    W, losses = PROBLEM.pretrained.copy(), []
    for t in range(recipe.steps + 1):
        G = PROBLEM.covariance @ (W - GOAL)
        losses.append(float(PROBLEM.losses(W)))
        if t % recipe.refresh == 0:
            right = np.linalg.svd(G)[2][: recipe.rank]
        W = W - recipe.learning_rate * recipe.share(t) * (G @ right.T) @ right
    return np.array(losses)


def test_galore_is_its_definition():
    recipe = replace(RECIPES[0], refresh=7)
    np.testing.assert_allclose(train(PROBLEM, recipe, ()).losses[:, NAMES.index("galore")], galore(recipe), rtol=1e-9)


def test_galore_projects_on_the_smaller_side():
    """Eckart and Young: what its first step leaves of the gradient is the energy after the first r singular values."""
    for shape in ((12, 10), (10, 12)):
        problem = make(PowerLaw(), *shape, 4.0, 1)
        recipe = replace(RECIPES[0], steps=50)
        weights = train(problem, recipe, (0, 1)).weights[:, NAMES.index("galore")]
        G = -problem.covariance @ problem.change
        moved = (weights[0] - weights[1]) / recipe.learning_rate
        values = np.linalg.svd(G, compute_uv=False)
        assert np.sum((G - moved) ** 2) == pytest.approx(np.sum(values[recipe.rank :] ** 2), rel=1e-9)


def test_a_fresh_projection_doubles_the_gradient_on_average():
    """The article's form, rank 1: the first step over many seeds, each entry within 5 standard errors of -2 eta G."""
    recipe = Recipe(1, 0.01, "sgd", steps=50)
    i, G = NAMES.index("projection_fresh"), -PROBLEM.covariance @ PROBLEM.change
    moves = []
    for seed in range(300):
        program = Program(PROBLEM, replace(recipe, seed=seed))
        before = program.look()[i].copy()
        program.step(PROBLEM.covariance @ (program.weights - GOAL), np.ones(len(NAMES), bool))
        moves.append((program.look()[i] - before) / recipe.learning_rate)
    mean, error = np.mean(moves, 0), np.std(moves, 0) / np.sqrt(len(moves))
    assert (np.abs(mean + 2 * G) <= 5 * error).all()


def test_relora_grows_in_rank_with_every_restart():
    recipe = replace(RECIPES[1], steps=60, restarts=2)
    frames = (0, 20, 40, 60)
    weights = train(PROBLEM, recipe, frames).weights[:, NAMES.index("relora")]
    ranks = [int(np.linalg.matrix_rank(each - PROBLEM.pretrained, tol=1e-10)) for each in weights]
    assert ranks == [0, 3, 6, 9]


def test_every_method_begins_at_the_pretrained_weights():
    weights = train(PROBLEM, RECIPES[1], (0,)).weights[0]
    np.testing.assert_allclose(weights, np.broadcast_to(PROBLEM.pretrained, weights.shape), atol=1e-13)


@pytest.mark.parametrize("rate", [1.9, 2.1])
def test_full_fine_tuning_diverges_beyond_two_over_the_largest_eigenvalue(rate):
    training = train(PROBLEM, Recipe(2, rate, "sgd", steps=1000, cool=False), (1000,))
    assert training.diverged[NAMES.index("full")] == (rate > 2)
    assert np.isfinite(training.losses).all() and np.isfinite(training.weights).all()
    assert training.losses.max() <= EXPLODED


def test_one_method_that_diverges_leaves_the_others_alone():
    calm, wild = (train(PROBLEM, replace(RECIPES[0], ratio=ratio), ()) for ratio in (1.0, 1e4))
    plus = NAMES.index("lora_plus")
    assert wild.diverged[plus] and not calm.diverged[plus]
    others = [i for i in range(len(NAMES)) if i != plus]
    np.testing.assert_array_equal(calm.losses[:, others], wild.losses[:, others])


def test_rows_of_a_batch_are_unbiased_and_few_of_them_differ():
    whole, few = (train(PROBLEM, replace(RECIPES[0], batch=batch), ()).losses[:, 0] for batch in (128, 8))
    assert not np.allclose(whole, few) and few[-1] < 0.5 * few[0]
