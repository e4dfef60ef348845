"""The shipped network of the poems, loaded once, after its bytes were compared with the manifest."""

from core.shipping import FILE, shipped
from core.udm.poem.network import PoemNet

ASSET = f"udm/poem/network/{FILE}"


def network() -> PoemNet:
    """In float32, ready to predict. Raises DamagedAssetError, naming the file, where it is missing or altered."""
    return shipped(PoemNet, ASSET)
