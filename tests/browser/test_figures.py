"""Pictures of every tab: said in words with their numbers, whole at 200 % and on paper."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page

from demos._experiment import Experiment
from demos._plot import Chart, Grid, Stage
from demos._tab import find
from demos._words import texts

TABS = {name: tab for name, tab in find().items() if tab.experiments}
ZOOMED = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}  # a screen of 1440 × 900 at 200 %
A4 = {"width": 703, "height": 1032}  # px of 210 × 297 mm with margins of 12 mm
HAN = re.compile("[\u4e00-\u9fff]")
FEW = 6  # points of a series that are all said

IMAGES = """(name) => [...document.querySelectorAll(`#${name} .picture [role=img]`)].map((node) => ({
  caption: node.getAttribute("aria-label"), drawn: Boolean(node.dataset.tag),
  told: document.getElementById(node.getAttribute("aria-describedby"))?.textContent ?? "",
  drawing: node.closest(".picture").parentElement.className,
}))"""
ALL_TOLD = f"(name) => ({IMAGES})(name).every(({{ drawn, told }}) => drawn && told)"
ALL_CHINESE = f"(name) => ({IMAGES})(name).every(({{ told }}) => /[\\u4e00-\\u9fff]/.test(told))"

# What reaches out of the page or is cut off, and words or controls that lie on each other; what floats over a picture may.
FITS = r"""(wide) => {
  const out = [], seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const said = (e) => `${e.tagName}.${e.className.baseVal ?? e.className} ${(e.textContent ?? "").trim().slice(0, 40)}`;
  const above = (e, isSo) => { for (let each = e; each && each !== document.body; each = each.parentElement) if (isSo(getComputedStyle(each))) return true; return false; };
  if (document.documentElement.scrollWidth > wide) out.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  const places = [];
  for (const e of document.querySelectorAll(".gradio-container *:not(svg *)")) {
    const box = e.getBoundingClientRect(), look = getComputedStyle(e);
    if (!box.width || !box.height || !seen(e) || e.closest(".visually-hidden, .sr-only, .told")) continue;
    if ((box.right > wide + 1 || box.left < -1) && !above(e.parentElement, (each) => /auto|scroll/.test(each.overflowX))) out.push(`outside: ${said(e)}`);
    if (/hidden|clip/.test(look.overflowX) && e.clientWidth > 2 && e.scrollWidth > e.clientWidth + 1) out.push(`cut off: ${said(e)}`);
    const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const isPlace = own || /^(BUTTON|INPUT|SELECT|TEXTAREA|CANVAS)$/.test(e.tagName);
    if (isPlace && !e.closest(".plot, math, .katex") && !above(e, (each) => /absolute|fixed|sticky/.test(each.position)) && look.display !== "inline") places.push([e, box]);
  }
  places.forEach(([one, a], i) => places.slice(i + 1).forEach(([other, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left), down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 3 && down > 3 && !one.contains(other) && !other.contains(one)) out.push(`on each other: ${said(one)} | ${said(other)}`);
  }));
  return out;
}"""  # noqa: E501  a script
# Makes no sense on paper.
LEFT = "button:not(.hinted, th *, .handle), input, select, textarea, .tools, .player, #language, [role=tablist]"


@pytest.fixture(scope="module", params=TABS)
def opened(request, browser, address) -> Iterator[tuple[Page, tuple[Experiment, ...]]]:
    """One tab at 200 %; its parts are opened one after another by whoever tests."""
    context = browser.new_context(locale="en-GB", **ZOOMED)
    page, broken = context.new_page(), []
    page.set_default_timeout(90_000)
    page.on("pageerror", lambda error: broken.append(str(error)))
    experiments = TABS[request.param].experiments
    page.goto(f"{address}?experiment={experiments[0].name}")
    yield page, experiments
    context.close()
    assert not broken


def turn(page: Page, experiments: tuple[Experiment, ...], experiment: Experiment) -> None:
    """To this part, and until all that ships for it is drawn and said."""
    page.wait_for_selector(f"#{experiments[0].name} .report[data-tag]", state="attached")
    if len(experiments) > 1:
        page.locator(".parts").locator("visible=true").get_by_role("tab").nth(experiments.index(experiment)).click()
    page.wait_for_selector(f"#{experiment.name} .report[data-tag]", state="attached")
    page.wait_for_function(ALL_TOLD, arg=experiment.name)


def decoded(values) -> np.ndarray:
    """Of a payload of Plotly: plain, or bytes of float32."""
    if isinstance(values, dict):
        return np.frombuffer(b64decode(values["bdata"]), "<f4").astype(float)
    return np.array([each for each in values if isinstance(each, int | float)], float)


def said(value: float) -> str:
    """As house.number says it."""
    size = abs(value)
    text = f"{value:.2e}" if size and (size < 1e-4 or size >= 1e7) else f"{float(f'{value:.4g}'):.10g}"
    return re.sub(r"e([+-])0?(\d)", r"e\1\2", text).replace("-", "−")


def marks(values: np.ndarray) -> set[str]:
    """The numbers that stand for a series."""
    values = values[np.isfinite(values)]
    chosen = values if len(values) <= FEW else (values[0], values[-1], values.min(), values.max())
    return {said(float(each)) for each in chosen}


def missing(picture, text: str) -> list[object]:
    """What is drawn and not said."""
    if isinstance(picture, Grid):
        return [] if f"{picture.frames.shape[1]} pictures" in text else ["count of pictures"]
    if isinstance(picture, Stage):
        layers = [layer for panel in picture.panels for layer in panel.layers if layer["layer"] == "dots"]
        return [layer["shape"] for layer in layers if f"{layer['shape'][1]} dots" not in text]
    frame = picture.frames[-1]["data"] if picture.frames else [{}] * len(picture.data)
    lost = []
    for trace in (each | changed for each, changed in zip(picture.data, frame, strict=False)):
        if trace.get("type") == "scatter" and trace.get("visible", True) is True and trace.get("fill") != "toself":
            sides = [decoded(trace.get(way, [])) for way in "yx"]
            numbers = set(re.findall(r"−?\d[\d.]*(?:e[+−]\d+)?(?<!\.)", text))
            if not any(marks(side) <= numbers for side in sides):
                lost.append((trace.get("name"), [sorted(marks(side) - numbers) for side in sides]))
    return lost


def test_pictures_are_told_with_the_numbers_that_are_drawn(opened):
    page, experiments = opened
    for experiment in experiments:
        turn(page, experiments, experiment)
        told = {re.search(r"live-\w+ (\w+)", each["drawing"])[1]: each for each in page.evaluate(IMAGES, experiment.name)}
        p = experiment.params()
        for computation in experiment.computations:
            for drawing in computation.drawings:
                picture = drawing(p, computation.finish(p))
                if isinstance(picture, Chart | Grid | Stage):
                    image = told[drawing.__name__]
                    assert image["caption"] and re.search(r"\d", image["told"]), drawing.__name__
                    assert not re.search(r"told\.|undefined|NaN|\{|\[object|@", image["told"]), image["told"]
                    assert not missing(picture, image["told"]), (drawing.__name__, image["told"])


def test_nothing_is_cut_off_at_200_percent(opened):
    page, experiments = opened
    for experiment in experiments:
        turn(page, experiments, experiment)
        assert not page.evaluate(FITS, ZOOMED["viewport"]["width"]), experiment.name


def test_a_tab_is_printed_whole(opened):
    page, experiments = opened
    for experiment in experiments:
        turn(page, experiments, experiment)
        page.set_viewport_size(A4)
        page.emulate_media(media="print")
        assert not page.evaluate(FITS, A4["width"]), experiment.name
        assert not page.locator(LEFT).locator("visible=true").count()
        settings = page.locator(".settings").locator("visible=true").inner_text()
        for c in experiment.params.controls():
            if c.exists(experiment.params().values()):
                assert texts_of(experiment, c.name) in settings, c.name
        address = page.locator(".address").locator("visible=true")
        assert f"experiment={experiment.name}" in address.inner_text() and address.bounding_box()["y"] > 0
        foot = page.locator(f"#{experiment.name}").bounding_box()
        assert address.bounding_box()["y"] >= foot["y"] + foot["height"] - 1
        paper = page.pdf(format="A4", print_background=True)
        page.emulate_media(media="screen")
        page.set_viewport_size(ZOOMED["viewport"])
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 9


def texts_of(experiment: Experiment, key: str) -> str:
    """As the page says it in English."""
    words = texts("_page") | texts(experiment.scope.partition(".")[0]) | texts(experiment.scope)
    return words[key]["en"]


def test_pictures_are_told_in_chinese(opened):
    """Last, for it turns the language of the page."""
    page, experiments = opened
    page.get_by_text("中文", exact=True).click()
    for experiment in experiments:
        turn(page, experiments, experiment)
        page.wait_for_function(ALL_CHINESE, arg=experiment.name)
        for image in page.evaluate(IMAGES, experiment.name):
            assert HAN.search(image["caption"]) and "told." not in image["told"], json.dumps(image)
