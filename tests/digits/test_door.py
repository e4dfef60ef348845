"""The process ends when nobody is inside a network, and not before."""

import subprocess
import sys
from threading import Event, Thread

from core.digits.door import Door

BUSY = """
from threading import Thread
from core.guidance.digits import Params, compute
from core.guidance.digits.pictures import start_drawing

def forever():
    while True:
        start_drawing(Params(count=2)).finished()

start_drawing(Params(count=1)).finished()
Thread(target=forever, daemon=True).start()
list(compute(Params(count=1)))
"""


def test_closing_waits_for_those_inside_and_lets_nobody_in():
    door, entered, leave, late = Door(), Event(), Event(), Event()

    def stay():
        with door:
            entered.set()
            leave.wait()

    def come_late():
        with door:
            late.set()

    closing = Thread(target=door.close)
    Thread(target=stay).start()
    entered.wait()
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    Thread(target=come_late, daemon=True).start()
    leave.set()
    closing.join(10)
    assert not closing.is_alive() and not late.wait(0.2)


def test_closing_waits_for_those_on_their_way_back():
    door, left, come_back = Door(grace=600), Event(), Event()

    def come_and_go():
        with door:
            pass
        left.set()
        come_back.wait()
        with door:
            pass

    closing = Thread(target=door.close)
    Thread(target=come_and_go, daemon=True).start()
    left.wait()
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    come_back.set()
    closing.join(10)
    assert not closing.is_alive()


def test_closing_does_not_wait_for_ever_for_who_has_other_things_to_do():
    door, left = Door(grace=0.1), Event()

    def come_and_go():
        with door:
            pass
        left.set()
        Event().wait()

    Thread(target=come_and_go, daemon=True).start()
    left.wait()
    door.close()


def test_a_process_ends_well_while_a_visitor_is_served():
    subprocess.run([sys.executable, "-c", BUSY], check=True)
