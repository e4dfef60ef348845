"""From the start of the process to the first 200, and the page again, beside an empty gradio app; in turn, several times."""

import statistics
import subprocess
import sys
import time
from contextlib import suppress
from urllib.error import URLError
from urllib.request import Request, urlopen

EMPTY = "import gradio as gr\nwith gr.Blocks() as page:\n    gr.Markdown('empty')\npage.launch(server_port={port}, quiet=True)"
ROUNDS, VISITS = 5, 20
PORT = 7898


def first_answer(command: list[str]) -> tuple[float, float, int]:
    """Seconds until the page answers, seconds of each later page, and its bytes."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{PORT}/") as answer:
                if answer.status == 200:
                    return time.perf_counter() - started, *later_pages()
            time.sleep(0.01)
    finally:
        process.terminate()
        process.wait()


def later_pages() -> tuple[float, int]:
    """As a browser asks for them."""
    started, asked = time.perf_counter(), Request(f"http://127.0.0.1:{PORT}/", headers={"accept-encoding": "gzip"})
    for _ in range(VISITS):
        with urlopen(asked) as answer:
            size = len(answer.read())
    return (time.perf_counter() - started) / VISITS, size


def main() -> None:
    ours, empty = [], []
    for _ in range(ROUNDS):
        empty.append(first_answer([sys.executable, "-c", EMPTY.format(port=PORT)]))
        ours.append(first_answer([sys.executable, "app.py", str(PORT)]))
    lab, peer = ([statistics.median(each) for each in zip(*rounds, strict=True)] for rounds in (ours, empty))
    print(f"start\n  lab {lab[0]:.2f} s, empty {peer[0]:.2f} s, ratio {lab[0] / peer[0]:.2f}")
    said = f"lab {1e3 * lab[1]:.1f} ms, {lab[2] / 1e3:.0f} kB, empty {1e3 * peer[1]:.1f} ms, {peer[2] / 1e3:.0f} kB"
    print(f"a later page\n  {said}, ratio {lab[1] / peer[1]:.2f}")


if __name__ == "__main__":
    main()
