"""All adapters of lora_digits as one program against the same runs one after another, in two ways.

peft: each adapter as a peft model of the whole recogniser in plain PyTorch, as one would write it. alone: each in the
program of this house by itself, given what the trunk sees as all of them together are: what is left is the gain of training
them together.
"""

import statistics
from collections.abc import Iterator
from time import perf_counter, process_time

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from torch import nn
from torch.nn.functional import cross_entropy

from core.lora.digits import data
from core.lora.digits.adapters import Adapter, compared
from core.lora.digits.experiment import compute
from core.lora.digits.finetuning import recipe
from core.lora.digits.layers import cut
from core.lora.digits.params import DENSE, FIRST, Params
from core.lora.digits.program import Program
from core.lora.digits.reading import Part, joined, parts

RUNS, WANTED = 3, 4.0
STEPS = {"head": 60, "last": 20, "late": 20}
MODULES = ("convolutions.0", "convolutions.1", "convolutions.2", "convolutions.3", "convolutions.4", "projection", "classes")


def program(p: Params, adapters: list[Adapter], learnt: Part) -> Program:
    return Program(cut(p.network, p.layers), recipe(p), adapters, *learnt)


def together(p: Params, learnt: Part) -> None:
    list(program(p, compared(p), learnt).run())


def alone(p: Params, learnt: Part) -> None:
    for each in compared(p):
        list(program(p, [each], learnt).run())


def seen(p: Params) -> Part:
    return joined(parts(cut(p.network, p.layers), data.to_learn(p)))


def model_of(p: Params, each: Adapter) -> nn.Module:
    """A method that peft does not have counts as the bare network with the same weights trained, which is less work."""
    network, targets = cut(p.network, p.layers).network, list(MODULES[FIRST[p.layers] :])
    if each.method in DENSE:
        for name in targets:
            network.get_submodule(name).weight.requires_grad_()
        return network
    plain = {"r": each.at_once, "lora_alpha": p.alpha, "use_rslora": each.method == "rslora"}
    return get_peft_model(network, LoraConfig(target_modules=targets, **plain))


def peft(p: Params) -> Iterator[float]:
    """The last loss of every adapter."""
    learnt, plan = data.to_learn(p), recipe(p)
    pictures, labels = torch.from_numpy(learnt.pictures), torch.from_numpy(learnt.labels)
    for each in compared(p):
        model, order = model_of(p, each), np.random.default_rng((p.seed, 1))
        optimiser = torch.optim.Adam([value for value in model.parameters() if value.requires_grad], lr=plan.rate)
        for _ in range(p.steps):
            rows = torch.from_numpy(order.choice(len(labels), p.batch, replace=False))
            loss = cross_entropy(model(pictures[rows]), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        yield loss.item()


def cost(run, *given) -> tuple[float, float]:
    """(seconds of the wall, of the processor)."""
    wall, cpu = perf_counter(), process_time()
    run(*given)
    return perf_counter() - wall, process_time() - cpu


def ratios(p: Params) -> str:
    """All three in turn; on a busy machine the processor's seconds tell more than the wall's."""
    found = {"together": [], "alone": [], "peft": []}
    for seed in range(RUNS):
        fresh = p.replace(seed=1000 + seed)
        learnt = seen(fresh)
        found["together"].append(cost(together, fresh, learnt))
        found["alone"].append(cost(alone, fresh, learnt))
        found["peft"].append(cost(list, peft(fresh)))
    wall, cpu = ({name: statistics.median(pair[k] for pair in each) for name, each in found.items()} for k in (0, 1))
    said = ", ".join(
        f"{name} {wall[name] / wall['together']:.1f} (wall) {cpu[name] / cpu['together']:.1f} (processor)"
        for name in ("peft", "alone")
    )
    return f"{wall['together']:.2f} s together; one after another over it: {said}; wanted {WANTED:g}"


def first_point(p: Params) -> str:
    """Seconds to the first accuracy, and of the whole run."""
    started = perf_counter()
    times = [perf_counter() - started for _ in compute(p)]
    return f"first accuracy after {times[1]:.2f} s, {100 * times[1] / times[-1]:.1f} % of the run of {times[-1]:.1f} s"


def main() -> None:
    torch.set_num_threads(1)  # more of them wait for each other wherever another program is at work
    for layers, steps in STEPS.items():
        p = Params(layers=layers, steps=steps)
        together(p.replace(steps=20), seen(p))
        print(f"lora_digits, {layers}, {len(compared(p))} adapters, {steps} steps: {ratios(p)}", flush=True)
    print(f"lora_digits at its defaults: {first_point(Params(seed=2000))}")


if __name__ == "__main__":
    main()
