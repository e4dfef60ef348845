"""Home: every line of the map is an identity of core, every term and source is used, small pictures are light and real."""

import json
import re
from itertools import pairwise
from unittest.mock import Mock

import httpx
import numpy as np
import pytest

from core.attention.laws import Gumbel
from core.attention.logits import attend, softmax
from core.bayes.language.model import by_attention, by_naive_bayes, counted_model
from core.bayes.language.params import Dials
from core.bayes.language.params import Params as Counting
from core.bayes.language.tables import factors
from core.bayes.pooling import Pooling, fused, naive_bayes, normalised
from core.cosent.loss import cosent, shares
from core.guidance.rules import cfg, noise_of_denoised
from core.guidance.steps import ddim, signal_and_noise
from core.hotwater.cooling import cooling
from core.hotwater.params import Params as Tap
from core.lora.floors import best_of_rank, reduced_rank
from core.mixture import Mixture, equal_mixture
from core.udm.corruptions.fade import Fade
from core.udm.corruptions.pixelate import Pixelate
from core.udm.linear import Gaussian, level
from core.udm.places import drawn
from core.udm.posterior import Posterior
from core.udm.rules import partial_step
from demos._experiment import Computation
from demos._glossary import HAN, glossary, meant
from demos._home import Home, sources
from demos._tab import find
from demos._words import read, scopes, texts
from demos.cosent.face import descent

TABS = find()
EXPERIMENTS = {experiment.name: experiment for tab in TABS.values() for experiment in tab.experiments}
EDGES = read("_home")["edges"]
LIGHT = 100_000  # bytes of all small pictures together
DRAWS, SURE = 200_000, 4.5  # how often, and standard errors: with six options one false alarm in 20 000 runs


@pytest.fixture(scope="module")
def home() -> Home:
    for experiment in EXPERIMENTS.values():
        experiment.recall()
    return Home(TABS)


def logs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return normalised(rng.normal(size=shape))


def extrapolate(rng):
    """Guidance of log densities is NBCE of one context, at lambda = beta."""
    conditional, prior, beta = logs(rng, 1, 9), logs(rng, 9), 2.5
    guided = cfg(prior, conditional[0], 1 + beta)
    assert np.allclose(guided, (1 + beta) * conditional[0] - beta * prior, atol=1e-12)
    assert np.allclose(normalised(guided), fused(conditional, prior, Pooling.MEAN, beta), atol=1e-12)


def sum_(rng):
    contexts, prior = logs(rng, 4, 9), logs(rng, 9)
    assert np.allclose(fused(contexts, prior, Pooling.MEAN, 3.0), naive_bayes(contexts, prior), atol=1e-12)


def votes(rng):
    p = Counting()
    m = counted_model(p.letters, 20.0, 256, Dials(averaging=1.0, position=0.5, content=2.0))
    before = rng.integers(0, 256, 8)
    assert np.allclose(np.exp(by_naive_bayes(m, before)), by_attention(m, before), atol=1e-10)


def gumbel(rng):
    """How often each logit is the largest under Gumbel noise, and how often text diffusion draws it."""
    s = np.array([1.5, 0.2, -1.0, 0.7, 0.0, 2.0])
    p = softmax(s)
    noisy = (s + Gumbel(strength=1.0).standard_draw(rng, (DRAWS, len(s)))).argmax(1)
    chosen = drawn(p[None], np.zeros(DRAWS, np.int64), rng)
    for winners in (noisy, chosen):
        counted = np.bincount(winners, minlength=len(s)) / DRAWS
        assert np.all(np.abs(counted - p) < SURE * np.sqrt(p * (1 - p) / DRAWS))


def denoiser(rng):
    """Points as a mixture without width: its posterior mean, attention over the points, and Tweedie's formula."""
    data, x, (a, b) = rng.normal(size=(7, 2)), rng.normal(size=(5, 2)), signal_and_noise(0.8)
    logits = -((x[:, None] - a * data) ** 2).sum(-1) / (2 * b * b)
    attended = attend(logits, data)
    points = equal_mixture(data, np.zeros((7, 2, 2)))
    tweedie = (x + b * b * points.noised(a, b).score(x)) / a
    narrow = equal_mixture(data, np.tile(1e-14 * np.eye(2), (7, 1, 1)))
    cosine = level(Gaussian(), narrow, 2 / np.pi * np.arctan(0.8))
    assert np.allclose(attended, tweedie, atol=1e-12)
    assert np.allclose(attended, Posterior(narrow, cosine).mean(x.T).T, atol=1e-9)


def step(rng):
    law = Mixture(np.ones(1), np.zeros((1, 2)), np.eye(2)[None])
    x, guess = rng.normal(size=(2, 6)), rng.normal(size=(2, 6))
    now, after = (level(Gaussian(), law, t) for t in (0.7, 0.4))
    noise = noise_of_denoised(x, guess, float(now.gain[0, 0]), float(now.noise[0, 0]))
    sigma = float(after.noise[0, 0] / after.gain[0, 0])
    assert np.allclose(partial_step(x, guess, 0.0, now, after, 0.0), ddim(guess, noise, sigma), atol=1e-12)


def projection(rng):
    """Both do nothing the second time, and what is lost is what the energies differ by; nothing of that rank is nearer."""
    picture = rng.normal(size=(16, 16, 3))
    kept = Pixelate().apply(picture, np.empty(0), 0.5)
    assert np.allclose(Pixelate().apply(kept, np.empty(0), 0.5), kept, atol=1e-12)
    lost = ((picture - kept) ** 2).sum()
    assert lost == pytest.approx((picture**2).sum() - (kept**2).sum())
    wanted, rank = rng.normal(size=(8, 6)), 3
    best = best_of_rank(np.eye(8), wanted, rank)
    assert np.allclose(best_of_rank(np.eye(8), best, rank), best, atol=1e-12)
    missed = ((wanted - best) ** 2).sum()
    assert missed == pytest.approx((wanted**2).sum() - (best**2).sum())
    assert missed == pytest.approx(2 * reduced_rank(np.eye(8), wanted, rank))
    others = (rng.normal(size=(8, rank)) @ rng.normal(size=(rank, 6)) for _ in range(50))
    assert all(((wanted - other) ** 2).sum() > missed for other in others)


def vectors(rng):
    """The vectors of words are the singular vectors, and lose what LoRA of that rank loses."""
    whole, rank = rng.normal(size=(9, 9)), 4
    value, readout = factors(whole)
    cut = value[:, :rank] @ readout[:rank]
    assert np.allclose(cut, best_of_rank(np.eye(9), whole, rank), atol=1e-10)
    rest = np.linalg.svd(whole, compute_uv=False)[rank:]
    assert ((whole - cut) ** 2).sum() == pytest.approx((rest**2).sum())


def logsumexp(rng):
    """The loss is log-sum-exp over wrongly ordered pairs and 0; its gradient is softmax over them."""
    s, y, scale = rng.normal(size=6), np.array([1.0, 2, 1, 3, 2, 3]), 1.7
    low, high = np.nonzero(y[:, None] < y)
    terms = np.concatenate([[0.0], scale * (s[low] - s[high])])
    loss, gradient = cosent(s, y, scale)
    weights = softmax(terms)[1:]
    assert loss == pytest.approx(np.log(np.exp(terms).sum()))
    assert np.allclose(shares(s, y, scale)[low, high], weights, atol=1e-12)
    pushed = np.zeros(6)
    np.add.at(pushed, low, scale * weights)
    np.add.at(pushed, high, -scale * weights)
    assert np.allclose(gradient, pushed, atol=1e-12)


def cooling_(_rng):
    """Of two points around the room's temperature, whose mean it is."""
    p = Tap()
    line = cooling(p, 20.0)
    warmth = p.set_point - p.room
    share = 1 - (line["left_slow"] - p.room) / warmth
    picture = np.array([p.set_point, p.room - warmth])[None, :, None].repeat(3, -1)
    faded = [Fade().apply(picture, np.empty(0), float(t))[0, 0, 0] for t in share]
    assert np.allclose(faded, line["left_slow"], atol=1e-10)
    rests = np.diff(np.log(1 - share))  # falls by one share in one time: an exponential
    assert np.allclose(rests, rests[0])


IDENTITIES = {
    "extrapolate": extrapolate, "sum": sum_, "votes": votes, "gumbel": gumbel, "denoiser": denoiser, "step": step,
    "projection": projection, "vectors": vectors, "logsumexp": logsumexp, "cooling": cooling_,
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_every_line_of_the_map_is_an_identity(name):
    IDENTITIES[name](np.random.default_rng(7))


def test_lines_lead_to_scenes_of_their_own_topics(home):
    for row, edge in zip(EDGES.values(), home.payload()["edges"], strict=True):
        assert {link["tab"] for link in edge["links"]} == set(row["between"]) and edge["name"]["zh"] and edge["said"]["zh"]
        for link in row["links"]:
            EXPERIMENTS[link["experiment"]].params(**link["values"])  # a scene out of bounds raises
    guided, pooled = (link["values"] for link in EDGES["extrapolate"]["links"])
    assert guided["gamma"] == 1 + pooled["beta"], "both at the same numbers"


def test_every_tab_has_its_place_and_its_words(home):
    placed = [name for row in home.rows() for name in row]
    assert sorted(placed) == sorted(TABS)
    for topic in home.payload()["topics"]:
        assert topic["idea"]["en"] and topic["idea"]["zh"] and topic["shows"]["en"] and topic["shows"]["zh"]


def test_a_tab_that_home_has_not_heard_of_stands_there_too():
    one = {"guidance": TABS["guidance"], "new": TABS["cosent"]}
    assert Home(one).rows() == [["guidance"], ["new"]]
    topic = next(each for each in Home(one).payload()["topics"] if each["tab"] == "new")
    assert "idea" not in topic and topic["link"].startswith("?experiment=cosent_loss")


def test_small_pictures_are_light_move_and_come_from_results(home):
    pictures = {topic["tab"]: topic["picture"] for topic in home.payload()["topics"]}
    assert sum(len(json.dumps(picture)) for picture in pictures.values()) <= LIGHT
    for name, tab in TABS.items():
        assert pictures[name]["frames"] == len(pictures[name]["labels"]) >= 5
        p = tab.face.experiment.params()
        other = tab.face.computation.recalled(p)
        assert tab.face.draw(p, other).payload() == pictures[name], "the same result gives the same picture"
        films = [layer for panel in pictures[name].get("panels", [pictures[name]]) for layer in panel.get("layers", [panel])]
        assert any(film["shape"][0] == pictures[name]["frames"] for film in films if "shape" in film), name


def test_a_result_that_does_not_ship_leaves_the_picture_out(monkeypatch):
    monkeypatch.setattr(Computation, "recalled", Mock(return_value=None))
    assert TABS["lora"].face.picture() is None


def test_the_small_picture_of_cosent_is_descent():
    face = TABS["cosent"].face
    p = face.experiment.params()
    r = face.computation.recalled(p)
    path = descent(r.scores, r.labels, p.scale)
    losses = [float(cosent(s, r.labels, p.scale)[0]) for s in path]
    assert all(after < before for before, after in pairwise(losses))


def said(tab: str) -> list[dict[str, str]]:
    """The texts of a tab in which terms are explained: stories, formulas, names of numbers and their hints."""
    found = []
    for scope in scopes({tab: TABS[tab]}):
        told = texts(scope)
        keys = [key for key in told if key in ("story", "formulas") or key.endswith(".hint") or f"{key}.hint" in told]
        found += [told[key] for key in keys]
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_term_is_met_in_a_text(language):
    met = {term for tab in TABS for text in said(tab) for term in meant(text[language], tab, language)}
    edges = {term for edge in EDGES.values() for term in meant_at_home(edge[language], language)}
    assert {term.key for term in glossary()} <= met | edges


def meant_at_home(text: str, language: str) -> set[str]:
    """On Home every term means everything it may."""
    return {key for tab in TABS for key in meant(text, tab, language)}


def test_terms_are_told_in_plain_words_in_both_languages():
    terms = glossary()
    assert len(terms) >= 40
    for language in ("en", "zh"):
        names = [term.name[language] for term in terms]
        assert len(set(names)) == len(names)
    for term in terms:
        assert HAN.search(term.said["zh"]) and not HAN.search(term.said["en"]), term.key
        assert set(term.tabs) <= TABS.keys()
        for language in ("en", "zh"):
            assert term.key in meant_at_home(term.name[language], language), "its own name is a form of it"
            assert len(term.said[language]) <= 130, "one sentence"


def test_what_is_never_marked_is_not_read():
    assert meant("### Attention\n$softmax$ and `logit` and [SVD](https://a.b) and *seed*", "attention", "en") == set()
    assert meant("**Attention** of a classifier-free logit", "guidance", "en") == {
        "attention",
        "classifier_free_guidance",
        "logit",
    }
    assert meant("scores of pairs", "cosent", "en") == set() and meant("scores", "guidance", "en") == {"score"}
    assert meant("softmaxes", "attention", "en") == set()


def test_every_reference_is_used_and_every_article_listed(home):
    listed = home.references()
    for each in listed["articles"] + listed["papers"]:
        assert each["tabs"], each["address"]
    cited = set(re.findall(r"\((https://kexue\.fm/archives/\d+)\)", "".join(map(sources, TABS))))
    assert cited == {each["address"] for each in listed["articles"]}
    assert {9257, 9262, 9271, 9341, 9405, 10869, 9590, 9593, 9648, 9617, 9632} <= {
        int(each["address"].rsplit("/", 1)[1]) for each in listed["articles"]
    }


def test_titles_of_articles_are_those_that_the_tabs_tell(home):
    """In Chinese, where a tab names the article at all."""
    words = "".join(map(sources, TABS))
    for each in home.references()["articles"]:
        title = each["title"]["zh"].replace(" ?", "")
        assert title in words.replace(" ?", "") or each["address"].endswith("/8847"), title
        assert each["date"] in words or each["address"].endswith("/8847"), each["date"]


def test_the_files_of_home_are_cached_for_ever_and_no_other_is_given(address):
    page = httpx.get(address).text
    glossary_at = re.search(r"lab/glossary-\w+\.json", page)[0]
    answer = httpx.get(address + glossary_at)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable" and len(answer.json()["terms"]) >= 40
    assert httpx.get(address + glossary_at, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert httpx.get(address + "lab/home-000000000000.json").status_code == 404
    assert httpx.get(address + "lab/other-000000000000.json").status_code == 404
