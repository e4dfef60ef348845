"""The experiment's oracles hold: orders of convergence, closed forms, and what the page is told of them."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import core
from core.hotwater.pipes import COPPER, PPR, Pipe
from core.hotwater.theory import cooled
from core.hotwater.validate import ValidateParams, compute, habits
from core.hotwater.validate.experiment import case_of
from core.hotwater.validate.habits import DRAWS, cycle, draws
from core.hotwater.validate.oracles import Case, arrival, energy_residual, front, rest, steady_outlet
from core.hotwater.validate.params import EXAMPLE
from core.hotwater.validate.published import TOOLS
from tests.draws import any_of

ROOT = Path(core.__file__).parents[1]
CASES = {
    "copper": Case(Pipe(COPPER, 0.022, 0.020, 0.013, 0.0442, 40.0), 60.33, 1e-4, 400),
    "ppr": Case(Pipe(PPR, 0.025, 0.018, 0.0, 0.04, 40.0), 20.0, 1.33e-4, 400),
}
every = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@every
def test_the_front_converges_with_second_order(case: Case):
    counts = np.array([100, 200, 400])
    errors = [front(replace(case, cells=int(n))).largest for n in counts]
    assert -np.polyfit(np.log(counts), np.log(errors), 1)[0] == pytest.approx(2, abs=0.25) and errors[-1] < 2e-3


@every
def test_the_moments_of_the_arrival_are_those_of_theory(case: Case):
    """The mean is what pipe and wall take up, conserved but for what has not settled, exp(-16); the variance is near."""
    found = arrival(case)
    assert found.mean == pytest.approx(case.mean, rel=1e-7)
    assert found.variance == pytest.approx(case.deviation**2, rel=1e-2)


def test_the_variance_of_the_arrival_converges_with_second_order():
    case = CASES["copper"]
    errors = [abs(arrival(replace(case, cells=n)).variance - case.deviation**2) for n in (100, 400)]
    assert np.log(errors[0] / errors[1]) / np.log(4) == pytest.approx(2, abs=0.1)


@every
def test_the_steady_outlet_converges_with_second_order(case: Case):
    share = np.exp(-case.tube.loss(case.flow) * case.length / (case.tube.volume_heat * case.flow))
    errors = [abs(steady_outlet(replace(case, cells=n)) - share) for n in (100, 400)]
    assert np.log(errors[0] / errors[1]) / np.log(4) == pytest.approx(2, abs=0.2) and errors[1] < 1e-6


@every
def test_rest_is_both_eigenvalues(case: Case):
    assert rest(case).largest < 1e-12


@settings(max_examples=40, deadline=None)
@given(any_of(ValidateParams, source="oracles"))
def test_energy_closes_for_any_pipe(p: ValidateParams):
    """Round-off of 500 steps of sums over 400 cells, of what is stored and what passes."""
    assert energy_residual(case_of(p), p.seed) < 1e-12


def test_cooling_from_a_cooler_wall_is_that_of_the_matrix():
    tube = CASES["ppr"].tube
    g, cf, cw, r = tube.film(0.0), tube.water_heat, tube.wall_heat, tube.room_resistance
    values, vectors = np.linalg.eig([[-g / cf, g / cf], [g / cw, -(g + 1 / r) / cw]])
    for wall in (1.0, 0.4):
        parts = np.linalg.solve(vectors, [1.0, wall])
        for seconds in (10.0, 300.0, 3000.0):
            assert cooled(tube, seconds, wall) == pytest.approx((vectors * np.exp(values * seconds) @ parts)[0], rel=1e-9)


@every
def test_a_thermostat_cycles_about_as_theory_says(case: Case):
    """It takes the wall to be as warm as the water at first, and as cold as the room at last: some per cent."""
    found = cycle(case)
    assert found.off == pytest.approx(found.off_theory, rel=0.35) and found.on == pytest.approx(found.on_theory, rel=0.35)
    assert found.sensor.min() == pytest.approx(46, abs=0.5) and found.sensor[-1] >= 53


@every
def test_draws_by_lot_wait_as_long_as_expected(case: Case):
    """Twenty seeds: the mean within three standard errors; a gap alone decides, so the law of the gaps is all that is drawn."""
    found = [draws(replace(case, cells=100), 24.0, seed) for seed in range(20)]
    mean, error = np.mean([each.mean for each in found]), np.sqrt(np.mean([each.stderr**2 for each in found]) / len(found))
    assert abs(mean - found[0].exact) < 3 * error
    cold = found[0].gaps > 3 * 3600
    assert cold.any() and found[0].waits.size == DRAWS
    np.testing.assert_allclose(found[0].waits[cold], found[0].waits_theory[-1], rtol=0.02)


def test_a_pipe_that_never_becomes_warm_says_so():
    """Half a litre a minute through 200 bare metres of a wide pipe."""
    p = ValidateParams(length=200.0, outer=60.0, inner=50.0, insulation=0.0, flow=0.5)
    found = compute(p).metrics()
    assert found["cycle_off_s"] == found["wait_mean_s"] == -1
    assert np.isfinite([*next(habits(p))[1].metrics().values()]).all()


def test_more_cells_are_closer_to_the_closed_form():
    coarse, fine = (compute(ValidateParams(cells=cells)).metrics() for cells in (100, 400))
    assert fine["rmse_K"] < coarse["rmse_K"] / 8 and fine["max_K"] == pytest.approx(fine["front_400_K"])
    assert coarse["max_K"] == pytest.approx(coarse["front_100_K"]) and fine["order"] == pytest.approx(2, abs=0.3)


def test_the_published_errors_are_the_eight_of_one_test():
    assert len(TOOLS) == 8 and min(tool.rmse for tool in TOOLS) == 0.233 and all(tool.rmse < tool.largest for tool in TOOLS)


def test_a_file_is_validated_from_a_terminal(tmp_path: Path):
    file = tmp_path / "step.csv"
    file.write_text(EXAMPLE, "utf8")
    command = [sys.executable, "-m", "core.hotwater.validate", str(file)]
    done = subprocess.run(
        [*command, "--length", "12", "--material", "ppr"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "rmse_K" in done.stdout and "Dymola IBPSA" in done.stdout
    wrong = subprocess.run([*command, "--length", "-1"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2 and "length should be greater than or equal to 0.5" in wrong.stderr
    lost = subprocess.run([*command[:-1], "nowhere.csv"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert lost.returncode == 2 and "nowhere.csv" in lost.stderr and "Traceback" not in lost.stderr
