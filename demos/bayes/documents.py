"""Documents of one's own asked one by one: the answers, how unsure each document is of each token, and which one speaks."""

from html import escape

import numpy as np

from core.bayes.documents import DocumentsResult, Params, compute
from core.bayes.documents.experiment import chosen_first, warm
from core.bayes.documents.language import missing
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MUTED, Array, Chart, Lines, Payload, Rows, chart, series, spots, theory
from demos.bayes.lines import ABOVE, row, short

LONGEST_SHOWN = 90  # letters of a document
WAITING = "…"
DOCUMENT_HEAD = ("@document_head", "@begins_head", "@length_head", "@first_head", "@spoken_head", "@said_head")
TOKEN_HEAD = ("@place_head", "@token_head", "@speaker_head", "@speaker_entropy_head", "@speaker_share_head", "@alone_head")


def documents() -> tuple[Experiment, ...]:
    """The experiment where its packages are installed; nothing elsewhere."""
    computation = Computation(compute, (answered, unsure, speakers, tokens), DocumentsResult)
    return () if missing() else (Experiment("nbce_documents", Params, computation, warm=warm),)


def answered(p: Params, r: DocumentsResult) -> Lines:
    """The question, every way to answer it, and how unsure each document is of the first token."""
    ways = [_way(r, way) for way in chosen_first(p)]
    first = [("@first_note", float(nats)) for nats in r.first] or [("", 0.0)] * len(r.documents)
    each = [
        row(_label(i), [(short(text, LONGEST_SHOWN), "kept")], note, number)
        for i, (text, (note, number)) in enumerate(zip(r.documents, first, strict=True))
    ]
    return Lines((row("@asked", [(p.question, "kept")], "@alone_note", r.entropy_alone), *ways, *each))


def _way(r: DocumentsResult, way: str) -> Payload:
    """A text without room in the model says so."""
    if way in r.refused:
        return row(f"@way.{way}", [], "@no_room", float(r.refused[way]))
    said = (r.answers[way], "new" if way == r.chosen else "kept") if way in r.answers else (WAITING, "hole")
    return row(f"@way.{way}", [said])


def _label(i: int) -> str:
    return f"D{i + 1}"


def unsure(p: Params, r: DocumentsResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """Entropy of each document at each token of the chosen answer, with a ring at the one that speaks."""
    x = np.arange(1, len(r.pieces) + 1, dtype=float)
    lines = [series(i, x, each, _label(i)) for i, each in enumerate(r.entropies)]
    ring = {"symbol": "circle-open", "size": 14, "color": MEASURED, "line": {"width": 2.5}}
    spoke = spots(x, r.entropies[r.spoke, np.arange(len(x))], "@speaks", MEASURED, "circle-open") | {"marker": ring}
    ends = np.array([0.5, max(len(x), 1) + 0.5])
    marks = [
        theory(ends, np.full(2, np.log(r.vocabulary)), "@nothing_line", dash="dash"),
        theory(x, r.alone, "@alone_line", color=MUTED, dash="dot", width=2),
        *lines,
        spoke,
    ]
    across = {"tickvals": x.tolist(), "ticktext": [escape(_quoted(piece)) for piece in r.pieces], "tickangle": -60}
    axis = across | {"range": ends.tolist(), "showgrid": False}
    view = {"range": [-0.4, float(np.log(r.vocabulary)) * 1.04]}
    return chart(*marks, x="@token_axis", y="@entropy_axis", xaxis=axis, yaxis=view, legend=ABOVE, height=470)


def _quoted(piece: str) -> str:
    """In quotes, or an @ would be a key of the words; the model's end has no letters."""
    return f"“{piece}”" if piece else "∎"


def speakers(p: Params, r: DocumentsResult) -> Rows:  # noqa: ARG001
    """Of every document: how long it is, how unsure at first, how much of the answer it spoke, and what."""
    rows = []
    for i, share in enumerate(r.spoken().tolist()):
        said = " ".join(piece for piece, who in zip(r.pieces, r.spoke.tolist(), strict=True) if who == i and piece)
        first = float(r.first[i]) if len(r.first) else WAITING
        rows.append((_label(i), _opening(r, i), float(r.lengths[i]), first, share, f"“{said}”" if said else "–"))
    return Rows(DOCUMENT_HEAD, tuple(rows), _loudest(r.spoken()))


def _opening(r: DocumentsResult, i: int) -> str:
    return f"“{short(r.documents[i])}”"


def _loudest(share: Array) -> tuple[int, ...]:
    return (int(share.argmax()),) if share.any() else ()


def tokens(p: Params, r: DocumentsResult) -> Rows:  # noqa: ARG001
    """Of every token of the chosen answer: which document speaks, how unsure it is, and how likely it finds the token."""
    rows = [
        (
            float(t + 1),
            _quoted(piece),
            _label(who),
            float(r.entropies[who, t]),
            float(r.shares[who, t]),
            float(r.alone[t]),
        )
        for t, (piece, who) in enumerate(zip(r.pieces, r.spoke.tolist(), strict=True))
    ]
    return Rows(TOKEN_HEAD, tuple(rows))
