"""A folder with a diffusers pipeline, looked through before anything in it is loaded. Imports no torch.

What is loaded later is what was seen here: classes that this list knows, weights as safetensors alone, sizes with a bound.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

MOST_BYTES = 8 * 2**30  # of all weights: what fits a computer with 16 GB in single precision
MOST_TEXT = 32 * 2**20  # of one settings file or one list of words
MOST_FILES = 2000
MOST_SIDE = 1024  # points of a picture
MOST_CLASSES = 100_000
# Formats that can hold a program, or that only a program in the folder could read.
PICKLES = frozenset(
    {".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle", ".py", ".pyc", ".h5", ".keras", ".msgpack", ".onnx", ".so"}
)

SCHEDULERS = (
    "DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "LMSDiscreteScheduler", "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler",
    "DEISMultistepScheduler", "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "UniPCMultistepScheduler",
)  # fmt: skip
Component = tuple[str, tuple[str, ...]]  # library, classes of it
NEEDED: Mapping[str, Mapping[str, Component]] = {
    "DiTPipeline": {
        "transformer": ("diffusers", ("DiTTransformer2DModel", "Transformer2DModel")),
        "vae": ("diffusers", ("AutoencoderKL",)),
        "scheduler": ("diffusers", SCHEDULERS),
    },
    "StableDiffusionPipeline": {
        "unet": ("diffusers", ("UNet2DConditionModel",)),
        "text_encoder": ("transformers", ("CLIPTextModel",)),
        "tokenizer": ("transformers", ("CLIPTokenizer", "CLIPTokenizerFast")),
        "vae": ("diffusers", ("AutoencoderKL",)),
        "scheduler": ("diffusers", SCHEDULERS),
    },
}
OPTIONAL: Mapping[str, Component] = {
    "safety_checker": ("stable_diffusion", ("StableDiffusionSafetyChecker",)),
    "feature_extractor": ("transformers", ("CLIPImageProcessor", "CLIPImageProcessorPil", "CLIPImageProcessorFast")),
}
WEIGHTLESS = ("scheduler", "tokenizer", "feature_extractor")


class PipelineError(ValueError):
    """What is wrong with a pipeline that somebody named: what it should be, and what was found."""


@dataclass(frozen=True)
class Named:
    """A pipeline that may be loaded."""

    folder: Path
    classes: int  # that can be asked for; 0: it reads a prompt
    side: int  # points of a picture, each way


def read(folder: Path) -> Named:
    """Raises PipelineError with the first thing that is wrong."""
    index = _settings(folder / "model_index.json", folder)
    name = index.get("_class_name")
    if not isinstance(name, str) or name not in NEEDED:
        raise PipelineError(f"{folder} should hold a {' or a '.join(NEEDED)}, not {_short(name)}")
    _check_files(folder)
    _check_parts(folder, index, NEEDED[name])
    if name == "DiTPipeline":
        return Named(folder.resolve(), _classes(folder), _side(folder, "transformer"))
    if find_spec("transformers") is None:
        raise PipelineError("a text-to-image pipeline needs the package transformers to read prompts: pip install transformers")
    return Named(folder.resolve(), 0, _side(folder, "unet"))


def _settings(path: Path, folder: Path) -> dict[str, Any]:
    """A JSON object of the folder."""
    if not folder.is_dir():
        raise PipelineError(f"{folder} should be a folder with a diffusers pipeline; there is none")
    place = path.relative_to(folder)
    if not path.is_file():
        raise PipelineError(f"{folder} should hold {place}, as save_pretrained of diffusers writes it; there is none")
    if path.stat().st_size > MOST_TEXT:
        raise PipelineError(f"{path} should have at most {MOST_TEXT} bytes, not {path.stat().st_size}")
    try:
        found = json.loads(path.read_text("utf8"))
    except ValueError as error:
        raise PipelineError(f"{path} should be JSON: {error}") from None
    if not isinstance(found, dict):
        raise PipelineError(f"{path} should be a JSON object, not {_short(found)}")
    return found


def _check_files(folder: Path) -> None:
    """No format that can hold a program; safetensors that are whole; not too large."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    if len(files) > MOST_FILES:
        raise PipelineError(f"{folder} should hold at most {MOST_FILES} files, not {len(files)}")
    for path in files:
        if path.suffix.lower() in PICKLES:
            place = path.relative_to(folder)
            raise PipelineError(f"{folder} should hold weights as safetensors alone; {place} could run code and is not opened")
    weights = [path for path in files if path.suffix.lower() == ".safetensors"]
    size = sum(path.stat().st_size for path in weights)
    if size > MOST_BYTES:
        raise PipelineError(f"{folder} should hold at most {MOST_BYTES} bytes of weights, not {size}")
    for path in weights:
        try:
            with safe_open(path, "numpy"):
                pass
        except SafetensorError as error:
            raise PipelineError(f"{path} should be a whole safetensors file: {error}") from None


def _check_parts(folder: Path, index: Mapping[str, Any], needed: Mapping[str, Component]) -> None:
    """What is needed is there, and nothing that is not known: a part may name any module that is installed."""
    for part, known in needed.items():
        _check_part(folder, part, index.get(part), known)
    for part in index.keys() - needed.keys():
        if isinstance(index[part], list) and index[part] != [None, None]:
            if part not in OPTIONAL:
                raise PipelineError(f"{folder} should have no part but {', '.join((*needed, *OPTIONAL))}, not {_short(part)}")
            _check_part(folder, part, index[part], OPTIONAL[part])


def _check_part(folder: Path, part: str, found: Any, known: Component) -> None:
    library, classes = known
    if not (isinstance(found, list) and len(found) == 2 and found[0] == library and found[1] in classes):
        raise PipelineError(f"{part} of {folder} should be {' or '.join(classes)} of {library}, not {_short(found)}")
    if not (folder / part).is_dir():
        raise PipelineError(f"{folder} should hold a folder {part}; there is none")
    if part not in WEIGHTLESS and not any((folder / part).glob("*.safetensors")):
        raise PipelineError(f"{folder / part} should hold weights as safetensors; there are none")


def _classes(folder: Path) -> int:
    settings = _settings(folder / "transformer" / "config.json", folder)
    return _whole(settings, "num_embeds_ada_norm", MOST_CLASSES, folder)


def _side(folder: Path, network: str) -> int:
    """Points of a picture: those of the network, and as often doubled as the decoder has levels less one."""
    decoder = _settings(folder / "vae" / "config.json", folder)
    levels = decoder.get("block_out_channels")
    if not (isinstance(levels, list) and 1 <= len(levels) <= 8):
        raise PipelineError(f"block_out_channels of {folder / 'vae'} should be 1 to 8 numbers, not {_short(levels)}")
    side = _whole(_settings(folder / network / "config.json", folder), "sample_size", MOST_SIDE, folder) * 2 ** (
        len(levels) - 1
    )
    if side > MOST_SIDE:
        raise PipelineError(f"pictures of {folder} should have at most {MOST_SIDE} points each way, not {side}")
    return side


def _whole(settings: Mapping[str, Any], name: str, most: int, folder: Path) -> int:
    found = settings.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= most:
        raise PipelineError(f"{name} of {folder} should be a whole number from 1 to {most}, not {_short(found)}")
    return found


def _short(value: Any) -> str:
    return repr(value)[:80]
