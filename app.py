"""The lab: every module of demos/ is a tab. `python app.py [port] [--pipeline FOLDER]`, the folder of a diffusion model of
your own; host and port also from GRADIO_SERVER_NAME and _PORT."""

import gc

if __name__ == "__main__":
    gc.disable()  # hardly anything that is made at the start dies young; serve() lets the collector go on

import argparse
import os
import sys
from html import escape
from typing import Any

import gradio as gr

from core.guidance.pipeline.folder import PipelineError
from core.guidance.pipeline.host import VARIABLE
from demos._api import schemas
from demos._front import middleware
from demos._house import House
from demos._line import MOST, Line, gate
from demos._line import route as places
from demos._memory import settle
from demos._rooms import Rooms, ranges
from demos._rooms import route as tally
from demos._served import head, routes
from demos._sweeps import route as sweeps
from demos._tab import find
from demos._words import translations

FONTS = ("system-ui", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
THEME = gr.themes.Base(primary_hue="blue", neutral_hue="slate", font=FONTS, font_mono=("ui-monospace", "monospace"))


def build() -> House:
    """All tabs; raises where one is broken."""
    return House(find())


def home() -> str:
    """The public address of a Space, for share links made inside its frame; elsewhere the page's own address is right."""
    host = os.environ.get("SPACE_HOST")
    return f'<meta name="lab-home" content="https://{escape(host)}/">' if host else ""


def serve(house: House, **options: Any) -> str:
    """Launch with what every start of the lab shares; returns the address."""
    page, tabs, front = house.page, house.tabs, house.home
    looks = {
        "theme": THEME,
        "head": home() + front.head() + head(),
        "i18n": gr.I18n(**translations(tabs)),
        "footer_links": ["api"],
    }
    limits = {"run_history": False, "enable_monitoring": False, "max_file_size": "4mb", "state_session_capacity": 1000}
    settle()
    page.queue(api_open=False, default_concurrency_limit=4, max_size=MOST)
    line = Line(page)
    shared = {
        "mcp_server": True,
        "ssr_mode": False,
        "quiet": True,
        "_frontend": False,  # or gradio stops where a busy machine takes longer than 3 s to answer gradio's own first question
        "app_kwargs": {
            "routes": [schemas(tabs), tally(Rooms(ranges(tabs))), sweeps(), places(line), front.route(), *routes()],
            "middleware": [*middleware(), gate(line)],
        },
    }
    return page.launch(**shared, **looks, **limits, **options)[1]


def main() -> None:
    """Serve, or say in one sentence what is wrong with the pipeline that the host has named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", nargs="?", type=int)
    parser.add_argument("--pipeline", metavar="FOLDER", help=f"of a diffusers pipeline; also as {VARIABLE}")
    given = parser.parse_args()
    if given.pipeline:
        os.environ[VARIABLE] = given.pipeline
    try:
        house = build()
    except PipelineError as error:
        sys.exit(str(error))
    serve(house, server_port=given.port)


if __name__ == "__main__":
    main()
