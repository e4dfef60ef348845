"""Experiment nbce_documents: its parts, the identity, and that the command says the same; bad input in clear sentences."""

import json
from itertools import permutations

import numpy as np
import pytest

from core.bayes.documents import experiment
from core.bayes.documents.answer import answered, joined
from core.bayes.documents.experiment import STAGES, chosen_first, compute, shuffled
from core.bayes.documents.language import LONGEST, MOST_TOKENS, missing
from core.bayes.documents.params import LONGEST_QUESTION, LONGEST_TEXT, Params
from core.bayes.documents.result import WAYS, DocumentsResult
from core.bayes.documents.texts import LONGEST_DOCUMENT, MOST, parted
from core.bayes.pooling import Pooling
from core.faults import ParameterError
from demos._words import known, presets
from demos.bayes import TAB
from demos.bayes.documents import answered as drawn
from demos.bayes.documents import documents, speakers, tokens, unsure
from tests.bayes.conftest import WORDS

TEXTS = ["Anna bakes bread", "the roof Tomas", "the rain the rain Tomas"]
OWN = {"documents": "\n\n".join(TEXTS), "question": "who bakes ?"}


@pytest.fixture
def small(language, monkeypatch):
    """The experiment with a model that a test can bear."""
    monkeypatch.setattr(experiment, "opened", lambda: language)
    return language


@pytest.fixture
def parts(small):
    return list(compute(Params(**OWN)))


def test_parts_grow(parts):
    """First the question alone, then what each document knows, then the answers, the chosen one first."""
    done = [share for share, _ in parts]
    assert done == sorted(done) and done[0] == 1 / STAGES and done[-1] == 1.0 and done.count(1.0) == 1
    first, last = parts[0][1], parts[-1][1]
    assert first.metrics() == {"documents_read": 0.0, "entropy_alone": first.entropy_alone}
    assert list(last.answers) == ["least_entropy", "mean", "max", "joined", "shuffled"] and not last.refused
    with_first = next(r for _, r in parts if len(r.first))
    assert not with_first.pieces and with_first.identity_error == last.identity_error
    lengths = [len(r.pieces) for _, r in parts]
    assert lengths == sorted(lengths) and max(np.diff(lengths)) <= experiment.SHOWN


@pytest.mark.parametrize("pooling", Pooling)
def test_the_command_says_the_same(small, pooling):
    p = Params(**OWN, pooling=pooling, beta=1.0)
    *_, (_, r) = compute(p)
    for each in Pooling:
        found = answered(small, TEXTS, p.question, each, p.beta, p.eta)
        assert r.answers[each.value] == found.text
        if each is pooling:
            assert r.pieces == found.pieces and (r.spoke == found.spoke).all()
            assert np.abs(r.entropies - found.entropies).max() < 1e-5  # single precision
    assert r.answers["joined"] == joined(small, TEXTS, p.question)
    assert r.answers["shuffled"] == joined(small, [TEXTS[i] for i in r.order], p.question)
    assert chosen_first(p)[0] == pooling.value and sorted(chosen_first(p)) == sorted(WAYS)


def test_what_is_measured(parts):
    """The identity; entropies within their bounds; the first column is what was known before anything was said."""
    r = parts[-1][1]
    found = r.metrics()
    assert found["identity_error"] <= 1e-12
    assert r.entropies.min() >= 0 and r.entropies.max() <= np.log(r.vocabulary) + 1e-12 and r.vocabulary == len(WORDS)
    assert np.abs(r.entropies[:, 0] - r.first).max() < 1e-6 and abs(r.alone[0] - r.entropy_alone) < 1e-5
    assert ((r.shares > 0) & (r.shares <= 1)).all() and r.shares.shape == r.entropies.shape
    assert found["answer_tokens"] == len(r.pieces) <= LONGEST and found["documents_spoke"] == len(set(r.spoke.tolist()))
    shares = [found[f"share_{i}"] for i in (1, 2, 3)]
    assert sum(shares) == pytest.approx(1) and shares == [float((r.spoke == i).mean()) for i in range(3)]
    assert found["entropy"] == pytest.approx(np.mean([r.entropies[who, t] for t, who in enumerate(r.spoke)]))


def test_without_stickiness_the_surest_speaks(small):
    *_, (_, r) = compute(Params(**OWN, eta=0.0))
    assert (r.spoke == r.entropies.argmin(0)).all()


def test_the_order_matters_to_a_text_alone(small):
    """Pools of documents in another order say the same; the speaker is the same document."""
    turned = OWN | {"documents": "\n\n".join(TEXTS[::-1])}
    (*_, (_, one)), (*_, (_, other)) = (list(compute(Params(**own))) for own in (OWN, turned))
    assert one.pieces == other.pieces and (one.spoke == 2 - other.spoke).all()
    assert {way: one.answers[way] for way in ("mean", "max")} == {way: other.answers[way] for way in ("mean", "max")}


def test_one_document_is_guidance(small):
    """All pools are one; both joined texts are that document."""
    *_, (_, r) = compute(Params(**OWN | {"documents": TEXTS[0]}))
    assert len({r.answers[each.value] for each in Pooling}) == 1 and r.answers["joined"] == r.answers["shuffled"]
    assert r.metrics()["share_1"] == 1.0 and r.order.tolist() == [0]


def test_a_joined_text_without_room_says_so(small, monkeypatch):
    """What is too long for one text is not for a pool."""
    monkeypatch.setattr("core.bayes.documents.language.MOST_TOKENS", 12)
    *_, (done, r) = compute(Params(**OWN))
    assert done == 1.0 and r.refused == {"joined": 16, "shuffled": 16} and set(r.answers) == {each.value for each in Pooling}
    assert [row["note"] for row in drawn(Params(**OWN), r).rows].count("@no_room") == 2


@pytest.mark.parametrize("count", range(1, MOST))
def test_another_order_is_another(count):
    others = list(permutations(range(count)))[1:] or [(0,)]
    assert [tuple(shuffled(count, seed).tolist()) for seed in range(len(others) + 1)] == [*others, others[0]]


def test_every_part_can_be_kept_and_drawn_in_both_languages(parts, tmp_path):
    p, words = Params(**OWN), known("bayes.documents")
    for number, (_, r) in enumerate(parts):
        r.save(tmp_path / f"{number}.safetensors")
        assert DocumentsResult.load(tmp_path / f"{number}.safetensors").metrics() == r.metrics()
        for drawing in (drawn, unsure, speakers, tokens):
            json.dumps(drawing(p, r).payload(), allow_nan=False)
            assert drawing.__name__ in words
        assert r.metrics().keys() <= words.keys()
    keys = {f"share_{i}" for i in range(1, MOST + 1)} | {f"way.{way}" for way in WAYS} | {c.name for c in Params.controls()}
    assert keys - {"seed"} <= words.keys()
    assert len(tokens(p, parts[-1][1]).rows) == len(parts[-1][1].pieces)


def test_the_tab_has_it_where_the_packages_are():
    assert [e.name for e in TAB.experiments[3:]] == [e.name for e in documents()] == ([] if missing() else ["nbce_documents"])


def test_documents_are_parted_by_blank_lines():
    assert parted(" one\nline\r\n\r\ntwo\n \t\n\n three \r\rfour\n") == ("one\nline", "two", "three", "four")
    assert Params(**OWN).texts == tuple(TEXTS)
    assert len(Params().texts) == 3


def test_what_is_allowed_has_room_in_the_model():
    """No token is shorter than a byte; a letter has at most four; 48 are left for the frame of the dialogue."""
    assert LONGEST_DOCUMENT + 4 * LONGEST_QUESTION + 48 <= MOST_TOKENS


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"question": " \n"}, "question should have at least one character that is not a space"),
        ({"documents": "\n\n \n"}, "documents should have at least one character that is not a space"),
        ({"documents": "a\n\n" * 9}, "documents should have at most 8 documents, parted by blank lines, not 9"),
        (
            {"documents": f"one\n\n{'字' * 467}"},
            "documents should have at most 1400 bytes in document 2 (a Chinese character has three), not 1401",
        ),
        ({"documents": "x" * (LONGEST_TEXT + 1)}, f"documents should have at most {LONGEST_TEXT} characters"),
        ({"question": "x" * (LONGEST_QUESTION + 1)}, f"question should have at most {LONGEST_QUESTION} characters"),
        ({"documents": "a <|im_end|> b"}, "documents should have no sign that is the language model's own, not <|im_end|>"),
        ({"question": "<||>"}, "question should have no sign that is the language model's own, not <||>"),
        ({"question": "\ud800"}, "question should be a valid string"),
        ({"beta": 2.5}, "beta should be less than or equal to 2, not 2.5"),
        ({"beta": float("nan")}, "beta should be"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(given, said):
    with pytest.raises(ParameterError) as caught:
        Params(**given)
    assert str(caught.value).startswith(said)
    assert all(f"fault.{fault.rule}" in known("bayes.documents") for fault in caught.value.faults)


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_the_real_model_answers_the_defaults():
    *_, (_, r) = compute(Params())
    assert r.metrics()["identity_error"] <= 1e-12 and r.vocabulary == 49152
    assert {way for way, said in r.answers.items() if "Tomas Brandt" in said} == {"least_entropy"}
    assert set(r.answers) == set(WAYS)


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_the_real_model_fails_where_the_page_says_so():
    found = next(preset for preset in presets("bayes.documents") if preset.key == "presets.fails")
    *_, (_, r) = compute(Params(**found.values))
    assert not any("nineteen" in said or "19" in said for said in r.answers.values())
