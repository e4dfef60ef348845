"""Ship the trained network: python -m core.udm.poem.publish.

Takes the running mean of the weights from the training's checkpoint, halves its precision, measures what that costs, and
measures the shipped network, and what it must beat, on the held-out lines.
"""

import json
import sys

from core.digits.manifest import ASSETS, lines, record
from core.shipping import opened, ship
from core.udm.poem.lines import LINES
from core.udm.poem.measured import FILE
from core.udm.poem.network import PoemNet
from core.udm.poem.quality import measure, quality
from core.udm.poem.train import CHECKPOINT, training
from core.udm.poem.weights import ASSET

COMMAND = "python -m core.udm.poem.train && python -m core.udm.poem.publish"


def main() -> None:
    if not CHECKPOINT.exists():
        sys.exit(f"{CHECKPOINT} is missing; make it with: python -m core.udm.poem.train")
    trained = training()
    line = {"command": COMMAND, **trained.cost}
    data = {"data": {LINES: lines()[LINES]["sha256"]}}
    ship(ASSET, trained.mean, quality, line | data)
    found = measure(opened(PoemNet, (ASSETS / ASSET).parent))
    (ASSETS / FILE).write_text(json.dumps(found, indent=1) + "\n")
    record(FILE, {"command": COMMAND} | data)
    print(found["perplexity"], flush=True)


if __name__ == "__main__":
    main()
