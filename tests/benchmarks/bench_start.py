"""From the start of the process to the first 200, beside an empty gradio app; both in turn, several times."""

import statistics
import subprocess
import sys
import time
from contextlib import suppress
from urllib.error import URLError
from urllib.request import urlopen

EMPTY = "import gradio as gr\nwith gr.Blocks() as page:\n    gr.Markdown('empty')\npage.launch(server_port={port}, quiet=True)"
ROUNDS = 5
PORT = 7898


def first_answer(command: list[str]) -> float:
    """Seconds until the page answers."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{PORT}/") as answer:
                if answer.status == 200:
                    return time.perf_counter() - started
            time.sleep(0.01)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    ours, empty = [], []
    for _ in range(ROUNDS):
        empty.append(first_answer([sys.executable, "-c", EMPTY.format(port=PORT)]))
        ours.append(first_answer([sys.executable, "app.py", str(PORT)]))
    ratio = statistics.median(ours) / statistics.median(empty)
    print(f"start\n  lab {statistics.median(ours):.2f} s, empty {statistics.median(empty):.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
