"""From rooms along a trunk to pipes, joints and links, in three layouts.

small loop: dead branches leave a trunk, and the loop is the trunk; big loop: the hot line visits every tap; parallel: every
branch has a way back of its own. The cold side is always a trunk with branches.
"""

from dataclasses import dataclass
from enum import Enum
from math import ceil

from core.hotwater.net import COLD, FEWEST, HOT, RETURN, Piping, Run
from core.hotwater.pipes import Pipe

MOST_CELLS = 120  # of a pipe


class Layout(Enum):
    SMALL_LOOP = "small_loop"
    BIG_LOOP = "big_loop"
    PARALLEL = "parallel"


class Role(Enum):
    """What a pipe is for; its number in the room's row follows."""

    TRUNK = "trunk"
    BRANCH = "branch"
    RETURN = "return"
    RETURN_BRANCH = "return_branch"
    COLD_TRUNK = "cold_trunk"
    COLD_BRANCH = "cold_branch"


@dataclass(frozen=True)
class Room:
    """along: m of trunk from the room before; branch: m from there to the tap; flow: L/min of its tap."""

    kind: str
    along: float
    branch: float
    flow: float


@dataclass(frozen=True)
class Tubes:
    trunk: Pipe
    branch: Pipe
    back: Pipe


@dataclass(frozen=True)
class Laid:
    """Pipes as they are laid. Outlets: hot taps of all rooms, then cold ones; paths: [rooms] pipes from heater to hot tap.

    roles: of every pipe, with the room's number; looped: pipes of the hot side that a pump alone brings hot water to.
    links_at: [C] room of every link, -1 where one serves all.
    """

    piping: Piping
    roles: tuple[tuple[Role, int], ...]
    paths: tuple[tuple[int, ...], ...]
    looped: frozenset[int]
    links_at: tuple[int, ...]


class _Layer:
    """Collects runs and counts nodes while a house is laid."""

    def __init__(self, first_node: int, cells_a_metre: float) -> None:
        self.next, self.fine = first_node, cells_a_metre
        self.runs: list[Run] = []
        self.roles: list[tuple[Role, int]] = []

    def node(self) -> int:
        self.next += 1
        return self.next - 1

    def lay(self, start: int, end: int, tube: Pipe, length: float, role: Role, room: int, family: int) -> int:
        cells = min(max(FEWEST, ceil(length * self.fine)), MOST_CELLS)
        self.runs.append(Run(start, end, tube, length, cells, family))
        self.roles.append((role, room))
        return len(self.runs) - 1


def laid(
    rooms: tuple[Room, ...], layout: Layout, tubes: Tubes, way: str, kept_apart: bool, everywhere: bool, cells_a_metre: float
) -> Laid:
    """way: "drain", "return" or "crossover"; kept_apart: a check valve keeps return water out of the cold side; everywhere: a
    crossover has a valve at every tap, not at the last alone.
    """
    inlet = int(kept_apart)
    layer = _Layer(inlet + 2, cells_a_metre)
    hot, paths = _hot(layer, rooms, layout, tubes, inlet + 1)
    links: list[tuple[int, int]] = []
    if way == "return":
        links = _returns(layer, rooms, layout, tubes, hot, inlet)
    cold = _cold(layer, rooms, tubes)
    if way == "crossover":
        links = list(zip(hot.taps, cold, strict=True))[0 if everywhere else -1 :]
    outlets = tuple([(node, 0) for node in hot.taps] + [(node, 1) for node in cold])
    pump = next((k for k, run in enumerate(layer.runs) if run.family == RETURN and run.end == inlet), -1)
    piping = Piping(inlet, inlet + 1, tuple(layer.runs), tuple(links), outlets, pump)
    looped = _looped(layout, way, everywhere, paths)
    one = way == "drain" or len(links) == 1
    return Laid(piping, tuple(layer.roles), paths, looped, (-1,) * len(links) if one else tuple(range(len(links))))


@dataclass(frozen=True)
class _Hot:
    joints: list[int]  # where branches leave, or the taps themselves
    taps: list[int]


def _hot(
    layer: _Layer, rooms: tuple[Room, ...], layout: Layout, tubes: Tubes, outlet: int
) -> tuple[_Hot, tuple[tuple[int, ...], ...]]:
    """The hot side: trunk first, then branches."""
    joints, trunk, before = [], [], outlet
    for i in range(len(rooms)):
        joints.append(layer.node())
        trunk.append(layer.lay(before, joints[i], tubes.trunk, _step(rooms, i, layout), Role.TRUNK, i, HOT))
        before = joints[i]
    if layout is Layout.BIG_LOOP:
        return _Hot(joints, joints), tuple(tuple(trunk[: i + 1]) for i in range(len(rooms)))
    taps = [layer.node() for _ in rooms]
    branches = [layer.lay(joints[i], taps[i], tubes.branch, room.branch, Role.BRANCH, i, HOT) for i, room in enumerate(rooms)]
    return _Hot(joints, taps), tuple((*trunk[: i + 1], branches[i]) for i in range(len(rooms)))


def _step(rooms: tuple[Room, ...], i: int, layout: Layout) -> float:
    """Metres of trunk from the joint before; a big loop goes out of one room and into the next."""
    detour = layout is Layout.BIG_LOOP
    return rooms[i].along + detour * (rooms[i].branch + (rooms[i - 1].branch if i else 0.0))


def _returns(
    layer: _Layer, rooms: tuple[Room, ...], layout: Layout, tubes: Tubes, hot: _Hot, inlet: int
) -> list[tuple[int, int]]:
    """The return line, and the links to it."""
    last = len(rooms) - 1
    whole = sum(room.along for room in rooms) + (rooms[last].branch if layout is Layout.BIG_LOOP else 0.0)
    if layout is not Layout.PARALLEL:
        far = layer.node()
        layer.lay(far, inlet, tubes.back, whole, Role.RETURN, last, RETURN)
        return [(hot.joints[-1], far)]
    before, links = inlet, []
    for i, room in enumerate(rooms):
        joint, end = layer.node(), layer.node()
        layer.lay(joint, before, tubes.back, room.along, Role.RETURN, i, RETURN)
        layer.lay(end, joint, tubes.back, room.branch, Role.RETURN_BRANCH, i, RETURN)
        links.append((hot.taps[i], end))
        before = joint
    return links


def _cold(layer: _Layer, rooms: tuple[Room, ...], tubes: Tubes) -> list[int]:
    """Nodes of the cold taps."""
    joints, before = [], 0
    for i, room in enumerate(rooms):
        joints.append(layer.node())
        layer.lay(before, joints[i], tubes.trunk, room.along, Role.COLD_TRUNK, i, COLD)
        before = joints[i]
    taps = [layer.node() for _ in rooms]
    for i, room in enumerate(rooms):
        layer.lay(joints[i], taps[i], tubes.branch, room.branch, Role.COLD_BRANCH, i, COLD)
    return taps


def _looped(layout: Layout, way: str, everywhere: bool, paths: tuple[tuple[int, ...], ...]) -> frozenset[int]:
    """Pipes that hot water passes when the pump runs and nobody draws."""
    if way == "drain":
        return frozenset()
    if everywhere or layout is Layout.PARALLEL:
        return frozenset(pipe for path in paths for pipe in path)
    last = paths[-1]
    dead_end = way == "return" and layout is Layout.SMALL_LOOP
    return frozenset(last[:-1] if dead_end else last)
