"""The networks: the fold is only another order, an adapter goes through a file, a resumed training is the same training."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model_state_dict

from core import shipping
from core.digits import manifest, weights
from core.digits.networks import DigitNet, fold, new_denoiser, unfold
from core.digits.recipes import RECIPES, denoising, on_digits, recognising, recognising_noised
from core.guidance.digits.network import Denoiser
from core.lora.diffusion.network import Merged
from core.training import Recipe, Training
from core.udm.restoration import restorer
from core.udm.restoration.forward import Kind, Level


def test_fold_is_undone_by_unfold_and_keeps_neighbours_together():
    pictures = torch.randn(3, 28, 28)
    folded = fold(pictures)
    assert folded.shape == (3, 4, 14, 14) and torch.equal(unfold(folded), pictures)
    assert torch.equal(folded[0, :, 2, 5], pictures[0, 4:6, 10:12].flatten())


def tiny(noisy=False, **more) -> Recipe:
    loss = recognising_noised if noisy else recognising
    return Recipe(lambda: DigitNet(8, 8, noisy=noisy, **more), on_digits(loss, 8), steps=6)


def tiny_denoiser() -> Recipe:
    return replace(RECIPES["denoiser"], new=lambda: new_denoiser((16, 32)), loss=on_digits(denoising, 4), steps=6)


@pytest.mark.parametrize("recipe", [tiny(), tiny(normalisation="batch"), tiny(noisy=True), tiny_denoiser()])
def test_a_resumed_training_is_the_uninterrupted_one(recipe, tmp_path):
    whole = Training(recipe, tmp_path / "whole.safetensors")
    losses = [whole.advance() for _ in range(6)]
    first = Training(recipe, tmp_path / "parts.safetensors")
    for _ in range(3):
        first.advance()
    first.save()
    second = Training(recipe, tmp_path / "parts.safetensors")
    second.load()
    assert second.step == 3 and [second.advance() for _ in range(3)] == pytest.approx(losses[3:], rel=1e-6)
    for one, other in zip(whole.mean.state_dict().values(), second.mean.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other)


def test_an_adapter_on_the_shipped_denoiser_survives_a_file(tmp_path):
    x, level, labels = torch.randn(2, 4, 14, 14), torch.full((2,), 300.0), torch.tensor([3, 10])
    folder = (manifest.ASSETS / weights.asset("denoiser")).parent
    plain, tuned, again = (weights.read("denoiser", folder) for _ in range(3))
    tuned.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_v"], init_lora_weights=False))
    expected = tuned(x, level, None, class_labels=labels).sample
    tuned.save_lora_adapter(tmp_path)
    again.load_lora_adapter(tmp_path, prefix=None, use_safetensors=True)
    names = [next(iter(each.peft_config)) for each in (tuned, again)]
    saved, loaded = (get_peft_model_state_dict(m, adapter_name=name) for m, name in zip((tuned, again), names, strict=True))
    assert saved and saved.keys() == loaded.keys()
    torch.testing.assert_close(again(x, level, None, class_labels=labels).sample, expected)
    assert not torch.allclose(plain(x, level, None, class_labels=labels).sample, expected, atol=1e-3)


@pytest.mark.parametrize("network", [weights.denoiser, lambda: weights.denoiser("weak_denoiser"), restorer.network])
def test_a_shared_network_comes_in_its_order_and_nobody_turns_it(network):
    """Two threads that turn one at once left weights in the wrong places, in 24 of 60 tries."""
    shared = network()
    places = [each.data_ptr() for each in shared.parameters()]
    kernels = [each for each in shared.parameters() if each.dim() == 4]
    assert kernels and all(each.is_contiguous(memory_format=torch.channels_last) for each in kernels)
    with ThreadPoolExecutor(4) as pool:
        assert all(each is shared for each in pool.map(lambda _: network(), range(8)))
    Denoiser("denoiser")(torch.zeros(1, 28, 28), 1.0, torch.tensor([3]))
    restorer.restore(np.zeros((1, 28, 28)), Level(Kind.BLUR, 0.5))
    Merged()
    assert places == [each.data_ptr() for each in shared.parameters()]


def test_a_network_that_is_here_is_given_while_another_one_is_loaded(monkeypatch):
    """The other one never gets ready in this test."""
    here, asked, go_on = weights.denoiser(), Event(), Event()

    def endless(kind, folder):
        asked.set()
        go_on.wait()

    with ThreadPoolExecutor(2) as visitors:
        monkeypatch.setattr(
            shipping, "_LOADED", {key: kept for key, kept in shipping._LOADED.items() if key[0] is not DigitNet}
        )
        monkeypatch.setattr(shipping, "opened", endless)
        visitors.submit(weights.recogniser, "judge")
        assert asked.wait(10)
        try:
            assert visitors.submit(weights.denoiser).result(10) is here
        finally:
            go_on.set()
