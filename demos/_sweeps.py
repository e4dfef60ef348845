"""The page that plots tables of core.sweep: lab/sweeps. The table stays in the browser."""

import json
from functools import cache
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from demos._served import BROWSER, FOLDER, assets
from demos._words import texts

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="{style}"><style>{own}</style></head>
<body><main><header><h1></h1><a href="./"></a><button type="button"></button></header><p id="about"></p>
<div class="row"><label><span></span><input type="file" accept=".csv,text/csv"></label></div>
<div class="row" id="choices" hidden></div><p id="told" role="status"></p><div id="plot" role="img"></div></main>
<script>window.sweeps = {told};</script><script src="{plotly}"></script><script>{script}</script></body></html>"""


@cache
def page() -> str:
    """The whole page; its addresses are relative to lab/."""
    served, words = assets(), texts("_sweeps")
    return PAGE.format(
        title=escape(words["title"]["en"]),
        style=served["house.css"].name,
        plotly=served["plotly.js"].name,
        own=(BROWSER / "sweeps.css").read_text("utf8"),
        told=json.dumps({"words": words}).replace("</", "<\\/"),
        script=(BROWSER / "sweeps.js").read_text("utf8"),
    ).replace('href="./"', 'href="../"')


def route() -> Route:
    """For launch(app_kwargs={"routes": [...]})."""

    async def show(_: Request) -> HTMLResponse:
        return HTMLResponse(page(), headers={"Cache-Control": "no-cache"})

    return Route(f"/{FOLDER}/sweeps", show)
