"""Pictures so far, and what an independent judge says of them."""

from dataclasses import dataclass

import numpy as np

from core.result import Result

FRAMES = 9
TABULATED = ("frechet", "frechet_floor", "frechet_at_gamma", "frechet_at_steps", "milliseconds", "training_minutes")


@dataclass(frozen=True, eq=False)
class PicturesResult(Result):
    """n pictures on their way; nothing is judged (0 rows of judge and features) before the first guess."""

    pictures: np.ndarray  # [n, 28, 28] uint8  denoised guess, 0 = paper, 255 = ink; the noise itself at the very start
    history: np.ndarray  # [k, n, 28, 28] uint8  key frames, k <= FRAMES, the last is `pictures`
    asked: np.ndarray  # [n, 10] float32  share asked of each digit; rows of zeros: none was asked for
    judge: np.ndarray  # [n or 0, 10] float32  the judge's probabilities
    features: np.ndarray  # [n or 0, 64] float32  the judge's, less the mean of real digits of the class, over their spread
    likeness: np.ndarray  # [n or 0] float32  similarity guidance: cosine with the drawing in the judge's features
    usual_likeness: float  # of real digits as varied as these pictures; 0 where there is no drawing
    nearest: np.ndarray  # [n or 0, 28, 28] uint8  of finished pictures, the training digit nearest to each
    nearest_label: np.ndarray  # [n or 0]
    nearest_distance: np.ndarray  # [n or 0] float32  Euclidean, over pixels in [-1, 1]
    usual_distance: float  # median of the same over held-out real digits: far below it means remembered; 0 until finished
    evaluations: int  # network evaluations a picture so far: denoiser, recogniser and encoder
    table: dict[str, float | str]  # the row of the shipped table that stands for these parameters; empty where there is none

    @property
    def labels(self) -> np.ndarray:
        """[n] the digit asked for, the larger share of a mix."""
        return self.asked.argmax(axis=1)

    def metrics(self) -> dict[str, float]:
        """Of these pictures: judge_agreement, diversity, similarity, nearest_distance; of 5000 by the table: TABULATED.

        What was not measured is absent: the first preview is not judged, only a drawing has a similarity.
        """
        found = {"evaluations": float(self.evaluations)}
        if len(self.judge):
            found |= {"judge_agreement": self._agreement(), "diversity": diversity(self.features)}
        if len(self.likeness):
            found |= {"similarity": float(self.likeness.mean()), "similarity_usual": self.usual_likeness}
        if len(self.nearest):
            found |= {
                "nearest_distance": float(np.median(self.nearest_distance)),
                "nearest_distance_usual": self.usual_distance,
            }
        return found | {name: float(self.table[name]) for name in TABULATED if name in self.table}

    def _agreement(self) -> float:
        """Share of the pictures read as a digit that was asked for."""
        read = self.judge.argmax(axis=1)
        return float((self.asked[np.arange(len(read)), read] > 0).mean())


def diversity(features: np.ndarray) -> float:
    """Spread of standardised features [n, d]: 1 is that of as many real digits, 0 is n times the same picture.

    sqrt of the mean over pairs of |z_i - z_j|^2 / 2, where z is the deviation from the mean of the real digits of the class,
    divided by their root mean square deviation; so pictures of different digits can be compared too. One picture has none.
    """
    if len(features) < 2:
        return 0.0
    return float(np.sqrt(np.square(features - features.mean(axis=0)).sum() / (len(features) - 1)))


def quantised(pictures: np.ndarray) -> np.ndarray:
    """[..., 28, 28] in [-1, 1], clipped -> uint8, 0 = paper, 255 = ink."""
    return np.round(np.clip(pictures + 1, 0, 2) * 127.5).astype(np.uint8)


def key_frames(frames: list[np.ndarray]) -> np.ndarray:
    """[k, n, 28, 28] at most FRAMES of them, evenly spaced, the first and the last included."""
    places = np.unique(np.linspace(0, len(frames) - 1, FRAMES).round().astype(int))
    return np.stack([frames[place] for place in places])
