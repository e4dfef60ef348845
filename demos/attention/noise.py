"""Noise on the logits: how far the output moves, and when it settles."""

import numpy as np

from core.attention.decay import DecayResult, decay
from core.attention.mechanisms import OTHERS
from core.attention.noise import FRAMES, NoiseResult, Params, compute, length_of_mean, root_mean, warm
from demos._experiment import Computation, Experiment
from demos._plot import MUTED, Chart, Panel, Stage, beacon, chart, dots, theory
from demos.attention.marks import LEAST, categories, logarithmic, measured, shown, strokes, tokens

VIEW = (-3.5, 3.5, -3.5, 3.5)
KINDS = ("softmax", *OTHERS)


def shaking(p: Params, r: NoiseResult) -> Stage:  # noqa: ARG001  a drawing takes both
    """Tokens where their values are, their area the weight; left before, right while the logits are shaken."""
    places, clean = r.values[r.shown], r.output[None]
    before = (tokens(places, r.weights[None, r.shown], VIEW, "theory"), beacon(clean, VIEW, "theory", 6))
    after = (
        tokens(places, r.shaken, VIEW, "measured"),
        dots(r.outputs[None], VIEW, "measured"),
        beacon(clean, VIEW, "theory", 5),
        beacon(r.outputs[:FRAMES], VIEW, "measured", 7),
    )
    labels = tuple(f"{draw + 1} / {FRAMES}" for draw in range(FRAMES))
    return Stage((Panel("@before", VIEW, before), Panel("@after", VIEW, after)), labels)


def parts(p: Params, r: NoiseResult) -> Chart:  # noqa: ARG001
    """Error of the output, its random part and its bias: exact, to second order, measured."""
    error, error_stderr = root_mean(r.squared, r.known_variance)
    bias, bias_stderr = length_of_mean(r.shift)
    deviation = max(error**2 - bias**2, 0.0) ** 0.5
    x, y = np.arange(3.0), np.array([error, deviation, bias])
    marks = [measured(x, shown(y), np.array([error_stderr, error_stderr, bias_stderr]))]
    if r.leading:
        marks.insert(
            0, strokes(_seen([r.leading["error"], r.leading["error"], r.leading["bias"]]), "@second_order", MUTED, "dot")
        )
    if r.exact:
        marks.insert(0, strokes(_seen([r.exact["error"], r.exact["deviation"], r.exact["bias"]]), "@exact"))
    axis = categories(("@part.total", "@part.random", "@part.bias"))
    return chart(*marks, x="@part_axis", y="@error_axis", xaxis=axis, yaxis=logarithmic(y))


def kinds(p: Params, r: NoiseResult) -> Chart:  # noqa: ARG001
    """Relative error of other kinds of attention under the same noise."""
    values = r.metrics()
    own = values["monte_carlo_stderr"] * values["relative_error"] / max(values["monte_carlo_error"], LEAST)
    error = np.array([values["relative_error"], *r.others[:, 0]])
    known = [values["theory_error"] * values["relative_error"] / max(values["monte_carlo_error"], LEAST)] if r.exact else [None]
    lines = strokes(_seen([*known, *r.others_theory]), "@exact")
    marks = measured(np.arange(5.0), shown(error), np.array([own, *r.others[:, 1]]))
    axis = categories(tuple(f"@kind.{name}" for name in KINDS))
    return chart(lines, marks, x="@kind_axis", y="@relative_axis", xaxis=axis, yaxis=logarithmic(error))


def _seen(values: list[float | None]) -> list[float | None]:
    return [None if value is None or value < LEAST else value for value in values]


def falling(p: Params, r: DecayResult) -> Chart:  # noqa: ARG001
    """Error against the number of tokens, both logarithmic, and the slope that is predicted."""
    lines = []
    if len(r.exact):
        lines.append(theory(r.tokens, shown(r.exact), "@exact"))
    if len(r.leading):
        lines.append(theory(r.tokens, shown(r.leading), "@second_order", color=MUTED, dash="dot"))
    best = next(each for each in (r.exact, r.leading, r.measured) if len(each))
    rate = np.maximum(best[-1], LEAST) * (r.tokens / r.tokens[-1]) ** r.slope
    lines.append(theory(r.tokens, rate, f"n<sup>{r.slope:.2g}</sup>", color="#009E73", dash="dash", width=1.5))
    axes = {"xaxis": logarithmic(np.array([1.0, r.tokens[-1]])), "yaxis": logarithmic(r.measured, rate)}
    return chart(*lines, measured(r.tokens, shown(r.measured), r.stderr), x="@tokens_axis", y="@relative_axis", **axes)


NOISE = Experiment(
    "attention_noise",
    Params,
    Computation(compute, (shaking, parts, kinds), NoiseResult, live=True),
    Computation(decay, (falling,), DecayResult),
    warm,
)
