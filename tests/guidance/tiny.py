"""Small diffusers pipelines with random weights, as save_pretrained writes them."""

import json
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DiTPipeline,
    DiTTransformer2DModel,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def class_conditional(folder: Path, scheduler=None, classes: int = 1000) -> Path:
    """A DiTPipeline; the library's own call takes 1000 as no class, so that many classes."""
    torch.manual_seed(0)
    transformer = DiTTransformer2DModel(
        num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=2, sample_size=8, patch_size=2,
        num_embeds_ada_norm=classes, norm_elementwise_affine=False,
    )  # fmt: skip
    shaken(transformer)
    pipe = DiTPipeline(transformer, decoder(), scheduler or DDIMScheduler(clip_sample=False))
    pipe.save_pretrained(folder, safe_serialization=True)
    return folder


def text_to_image(folder: Path, scheduler=None) -> Path:
    """A StableDiffusionPipeline that spells its prompt."""
    torch.manual_seed(1)
    unet = UNet2DConditionModel(
        sample_size=8, block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, cross_attention_dim=16,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=4,
    )  # fmt: skip
    shaken(unet)
    tokenizer = speller(folder.parent / f"{folder.name}_tokenizer")
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2, "num_hidden_layers": 2, "projection_dim": 16}
    text = CLIPTextModel(
        CLIPTextConfig(**sizes, vocab_size=len(tokenizer), max_position_embeddings=77, bos_token_id=0, eos_token_id=1)
    )
    parts = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    steps = scheduler or DDIMScheduler(clip_sample=False, steps_offset=1)
    pipe = StableDiffusionPipeline(decoder(), text, tokenizer, unet, steps, **parts)
    pipe.save_pretrained(folder, safe_serialization=True)
    return folder


def decoder() -> AutoencoderKL:
    return AutoencoderKL(block_out_channels=(8, 8), norm_num_groups=4, down_block_types=("DownEncoderBlock2D",) * 2,
                         up_block_types=("UpDecoderBlock2D",) * 2)  # fmt: skip


def shaken(network: torch.nn.Module) -> None:
    """Some layers begin at zero, and then a condition would change nothing."""
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.1 * torch.randn_like(weight))


def speller(folder: Path) -> CLIPTokenizer:
    """A tokenizer whose words are letters."""
    folder.mkdir(parents=True)
    tokens = ["<|startoftext|>", "<|endoftext|>", *LETTERS, *(f"{letter}</w>" for letter in LETTERS)]
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)
