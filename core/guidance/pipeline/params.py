"""What may be asked of a model that is guided in several ways at once, with bounds.

The host's own pipeline is an option only where the host has named one; its bounds are that pipeline's.
"""

from enum import Enum
from typing import Any, Literal

from pydantic import create_model

from core.digits.label import Label
from core.faults import Fault, ParameterError
from core.given import Sentence, sentence
from core.guidance.pipeline.folder import Named
from core.guidance.pipeline.host import VARIABLE
from core.parameters import Parameters, Variant, choice, seed, slider, variant

ABSENT = "pipeline_absent"
MOST_PROMPT = 300  # letters
OFFERED = "core.guidance.pipeline.experiment"  # where the Params of this process are found, in copied lines too


class Family(Enum):
    """Which methods stand side by side."""

    ALL = "all"
    CFG = "cfg"  # classifier-free guidance, rescaled, in an interval
    GUIDERS = "guiders"  # the other guiders of diffusers


class Digits(Variant):
    """The shipped network of handwritten digits."""

    kind: Literal["digits"] = "digits"
    digit: Label = choice(Label.ALL, "the digit to draw; all: one after another")


class Prompted(Variant):
    """The host's own text-to-image pipeline."""

    kind: Literal["own"] = "own"
    prompt: Sentence = sentence("a red apple on a wooden table", MOST_PROMPT, "what the pictures shall show")


class Params(Parameters):
    """The same pictures under several methods of guidance, from one seed."""

    model: Digits = variant(Digits(), "whose pictures: those of the shipped digits, or of the pipeline that the host has named")
    gamma: float = slider(
        4.0, 1.0, 15.0, 0.5, doc="guidance scale: 1 is the plain conditional model; the w of Ho and Salimans is gamma - 1"
    )
    rescale: float = slider(0.7, 0.0, 1.0, 0.05, doc="rescaled CFG: share of the way back to the spread of the conditional one")
    sigma_low: float = slider(0.3, 0.0, 10.0, 0.05, "sigma", "CFG in an interval: guidance ends at this noise to signal ratio")
    sigma_high: float = slider(
        5.4, 0.0, 160.0, 0.05, "sigma", "CFG in an interval: guidance begins below this noise to signal ratio"
    )
    family: Family = choice(Family.ALL, "which methods are drawn", advanced=True)
    eta: float = slider(0.0, 0.0, 1.0, 0.05, doc="APG: share kept of the part along the conditional prediction", advanced=True)
    radius: float = slider(15.0, 0.0, 100.0, 0.5, doc="APG: cap of the norm of the difference; 0 is no cap", advanced=True)
    zero_steps: int = slider(0, 0, 5, 1, "steps", "CFG-Zero*: first steps with the prediction zero", advanced=True)
    alpha: float = slider(8.0, 0.0, 20.0, 0.5, doc="MAMBO-G: how much a large difference damps the scale", advanced=True)
    count: int = slider(8, 1, 8, 1, "pictures", "how many by each method; picture i is the same for every count", advanced=True)
    steps: int = slider(10, 5, 30, 1, doc="steps of the sampler", advanced=True)
    seed: int = seed()

    def __init__(self, **values: Any) -> None:
        options = type(self).controls()[0].options
        if values.get("model") == "own" and "own" not in options:
            what = f"the host of this lab has named no pipeline ({VARIABLE}=FOLDER python app.py)"
            raise ParameterError(Fault("model", ABSENT, ", ".join(options), "'own'", f"should be {', '.join(options)}: {what}"))
        super().__init__(**values)


def params_for(pipeline: Named | None) -> type[Params]:
    """Params that offer this pipeline as the option `own`, with its classes or a prompt."""
    if pipeline is None:
        return Params
    own = labelled(pipeline.classes) if pipeline.classes else Prompted
    field = variant(Digits(), Params.model_fields["model"].description or "")
    made: type[Params] = create_model("Params", __base__=Params, __module__=OFFERED, model=(Digits | own, field))
    return made


def labelled(classes: int) -> type[Variant]:
    """The host's own class-conditional pipeline, of so many classes."""

    class Labelled(Variant):
        """The host's own class-conditional pipeline."""

        kind: Literal["own"] = "own"
        label: int = slider(0, 0, classes - 1, 1, doc="number of the class")

    return Labelled
