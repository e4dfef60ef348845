"""One of a class: opens an experiment, moves a slider every few seconds, and waits for runs as the page does."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.load.protocol import Events

RESTED = 0.35  # s without a move, then the page asks for the rest (demos/browser/report.js)
PAGE = {"x-gradio-user": "app"}
LINES = httpx.Limits(keepalive_expiry=2)  # s; the server hangs up after 5, and a browser knows how to call again


@dataclass
class Log:
    """What happened to a student."""

    live: list[float] = field(default_factory=list)  # s from a move to its answer
    runs: list[float] = field(default_factory=list)  # s from a rest to its end
    places: list[int] = field(default_factory=list)  # in line, as the page showed them
    lost: int = 0  # answers to something else than was asked
    errors: list[str] = field(default_factory=list)


@dataclass
class Student:
    """A session of its own."""

    address: str
    events: Events
    random: Random
    share: float  # of moves after which this student waits for the run
    log: Log = field(default_factory=Log)
    session: str = field(default_factory=lambda: secrets.token_hex(6))

    async def attend(self, moves: int, every: float) -> None:
        """One move every so many seconds, sooner where the answer took longer."""
        # verify: certificates take a while to read
        async with httpx.AsyncClient(timeout=120, headers=PAGE, limits=LINES, verify=False) as client:
            await client.get(self.address)
            beat = asyncio.create_task(self._beat(client))
            await self._ask(client, self.events.arrive, self.events.values())
            await asyncio.sleep(self.random.uniform(0, every))
            for _ in range(moves):
                begun = time.monotonic()
                await self._move(client)
                await asyncio.sleep(max(0.0, every - (time.monotonic() - begun)))
            beat.cancel()

    async def _beat(self, client: httpx.AsyncClient) -> None:
        """The page holds a line open, by which the server knows that it is there."""
        try:
            async with client.stream("GET", f"{self.address}gradio_api/heartbeat/{self.session}", timeout=None) as lines:
                async for _ in lines.aiter_lines():
                    pass
        except httpx.HTTPError as error:
            self.log.errors.append(f"heartbeat: {error!r}")

    async def _move(self, client: httpx.AsyncClient) -> None:
        values, where = self.events.values(), self.random.choice(self.events.movable())
        control = self.events.controls[where]
        steps = round((control.high - control.low) / control.step)
        values[where] = type(control.default)(control.low + self.random.randint(0, steps) * control.step)
        begun = time.monotonic()
        report = await self._ask(client, self.events.draw, values)
        if report is None:
            return
        self.log.live.append(time.monotonic() - begun)
        if "faults" not in report and abs(report["tag"][control.name] - values[where]) > control.step / 2:
            self.log.lost += 1
        if report.get("rest") and self.events.rest is not None and self.random.random() < self.share:
            await asyncio.sleep(RESTED)
            await self._run(client, values)

    async def _ask(self, client: httpx.AsyncClient, event: int, values: list[Any]) -> dict[str, Any] | None:
        """The report of an answer that comes at once."""
        body = {"data": [None, values], "event_data": None, "fn_index": event, "trigger_id": self.events.report}
        try:
            answer = await client.post(f"{self.address}gradio_api/run/predict", json=body | {"session_hash": self.session})
            answer.raise_for_status()
        except httpx.HTTPError as error:
            self.log.errors.append(f"{self.events.experiment.name}: {error!r}")
            return None
        report: dict[str, Any] = answer.json()["data"][-1]
        return report

    async def _run(self, client: httpx.AsyncClient, values: list[Any]) -> None:
        """Join the line, hear the parts, ask for the place meanwhile."""
        mark, begun = secrets.token_hex(8), time.monotonic()
        body = {
            "data": [None, [mark, values]],
            "event_data": None,
            "fn_index": self.events.rest,
            "trigger_id": self.events.report,
        }
        try:
            joined = await client.post(f"{self.address}gradio_api/queue/join", json=body | {"session_hash": self.session})
            joined.raise_for_status()
            watch = asyncio.create_task(self._watch(client, mark))
            await self._hear(client)
            watch.cancel()
        except httpx.HTTPError as error:
            self.log.errors.append(f"{self.events.experiment.name}: {error!r}")
            return
        self.log.runs.append(time.monotonic() - begun)

    async def _hear(self, client: httpx.AsyncClient) -> None:
        async with client.stream("GET", f"{self.address}gradio_api/queue/data", params={"session_hash": self.session}) as lines:
            async for line in lines.aiter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        self.log.errors.append(f"{self.events.experiment.name}: {message['output']}")
                    return

    async def _watch(self, client: httpx.AsyncClient, mark: str) -> None:
        while True:
            await asyncio.sleep(0.7)
            place = (await client.get(f"{self.address}lab/line", params={"run": mark})).json()
            if place["state"] == "waiting":
                self.log.places.append(place["ahead"])
