"""A home owner reads the tab: Greek letters are for the formulas and for hints alone."""

import re

from demos._words import texts

GREEK = re.compile("[\u0370-\u03ff]")
ASIDE = re.compile(r"(^formulas|\.hint)$")


def test_no_greek_outside_formulas_and_hints():
    spoken = {key: row for key, row in texts("hotwater.tap").items() if not ASIDE.search(key)}
    assert len(spoken) > 50
    assert not [key for key, row in spoken.items() if any(GREEK.search(text) for text in row.values())]
