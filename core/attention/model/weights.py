"""The shipped networks, loaded once, after their bytes were compared with the manifest."""

from core.attention.model.network import CharNet
from core.shipping import FILE, shipped

KINDS = ("constant", "log_length", "learned")


def asset(kind: str) -> str:
    """Path under assets/ of one of KINDS."""
    return f"attention/model/{kind}/{FILE}"


def network(kind: str) -> CharNet:
    """In float32, ready to predict. Raises DamagedAssetError, naming the file, where it is missing or altered."""
    return shipped(CharNet, asset(kind))
