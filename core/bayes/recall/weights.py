"""The shipped networks, loaded once, after their bytes were compared with the manifest."""

from core.bayes.recall.network import RecallNet
from core.shipping import FILE, shipped

KINDS = ("guesses", "refuses")


def asset(kind: str) -> str:
    """Path under assets/ of one of KINDS."""
    return f"bayes/recall/{kind}/{FILE}"


def network(kind: str) -> RecallNet:
    """In float32, ready to predict. Raises DamagedAssetError, naming the file, where it is missing or altered."""
    return shipped(RecallNet, asset(kind))
