"""What the host of the lab has named: a folder, or where the host allows it a name of the hub. Visitors name nothing."""

import os
import re
from functools import cache
from pathlib import Path

from core.guidance.pipeline.folder import MOST_BYTES, Named, PipelineError, read

VARIABLE, HUB = "LAB_PIPELINE", "LAB_PIPELINE_HUB"
HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
LOADED = ("*.json", "*.txt", "*.safetensors")  # all that is ever downloaded


@cache
def named() -> Named | None:
    """The pipeline of the environment, looked through once a process; None where the host has named none.

    Raises PipelineError where it is not what it should be.
    """
    name = os.environ.get(VARIABLE, "").strip()
    return opened(name, os.environ.get(HUB) == "1") if name else None


def opened(name: str, hub: bool) -> Named:
    """A folder of this computer, else a name of the hub, whose files are downloaded where `hub` allows it.

    Raises PipelineError.
    """
    folder = Path(name).expanduser()
    if folder.exists() or not HUB_NAME.fullmatch(name):
        return read(folder)
    if not hub:
        raise PipelineError(
            f"{name} should be a folder with a diffusers pipeline; there is none, and names of the hub are off "
            f"(the host of the lab switches them on with {HUB}=1, the command with --hub)"
        )
    return read(downloaded(name))


def downloaded(name: str) -> Path:
    """The folder in the hub's cache, after its size was asked for; settings and safetensors, nothing else.

    Raises PipelineError where it is too large or does not come.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415  taken only where a host asks for the hub

    try:
        files = snapshot_download(name, allow_patterns=list(LOADED), dry_run=True)
        size = sum(each.file_size or 0 for each in files)
        if size > MOST_BYTES:
            raise PipelineError(f"{name} should hold at most {MOST_BYTES} bytes, not {size}")
        return Path(snapshot_download(name, allow_patterns=list(LOADED)))
    except OSError as error:  # the hub's own errors are of this kind
        raise PipelineError(f"{name} did not come from the hub: {type(error).__name__}: {str(error)[:200]}") from None
