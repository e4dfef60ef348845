"""Experiments of one tab are parts of it: one at a time on screen, each with a name, a link leads to the right one."""

import pytest

from demos._tab import find
from demos._words import texts

PARTED = {name: tab for name, tab in find().items() if len(tab.experiments) > 1}


@pytest.mark.parametrize("name", PARTED)
def test_one_part_at_a_time_is_on_screen(visitor, name):
    visitor.arrive(f"?experiment={PARTED[name].experiments[0].name}", f"#{PARTED[name].experiments[0].name} .report")
    parts = visitor.page.locator(f"#{name}-parts").get_by_role("tab")
    for i, experiment in enumerate(PARTED[name].experiments):
        parts.nth(i).click()
        visitor.page.locator(f"#{experiment.name} .report[data-tag]").wait_for()
        assert parts.nth(i).inner_text() == texts(experiment.scope)["title"]["en"]
        for other in PARTED[name].experiments:
            assert visitor.page.locator(f"#{other.name}").is_visible() == (other is experiment)


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_link_leads_to_the_part(browser, address, locale):
    """The last part of the last tab: neither is what opens first."""
    tab = list(PARTED.values())[-1]
    experiment = tab.experiments[-1]
    page = browser.new_context(locale=locale).new_page()
    page.goto(f"{address}?experiment={experiment.name}&seed=7")
    page.wait_for_selector(f"#{experiment.name} .report[data-tag*='\"seed\":7']")
    said = texts(experiment.scope)["title"]["zh" if locale == "zh-CN" else "en"]
    assert page.get_by_role("tab", name=said, exact=True).get_attribute("aria-selected") == "true"
    page.context.close()
