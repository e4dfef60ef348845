"""The shipped network of the poems, loaded once, after its bytes were compared with the manifest."""

from functools import cache
from pathlib import Path
from threading import Lock

from core.digits import manifest
from core.shipping import FILE, opened
from core.udm.poem.network import PoemNet

ASSET = f"udm/poem/network/{FILE}"
_LOADING = Lock()


def network() -> PoemNet:
    """In float32, ready to predict. Raises DamagedAssetError, naming the file, where it is missing or altered."""
    with _LOADING:
        return _load(manifest.ASSETS)


@cache
def _load(assets: Path) -> PoemNet:
    return opened(PoemNet, manifest.verified(ASSET, assets).parent)
