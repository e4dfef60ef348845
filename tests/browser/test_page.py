"""The page as its visitors meet it, in headless Chromium."""

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}}
DARK = {"color_scheme": "dark"}
HAN = "[\u4e00-\u9fff]"
PLANE = "guidance_plane"
DRAWN = "[...document.querySelectorAll('.plot')].every((plot) => plot.dataset.tag || !plot.offsetParent)"


def test_arrow_keys_move_the_first_picture_and_its_numbers(visitor):
    visitor.arrive()
    visitor.press("ArrowRight", PLANE, "gamma")
    visitor.sees(f"#{PLANE} canvas", gamma=4.1)
    visitor.sees(f"#{PLANE} .report", gamma=4.1)


def test_curves_follow_when_the_controls_rest(visitor):
    visitor.arrive()
    visitor.sees(f"#{PLANE} .distance .plot", seed=0)
    visitor.click("New seed")
    visitor.page.wait_for_function(f"!document.querySelector('#{PLANE} .report').dataset.tag.includes('\"seed\":0}}')")
    visitor.sees(f"#{PLANE} .distance .plot", **visitor.tag(f"#{PLANE} .report"))


def test_language_switches_in_place_and_is_remembered(visitor):
    visitor.arrive()
    visitor.press("ArrowRight", PLANE, "gamma")
    visitor.page.get_by_text("中文").click()
    for place in ("[role=tab]", "#title", f"#{PLANE} .report th", f"#{PLANE} figcaption"):  # each in its own time
        said = f"[...document.querySelectorAll('{place}')].map((each) => /{HAN}/.test(each.textContent))"
        visitor.page.wait_for_function(f"(() => {{ const said = {said}; return said.length && said.every(Boolean); }})()")
    visitor.sees(f"#{PLANE} canvas", gamma=4.1)  # no reload: the slider is where it was
    visitor.arrive()
    expect(visitor.page.get_by_role("tab").first).to_have_text("首页")
    expect(visitor.page.get_by_role("tab").nth(1)).to_have_text("条件引导")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.parametrize("visitor", [{"locale": "zh-TW"}], indirect=True)
def test_who_reads_chinese_finds_it_in_the_title_too(visitor):
    visitor.arrive()
    expect(visitor.page).to_have_title("六个思想，一间实验室")
    expect(visitor.control(PLANE, "gamma").locator("label")).to_contain_text("强度")


@pytest.mark.parametrize("visitor", [DARK], indirect=True)
def test_dark_is_dark_in_the_figure_too(visitor):
    visitor.arrive()
    visitor.sees(f"#{PLANE} .distance .plot")
    title, paper = (visitor.page.locator(f"#{PLANE} {part}").first for part in (".xtitle", ".main-svg"))
    assert sum(map(int, title.evaluate("e => getComputedStyle(e).fill.match(/\\d+/g).slice(0, 3)"))) > 600
    assert paper.evaluate("e => getComputedStyle(e).background").startswith("rgba(0, 0, 0, 0)")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_phone_scrolls_one_way(visitor):
    visitor.arrive()
    visitor.sees(f"#{PLANE} .distance .plot")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("visitor", [{"timezone_id": "Etc/GMT+1"}], indirect=True)  # a process of its own is counted
def test_nothing_grows_over_a_hundred_updates(visitor):
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Performance.enable")

    def nodes() -> int:
        """Once three looks agree: while figures are drawn, some are there twice and others not yet."""
        seen = [look() for _ in range(3)]
        while len(set(seen[-3:])) > 1 and len(seen) < 50:
            seen.append(look())
        return seen[-1]

    def look() -> int:
        visitor.page.wait_for_timeout(400)
        session.send("HeapProfiler.collectGarbage")
        return next(int(m["value"]) for m in session.send("Performance.getMetrics")["metrics"] if m["name"] == "Nodes")

    def sweep(times: int) -> None:
        for i in range(times):
            away = i // 10 % 2 == 0
            visitor.press("ArrowRight" if away else "ArrowLeft", PLANE, "gamma")
            visitor.sees(f"#{PLANE} canvas", gamma=round(4.1 + 0.1 * (i % 10 if away else 8 - i % 10), 1))

    visitor.arrive()
    visitor.page.wait_for_function(DRAWN)
    sweep(20)
    before = nodes()
    sweep(100)
    assert nodes() <= 1.01 * before


def test_an_answer_that_was_overtaken_is_asked_for_again(visitor):
    """A run's answer may be on its way when the answer to a newer move arrives; after a restart turns begin anew."""
    visitor.arrive()
    seen = visitor.page.evaluate("""() => {
      const element = document.createElement("div"), asked = [];
      const props = { scope: "guidance.plane", experiment: "none", value: null };
      element.innerHTML = "<div class='report'></div>";
      let changed = () => {};
      window.house.kinds.report(element, props, (event) => asked.push(event), (_, listener) => { changed = listener; });
      return [[3, "new"], [2, "old"], [1, "restarted"], [2, "next"]].map(([turn, name]) => {
        props.value = { turn, metrics: { name: turn }, tag: { name }, done: 1 };
        changed();
        return [JSON.parse(element.querySelector(".report").dataset.tag).name, asked.length];
      });
    }""")
    assert seen == [["new", 0], ["new", 1], ["restarted", 1], ["next", 1]]


def test_what_a_hand_moves_while_a_link_is_set_stays(visitor):
    """Gradio sets controls some time after it has asked to what: here one is moved by hand in between."""
    visitor.arrive()
    visitor.sees(f"#{PLANE} .report", gamma=4.0, steps=50)
    visitor.page.evaluate("""() => {
      const before = house.sceneOf;
      house.sceneOf = (...asked) => {
        const values = before(...asked), box = document.querySelector("#guidance_plane-gamma input[type=number]");
        box.value = "9";
        for (const kind of ["input", "change", "blur"]) box.dispatchEvent(new Event(kind, { bubbles: true }));
        return values;
      };
      house.put("guidance_plane", { values: { steps: 60 }, absent: [] }, true);
    }""")
    visitor.sees(f"#{PLANE} .report", gamma=9, steps=60)


def test_a_drawer_never_shows_what_does_not_exist(visitor):
    """Not for a moment: a press of Tab would land there, and be nowhere when it is gone."""
    visitor.arrive()
    shown = visitor.page.evaluate("""async (experiment) => {
      const drawer = document.querySelector(`#${experiment} .advanced`), name = ({ id }) => id.replace(`${experiment}-`, "");
      const controls = () => [...drawer.querySelectorAll(`[id^="${experiment}-"]`)], seen = new Set();
      drawer.querySelector("button").click();
      for (let look = 0; look < 40 || !controls().length; look++) {
        for (const control of controls()) if (!control.hidden) seen.add(name(control));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return [...seen];
    }""", PLANE)  # fmt: skip
    assert shown == ["particles", "score_error", "classifier_error", "seed"]
