"""All methods of lora_matrix as one program against the same run one after another, each as a peft module in plain PyTorch.

What peft does not have (projections of the gradient) counts as a bare linear layer, which is less than it would take.
"""

import statistics
from collections.abc import Iterator
from time import perf_counter

import torch
from peft import LoraConfig, get_peft_model
from torch import nn

from core.lora.matrix import KEY_FRAMES, Params, compute, even, problem_of, recipe_of
from core.lora.methods import NAMES, PRODUCTS
from core.lora.problem import ROWS, Problem
from core.lora.program import Recipe, train

OURS, THEIRS = 10, 3  # runs
WANTED = 8.0
FROZEN = {"frozen_a": "lora_A", "frozen_b": "lora_B"}
STARTS = {"pissa": "pissa", "olora": "olora", "orthogonal": "orthogonal"}


class Bare(nn.Module):
    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.layer = nn.Linear(*problem.shape, bias=False)
        self.layer.weight.data = torch.tensor(problem.pretrained.T.copy(), dtype=torch.float32)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)


def module(name: str, problem: Problem, recipe: Recipe) -> nn.Module:
    """As peft makes it; methods that differ only in what happens on the way are its default."""
    if name not in (*PRODUCTS, "frozen_a", "frozen_b"):
        return Bare(problem)
    more = {"init_lora_weights": STARTS[name]} if name in STARTS else {}
    flags = {"use_rslora": name == "rslora", "use_dora": name == "dora"}
    config = LoraConfig(r=recipe.rank, lora_alpha=recipe.rank, target_modules=["layer"], **flags, **more)
    model = get_peft_model(Bare(problem), config)
    for key, value in model.named_parameters():
        value.requires_grad_(value.requires_grad and FROZEN.get(name, "nothing") not in key)
    return model


def one_after_another(problem: Problem, recipe: Recipe) -> Iterator[float]:
    """Final losses, a method at a time."""
    X = torch.tensor(problem.data, dtype=torch.float32)
    Y = torch.tensor(problem.data @ (problem.pretrained + problem.change), dtype=torch.float32)
    for name in NAMES:
        model = module(name, problem, recipe)
        kind = torch.optim.Adam if recipe.optimiser == "adam" else torch.optim.SGD
        optimiser = kind([each for each in model.parameters() if each.requires_grad], lr=recipe.learning_rate)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, recipe.share)
        for _ in range(recipe.steps):
            optimiser.zero_grad()
            loss = ((model(X) - Y) ** 2).sum() / (2 * ROWS)
            loss.backward()
            optimiser.step()
            schedule.step()
        yield loss.item() / problem.start


def seconds(run, *given) -> float:
    started = perf_counter()
    run(*given)
    return perf_counter() - started


def ratio(p: Params) -> str:
    """Both in turn on unseen seeds."""
    ours, theirs = [], []
    for i in range(THEIRS):
        fresh = p.replace(seed=1000 + i)
        problem, recipe = problem_of(fresh), recipe_of(fresh)
        theirs.append(seconds(list, one_after_another(problem, recipe)))
        ours += [seconds(train, problem, recipe, even(recipe.steps, KEY_FRAMES)) for _ in range(OURS // THEIRS)]
    mine, peer = statistics.median(ours), statistics.median(theirs)
    return f"{1000 * mine:.1f} ms against {1000 * peer:.0f} ms, ratio {peer / mine:.1f} (wanted {WANTED:g})"


def main() -> None:
    torch.set_num_threads(1)
    print(f"lora: {len(NAMES)} methods, one program against one after another")
    compute(Params())
    for optimiser in ("adam", "sgd"):
        print(f"  {optimiser}: {ratio(Params(optimiser=optimiser))}", flush=True)
    largest = Params(rank=12, inputs=32, outputs=32, steps=200)
    print(f"  largest settings: {ratio(largest)}")
    whole = [seconds(compute, Params(seed=seed)) for seed in range(2000, 2000 + OURS)]
    corner = [seconds(compute, largest.replace(seed=seed)) for seed in range(2000, 2000 + OURS)]
    said = [f"{1000 * statistics.median(each):.1f} ms" for each in (whole, corner)]
    print(f"  lora_matrix computes in {said[0]} at its defaults, {said[1]} at its largest settings (live: below 150)")


if __name__ == "__main__":
    main()
