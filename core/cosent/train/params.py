"""What may be asked of the trained models, with bounds."""

from enum import Enum
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from core.cosent.train import own
from core.cosent.train.encoder import LAYERS
from core.cosent.train.split import LEAST, Split, SplitError, cut, split
from core.cosent.train.texts import Rated, rated
from core.faults import rule
from core.given import file, read_by
from core.parameters import Offers, Parameters, Variant, choice, seed, slider, variant

Pairs = Annotated[str, read_by(own.readable)]


class Shipped(Variant):
    """Pairs that many people rated: of 50 news texts, of words by relatedness, of words by similarity alone."""

    kind: Literal["lee", "wordsim", "simlex"] = "lee"


class Own(Variant):
    """Pairs of the visitor's own."""

    kind: Literal["own"] = "own"
    own_pairs: Pairs = file(
        "", own.MOST_LETTERS, own.EXAMPLE, "CSV text with columns text_a, text_b, score; empty: a small example"
    )


class Model(Enum):
    """How a pair is scored."""

    INTERACTION = "interaction"  # a small network sees both texts at once: s = f(u, v)
    FEATURE = "feature"  # each text by itself: s = cos(W u, W v)


class Encoder(Enum):
    """What is known of each text."""

    WHOLE = "whole"  # all six layers
    FIRST = "first"  # before the first layer: words without their neighbours


class Labels(Enum):
    """What the losses see of the ratings."""

    GRADED = "graded"
    CLASSES = "classes"  # 0 or 1


class Objective(Enum):
    """The loss that is looked at."""

    COSENT = "cosent"
    CROSS_ENTROPY = "cross_entropy"
    BOTH = "both"
    SQUARED_ERROR = "squared_error"
    RANKNET = "ranknet"
    TRIPLET = "triplet"
    CIRCLE = "circle"
    ANGLE = "angle"


COSINES = (Objective.CIRCLE, Objective.ANGLE)  # defined for cosines alone
OBJECTIVES = {
    Model.INTERACTION: tuple(each for each in Objective if each not in COSINES),
    Model.FEATURE: tuple(Objective),
}


class TrainParams(Parameters):
    """Of /cosent_train."""

    offers: ClassVar[Offers] = {"objective": ("model", {"interaction": tuple(o.value for o in OBJECTIVES[Model.INTERACTION])})}
    rules: ClassVar[tuple[str, ...]] = ("pairs_split",)

    task: Shipped | Own = variant(Shipped(), "the rated pairs")
    model: Model = choice(Model.INTERACTION, "the model that is looked at; both are trained")
    objective: Objective = choice(Objective.COSENT, "the loss that is looked at; all are trained")
    encoder: Encoder = choice(Encoder.WHOLE, "what both models know of a text: the sentence encoder, or its word vectors alone")
    labels: Labels = choice(
        Labels.GRADED, "ratings as they are, or two classes; held-out pairs are always judged by the ratings"
    )
    scale_interaction: float = slider(1.0, 0.1, 20.0, 0.1, "", "lambda of the interaction model's logits", advanced=True)
    scale_feature: float = slider(20.0, 1.0, 50.0, 1.0, "", "lambda of the feature model's cosines", advanced=True)
    positives: float = slider(0.3, 0.2, 0.8, 0.05, "of the pairs", "share that is called positive", advanced=True)
    learnt: float = slider(1.0, 0.2, 1.0, 0.1, "of the pairs", "share that is learnt of those not held out", advanced=True)
    steps: int = slider(160, 20, 300, 10, "steps", "of the optimiser", advanced=True)
    batch: int = slider(32, 16, 128, 16, "pairs", "in a step", advanced=True)
    log_learning_rate: float = slider(
        -2.5,
        -4.0,
        -1.5,
        0.1,
        "log10",
        "power of ten of the feature model's learning rate; the other one's is a tenth",
        advanced=True,
    )
    hidden: int = slider(16, 4, 32, 4, doc="width of the interaction model", advanced=True)
    rank: int = slider(8, 2, 32, 2, doc="of what is added to the feature model's W = 1", advanced=True)
    seeds: int = slider(8, 2, 12, 1, doc="how many times: other texts held out, other batches, other starts", advanced=True)
    seed: int = seed()

    @model_validator(mode="after")
    def _can_be_parted(self) -> Self:
        if isinstance(self.task, Own):
            try:
                self.splits()
            except SplitError as error:
                message = "should have pairs of more different texts: with a third of the texts held out"
                raise rule(
                    "pairs_split", f"{message}, {LEAST} pairs are needed on either side", "own_pairs", LEAST, str(error.most)
                ) from None
        return self

    @property
    def layer(self) -> int:
        """Place in LAYERS."""
        return 1 if self.encoder is Encoder.WHOLE else LAYERS.index(0)

    def rated(self) -> Rated:
        """The pairs; features are None where texts of one's own are yet to be read."""
        if isinstance(self.task, Shipped):
            return rated(self.task.kind, self.layer)
        found = own.read(self.task.own_pairs or own.EXAMPLE)
        return own.of_known(found, self.layer) or found

    def splits(self) -> tuple[Split, ...]:
        """One a seed."""
        text = self.task.own_pairs if isinstance(self.task, Own) else ""
        return _splits(self.task.kind, text, self.positives, self.learnt, self.seeds, self.seed)


@lru_cache(maxsize=32)
def _splits(task: str, text: str, positives: float, share: float, seeds: int, seed: int) -> tuple[Split, ...]:
    found = own.read(text or own.EXAMPLE) if task == "own" else rated(task, 0)
    positive = found.label >= cut(found.label, positives)
    return tuple(split(found, positive, share, (seed, 0, k)) for k in range(seeds))
