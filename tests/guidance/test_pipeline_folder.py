"""What a host names is looked through before it is loaded; what is refused is refused in one clear sentence."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import huggingface_hub
import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from core.faults import ParameterError
from core.guidance.pipeline import __main__ as command
from core.guidance.pipeline import folder as folders
from core.guidance.pipeline import host
from core.guidance.pipeline.folder import PipelineError
from core.guidance.pipeline.models import model_for
from core.guidance.pipeline.params import Params, params_for
from demos._words import texts
from tests.guidance.tiny import class_conditional, text_to_image

ROOT = Path(__file__).parents[2]


@pytest.fixture
def named(tmp_path):
    return class_conditional(tmp_path / "dit", classes=5)


def test_what_a_pipeline_can_be_asked_is_read_without_torch(named, tmp_path):
    found = folders.read(named)
    assert (found.classes, found.side) == (5, 16)
    prompted = folders.read(text_to_image(tmp_path / "sd"))
    assert (prompted.classes, prompted.side) == (0, 16)
    script = "import sys; from core.guidance.pipeline.host import named; named(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, env=os.environ | {host.VARIABLE: str(named)})


def index(folder, **changes):
    path = folder / "model_index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def settings(folder, part, **changes):
    path = folder / part / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


class Evil:
    def __reduce__(self):
        return (os.system, ("false",))


def as_pickle(folder):
    (folder / "vae" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Evil()))


def without_index(folder):
    (folder / "model_index.json").unlink()


def without_weights(folder):
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()


def cut_short(folder):
    path = folder / "vae" / "diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def too_large(folder):
    with (folder / "vae" / "more.safetensors").open("wb") as file:
        file.truncate(folders.MOST_BYTES + 1)  # a sparse file: nothing is written


def too_many(folder):
    (folder / "many").mkdir()
    for i in range(folders.MOST_FILES):
        (folder / "many" / f"{i}.txt").touch()


REFUSED = [
    (as_pickle, r"should hold weights as safetensors alone; vae/diffusion_pytorch_model.bin could run code and is not opened"),
    (lambda f: (f / "transformer" / "modelling.py").write_text("1"), r"transformer/modelling.py could run code"),
    (lambda f: (f / "old.CKPT").touch(), r"old.CKPT could run code"),
    (without_index, r"should hold model_index.json, as save_pretrained of diffusers writes it; there is none"),
    (lambda f: (f / "model_index.json").write_text("{"), r"model_index.json should be JSON"),
    (lambda f: (f / "model_index.json").write_text("[1]"), r"model_index.json should be a JSON object, not \[1\]"),
    (lambda f: index(f, _class_name="FluxPipeline"), r"should hold a DiTPipeline or a Stable.*, not 'FluxPipeline'"),
    (lambda f: index(f, _class_name=["mine", "DiTPipeline"]), r"should hold a DiTPipeline or .* not \['mine', 'DiTPipeline'\]"),
    (lambda f: index(f, vae=["mine", "AutoencoderKL"]), r"vae of .* should be AutoencoderKL of diffusers, not \['mine'"),
    (lambda f: index(f, scheduler=["diffusers", "FlowMatchEulerDiscreteScheduler"]), r"scheduler of .* should be DDIM"),
    (lambda f: index(f, extra=["os", "system"]), r"should have no part but transformer, vae.* not 'extra'"),
    (lambda f: index(f, safety_checker=["os", "system"]), r"safety_checker of .* of stable_diffusion, not \['os', 'system'\]"),
    (without_weights, r"vae should hold weights as safetensors; there are none"),
    (cut_short, r"should be a whole safetensors file"),
    (too_large, rf"should hold at most {folders.MOST_BYTES} bytes of weights, not"),
    (too_many, rf"should hold at most {folders.MOST_FILES} files, not"),
    (lambda f: settings(f, "transformer", num_embeds_ada_norm=None), r"num_embeds_ada_norm .* from 1 to 100000, not None"),
    (lambda f: settings(f, "transformer", sample_size=0), r"sample_size of .* should be a whole number from 1 to 1024, not 0"),
    (lambda f: settings(f, "transformer", sample_size=600), r"should have at most 1024 points each way, not 1200"),
    (lambda f: settings(f, "vae", block_out_channels="x"), r"block_out_channels of .* should be 1 to 8 numbers, not 'x'"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "sentence"), REFUSED)
def test_what_is_wrong_is_said_before_anything_is_loaded(named, spoil, sentence):
    folders.read(named)
    spoil(named)
    with pytest.raises(PipelineError, match=sentence):
        folders.read(named)


def test_a_part_has_its_folder(named):
    (named / "vae").rename(named.parent / "elsewhere")
    with pytest.raises(PipelineError, match="should hold a folder vae; there is none"):
        folders.read(named)


def test_prompts_need_a_package_and_say_which(tmp_path, monkeypatch):
    folder = text_to_image(tmp_path / "sd")
    monkeypatch.setattr(folders, "find_spec", {}.get)
    with pytest.raises(PipelineError, match="needs the package transformers to read prompts: pip install transformers"):
        folders.read(folder)


def test_a_name_of_the_hub_is_refused_unless_the_host_allows_it(monkeypatch):
    monkeypatch.setattr(huggingface_hub, "snapshot_download", None)  # nothing may even try
    with pytest.raises(PipelineError, match=r"names of the hub are off .*LAB_PIPELINE_HUB=1"):
        host.opened("somebody/model", hub=False)
    for wrong in ("/nowhere", "../../nowhere", "a/b/c", "model"):
        with pytest.raises(PipelineError, match="should be a folder with a diffusers pipeline; there is none"):
            host.opened(wrong, hub=True)


def test_from_the_hub_come_settings_and_safetensors_alone_once_their_size_is_known(named, monkeypatch):
    asked = []

    def download(name, allow_patterns, dry_run=False):
        asked.append((name, tuple(allow_patterns), dry_run))
        return [SimpleNamespace(file_size=1000), SimpleNamespace(file_size=None)] if dry_run else str(named)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    assert host.opened("somebody/model", hub=True) == folders.read(named)
    assert asked == [("somebody/model", ("*.json", "*.txt", "*.safetensors"), dry) for dry in (True, False)]
    monkeypatch.setattr(host, "MOST_BYTES", 999)
    with pytest.raises(PipelineError, match="somebody/model should hold at most 999 bytes, not 1000"):
        host.opened("somebody/model", hub=True)


def test_a_hub_that_does_not_answer_is_a_sentence():
    """Asked in a process of its own, for the address is read once."""
    closed = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    words = [sys.executable, "-m", "core.guidance.pipeline", "somebody/model", "--hub"]
    told = subprocess.run(words, cwd=ROOT, env=os.environ | closed, capture_output=True, text=True, check=False)
    assert told.returncode == 2 and told.stderr.splitlines()[-1].startswith("somebody/model did not come from the hub: ")


def test_a_lab_without_a_pipeline_says_so_by_parameter_bound_and_value():
    with pytest.raises(
        ParameterError, match=r"model should be digits: the host of this lab has named no pipeline .*, not 'own'"
    ):
        Params(model="own", prompt="a cat")
    with pytest.raises(ParameterError, match="model should be digits"):
        Params.from_query({"model": "own", "label": "3"})
    assert "fault.pipeline_absent" in texts("_page")
    with pytest.raises(ValueError, match="has to be named"):
        model_for(params_for(folders.Named(Path(), 5, 16))(model="own"), None)


def test_bounds_are_those_of_the_pipeline(named):
    params = params_for(folders.read(named))
    assert params(model="own", label=4).values()["label"] == 4 and params().values() == Params().values()
    with pytest.raises(ParameterError, match="label should be less than or equal to 4, not 5"):
        params(model="own", label=5)
    with pytest.raises(ParameterError, match="prompt is not a parameter here"):
        params(model="own", prompt="a cat")
    prompted = params_for(folders.Named(Path(), 0, 16))
    with pytest.raises(ParameterError, match="prompt should have at least one character that is not a space"):
        prompted(model="own", prompt=" ")
    with pytest.raises(ParameterError, match="prompt should have at most 300 characters"):
        prompted(model="own", prompt="x" * 301)


def test_the_command_prints_every_method_and_writes_the_picture(named, tmp_path, capsys):
    out = tmp_path / "all.png"
    assert command.main([str(named), "--label", "3", "--steps", "5", "--count", "2", "--out", str(out)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == list(command.COLUMNS) and len(rows) == 9
    assert {row[0]: float(row[1]) for row in rows[1:]}["cfg"] == 10
    assert Image.open(out).size == (2 * 16, 8 * 16)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["/nowhere"], "/nowhere should be a folder with a diffusers pipeline; there is none"),
        (["somebody/model"], "names of the hub are off"),
        (["--gamma", "99"], "gamma should be less than or equal to 15, not 99.0"),
        (["--prompt", "a cat"], "prompt is not a parameter here"),
    ],
)
def test_the_command_says_in_a_sentence_what_is_wrong(words, sentence, capsys):
    assert command.main(words) == 2
    assert sentence in capsys.readouterr().err


def test_the_lab_starts_with_a_pipeline_or_says_what_is_wrong(named):
    """The whole page with the host's pipeline as an option; a wrong one stops the start with one sentence."""
    script = (
        "import app; from demos._tab import find; from demos._api import answer; app.build(); "
        "e = next(e for e in find()['guidance'].experiments if e.name == 'guidance_pipeline'); "
        "said = answer(e, {'model': 'own', 'label': 4, 'steps': 5, 'count': 1}, pictures=True); "
        "from demos._handout import code; exec(code(e, e.params(model='own', label=4, steps=5, count=1))['text']); "
        "print(len(said['figures']), said['metrics']['evaluations'])"
    )
    environment = os.environ | {host.VARIABLE: str(named)}
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1].startswith("4 ")
    wrong = subprocess.run(
        [sys.executable, "app.py", "--pipeline", "/nowhere"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (
        wrong.returncode == 1 and wrong.stderr.strip() == "/nowhere should be a folder with a diffusers pipeline; there is none"
    )


def test_weights_of_another_kind_of_file_are_no_weights(named):
    """A safetensors file that is a pickle by its bytes does not pass either."""
    (named / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(PipelineError, match="should be a whole safetensors file"):
        folders.read(named)
    save_file({"x": np.zeros(1, np.float32)}, named / "vae" / "diffusion_pytorch_model.safetensors")
    folders.read(named)
