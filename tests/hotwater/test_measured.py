"""A measured pipe, where its data are at hand: HOTWATER_MEASUREMENTS names the folder; nothing is fitted.

Case 1 of Schweiger et al.: 60.33 m of copper 22 x 1 under 13 mm of insulation. The best of eight published tools has 0.233 K.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from core.hotwater.kernels import line
from core.hotwater.pipes import Material, Pipe

FOLDER = os.environ.get("HOTWATER_MEASUREMENTS")
BEST_PUBLISHED = 0.233  # K, root mean square
LENGTH, CELLS = 60.33, 400


def simulated(rows: np.ndarray, mass_flow: bool, cells: int = CELLS) -> np.ndarray:
    """Outlet [k] in degrees from columns time, inlet, outlet, flow [kg/h or L/h], ambient."""
    room = float(rows[:, 4].mean())
    tube = Pipe(Material(8960 * 385, 390.0), 0.022, 0.020, 0.013, 0.0442, float(rows[:, 1].mean()))
    density = tube.volume_heat / 4180
    flow = rows[:, 3] / 3600 / (density if mass_flow else 1000.0)
    water, wall = (np.full(cells, rows[0, 2] - room) for _ in range(2))
    film = np.array([tube.film(each) for each in flow])
    inlet = np.append(rows[:-1, 1] + rows[1:, 1], 2 * rows[-1, 1]) / 2 - room
    speed = flow / tube.area
    out, _ = line.run_line(
        water, wall, tube.water_heat, tube.wall_heat, film, tube.room_resistance, LENGTH / cells, speed, inlet, 1.0
    )
    return np.append(rows[0, 2], np.interp(rows[1:, 0], rows[:, 0] + 0.5, out + room))


def rmse(rows: np.ndarray, out: np.ndarray) -> float:
    return float(np.sqrt(np.mean((out - rows[:, 2]) ** 2)))


@pytest.mark.skipif(FOLDER is None, reason="HOTWATER_MEASUREMENTS names no folder")
@pytest.mark.parametrize("mass_flow", [True, False], ids=["kg/h", "L/h"])
def test_a_measured_step_is_met_without_fitting(mass_flow: bool):
    with (Path(FOLDER or "") / "gershub_case1.csv").open() as file:
        rows = np.array([[float(value) for value in row] for row in list(csv.reader(file))[1:]])
    reached = rmse(rows, simulated(rows, mass_flow))
    print(f"RMSE {reached:.3f} K")
    assert reached < BEST_PUBLISHED
