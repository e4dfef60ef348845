"""Every part of every tab under axe-core, by day and by night: no finding that axe calls serious or critical."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from demos._tab import find

TABS = find()
WORST = ("serious", "critical")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}


def findings(page) -> list[tuple[str, Any]]:
    """(rule, places) of what is worst on the page as it stands."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:5]) for each in found if each["impact"] in WORST]


@pytest.mark.parametrize("name", TABS)
def test_nothing_serious(visitor, name):
    first, *others = TABS[name].experiments
    visitor.arrive(f"?experiment={first.name}", f"#{first.name} .report")
    visitor.page.add_style_tag(content="* { transition: none !important; }")  # a colour on its way is nobody's choice
    found = {}
    for i, experiment in enumerate((first, *others)):
        if others:
            visitor.page.locator(f"#{name}-parts").get_by_role("tab").nth(i).click()
            visitor.page.locator(f"#{experiment.name} .report[data-tag]").wait_for()
        for shade in ("day", "night"):
            found[experiment.name, shade] = findings(visitor.page)
            visitor.page.locator("#shade").click()
    assert not {place: worst for place, worst in found.items() if worst}
