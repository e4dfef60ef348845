"""Ship the network that restores digits: python -m core.udm.restoration.publish.

Takes the running mean of the weights from the training's checkpoint, halves its precision, measures what that costs, and
writes a from_pretrained folder under assets/udm/restorer with its line in assets/MANIFEST.toml.
"""

import argparse

from core.digits.data import fingerprints
from core.shipping import ship
from core.udm.restoration.quality import quality
from core.udm.restoration.restorer import ASSET
from core.udm.restoration.train import training

COMMAND = "python -m core.udm.restoration.train && python -m core.udm.restoration.publish"


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    found = training()
    ship(ASSET, found.mean, quality, {"command": COMMAND, **found.cost, "data": fingerprints()})


if __name__ == "__main__":
    main()
