"""The pieces of the page that are drawn in the browser and keep their place there: one gr.HTML each, redrawn in place.

A function that returns a gr.HTML, not a subclass: gradio writes a .pyi file beside every module that subclasses one.
The code of every kind is in demos/browser and reaches the browser once, see _served.py.
"""

from typing import Any, Literal

import gradio as gr

Kind = Literal[
    "figure",
    "stage",
    "grid",
    "lines",
    "rows",
    "report",
    "points",
    "table",
    "upload",
    "sketch",
    "photo",
    "parcel",
    "scenes",
    "lessons",
    "map",
]
INPUTS = {"points", "sketch", "photo"}
PICTURE = (
    "<figure class='picture {}'><div class='box'>{}</div>"
    "<div class='player' role='group' hidden></div><figcaption></figcaption></figure>"
)
BODIES: dict[Kind, str] = {
    "figure": PICTURE.format("charted", "<div class='plot' role='img'></div>"),
    "stage": PICTURE.format("staged", "<canvas role='img'></canvas>"),
    "grid": PICTURE.format("tiled", "<canvas role='img'></canvas>"),
    "lines": PICTURE.format("written", "<dl class='lines'></dl>"),
    "rows": PICTURE.format("listed", "<table class='rows'></table>"),
    "report": "<div class='report'></div>",
    "points": "<fieldset class='coordinates'></fieldset>",
    "table": "<fieldset class='sheet'></fieldset>",
    "upload": "<div class='upload' role='group'></div>",
    "sketch": "<div class='sketch' role='group'></div>",
    "photo": "<div class='sketch photo' role='group'></div>",
    "parcel": "<div class='handouts' role='group'></div><div class='parcel' aria-live='polite'></div>",
    "scenes": "<div class='scenes' role='group'></div>",
    "lessons": "<div class='lessons'></div>",
    "map": "<div class='home'></div>",
}


def live(kind: Kind, scope: str = "", caption: str = "", **more: Any) -> gr.HTML:
    """A place that watches its value and says its texts in the words of `scope`.

    caption: of a picture the key of the sentence below it, of an input the key of its label.
    more: what the kind needs (points: parameter, least, most, low, high; table: parameter, least, most, columns; upload:
    parameter, most, example, suffix; sketch, photo: parameter; map: address), and anything gr.HTML takes.
    """
    classes = more.pop("elem_classes", [])
    more["elem_classes"] = ["live", f"live-{kind}", *([classes] if isinstance(classes, str) else classes)]
    code = f'house.mount("{kind}", element, props, trigger, watch)'
    start = {"start": more.get("value")} if kind in INPUTS else {}  # a prop may not be a word of JavaScript
    return gr.HTML(
        html_template=BODIES[kind], js_on_load=code, apply_default_css=False, scope=scope, caption=caption, **start, **more
    )
