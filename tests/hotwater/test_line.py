"""One pipe against closed forms: front, moments, steady loss, rest, orders of convergence, conservation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.special import i0e

from core.hotwater.kernels import line
from core.hotwater.pipes import COPPER, PPR, Pipe
from core.hotwater.theory import cooled, cooling_time, dead_time, front_variance, schumann, steady

COPPER_22 = Pipe(COPPER, 0.022, 0.020)
PPR_25 = Pipe(PPR, 0.025, 0.018)
NO_ROOM = 1e12  # m K/W: nothing is lost


def step_response(tube: Pipe, length: float, flow: float, cells: int, seconds: float, r: float = NO_ROOM) -> tuple:
    """Outlet after the inlet stepped from 0 to 1; the water moves by one cell a step."""
    dx, speed = length / cells, flow / tube.area
    dt = dx / speed
    count = int(np.ceil(seconds / dt))
    water, wall, ones = np.zeros(cells), np.zeros(cells), np.ones(count)
    film = np.full(count, tube.film(flow))
    out, lost = line.run_line(water, wall, tube.water_heat, tube.wall_heat, film, r, dx, speed * ones, ones, dt)
    return (np.arange(count) + 0.5) * dt, out, water, wall, lost


@pytest.mark.parametrize(("cells", "error"), [(100, 1.5e-2), (400, 1e-3)])
def test_the_front_is_that_of_anzelius_and_schumann(cells: int, error: float):
    """Largest error at any time of 50 m of copper; sixteen times smaller with four times the cells, which is order 2."""
    tube, length, flow = COPPER_22, 50.0, 1e-4
    time, out, *_ = step_response(tube, length, flow, cells, 1.6 * dead_time(tube, length, flow))
    film = tube.film(flow)
    exact = schumann(
        np.array(film * length / (tube.volume_heat * flow)), film * (time - length * tube.area / flow) / tube.wall_heat
    )
    assert np.abs(out - exact).max() < error


def test_the_error_of_the_front_falls_with_the_square_of_the_cell():
    errors = []
    for cells in (50, 100, 200, 400):
        time, out, *_ = step_response(PPR_25, 20.0, 1.3e-4, cells, 150.0)
        film = PPR_25.film(1.3e-4)
        x, transit = film * 20 / (PPR_25.volume_heat * 1.3e-4), 20 * PPR_25.area / 1.3e-4
        later = time > transit + 150 / cells  # one cell behind the jump
        exact = schumann(np.array(x), film * (time - transit) / PPR_25.wall_heat)
        errors.append(np.abs(out - exact)[later].max())
    order = np.polyfit(np.log([50, 100, 200, 400]), np.log(errors), 1)[0]
    assert order == pytest.approx(-2, abs=0.25)


def test_strang_is_of_second_order_on_a_smooth_profile():
    """Against the same equations by spectral derivatives and matrix exponential: periodic, so inlet = outlet is not needed."""
    tube, length, flow, seconds = COPPER_22, 10.0, 1e-4, 40.0
    speed, g = flow / tube.area, tube.film(flow)
    n_modes, errors, counts = 1, [], (40, 80, 160, 320)
    k = 2 * np.pi * n_modes / length
    a = np.array(
        [[-g / tube.water_heat - 1j * k * speed, g / tube.water_heat], [g / tube.wall_heat, -(g + 1 / 0.5) / tube.wall_heat]]
    )
    for steps in counts:
        dt = seconds / steps
        m = line.exchange_over(tube.water_heat, tube.wall_heat, g, 0.5, dt / 2)
        half = np.array([[m[0], m[1]], [m[2], m[3]]])
        step = half @ np.diag([np.exp(-1j * k * speed * dt), 1]) @ half
        errors.append(np.abs(np.linalg.matrix_power(step, steps) - expm(a * seconds)).max())
    assert np.polyfit(np.log(counts), np.log(errors), 1)[0] == pytest.approx(-2, abs=0.1)


@pytest.mark.parametrize("share", [0.3, 0.77])
def test_the_shift_is_of_third_order_on_a_smooth_front(share: float):
    """By parts of cells; a front without extrema, which the limiter would flatten; without cells that the inlet has reached."""
    errors, counts = [], (50, 100, 200, 400)
    for n in counts:
        edges = np.arange(n + 1) / n
        mean, work, steps = np.diff(front_integral(edges)) * n, np.empty((4, n + 4)), round(0.2 * n / share)
        for _ in range(steps):
            line.shift(mean, work, share, -1.0)
        exact = np.diff(front_integral(edges - steps * share / n)) * n
        errors.append(np.abs(mean - exact)[edges[:-1] > 0.3].mean())
    assert np.polyfit(np.log(counts), np.log(errors), 1)[0] < -2.75


def front_integral(x: np.ndarray) -> np.ndarray:
    """Of tanh((x - 0.35) / 0.1)."""
    return 0.1 * np.log(np.cosh((x - 0.35) / 0.1))


def test_moments_of_the_step():
    """Mean (1 + kappa) L / v, variance 2 L Cw^2 / (v Cf G): integrals of what has not arrived yet."""
    tube, length, flow = COPPER_22, 50.0, 1e-4
    time, out, *_ = step_response(tube, length, flow, 800, 2 * dead_time(tube, length, flow))
    dt = time[1] - time[0]
    mean = ((1 - out) * dt).sum()
    square = (2 * time * (1 - out) * dt).sum()
    assert mean == pytest.approx(dead_time(tube, length, flow), rel=1e-3)
    assert square - mean**2 == pytest.approx(front_variance(tube, length, flow), rel=0.02)


def test_j_is_a_probability_and_has_its_mirror():
    """J(x, y) + J(y, x) = 1 + exp(-x - y) I_0(2 sqrt(x y)) (Goldstein 1953)."""
    x, y = np.meshgrid(np.linspace(0.05, 40, 23), np.linspace(0.05, 40, 19))
    both = schumann(x, y) + schumann(y, x)
    np.testing.assert_allclose(both, 1 + i0e(2 * np.sqrt(x * y)) * np.exp(2 * np.sqrt(x * y) - x - y), atol=1e-12)
    assert schumann(np.array(3.0), np.array(-1.0)) == 0


def test_steady_loss():
    tube, length, flow = PPR_25, 60.0, 3e-5
    *_, out, _, _, _ = step_response(tube, length, flow, 400, 6 * dead_time(tube, length, flow), tube.room_resistance)
    assert out[-1] == pytest.approx(steady(tube, length, flow), abs=3e-5)


@pytest.mark.parametrize("tube", [COPPER_22, PPR_25, Pipe(COPPER, 0.022, 0.020, 0.013)])
def test_cooling_at_rest_is_one_step_of_any_length(tube: Pipe):
    water, wall = np.ones(3), np.ones(3)
    m = line.exchange_over(tube.water_heat, tube.wall_heat, tube.film(0.0), tube.room_resistance, 5000.0)
    line.exchange(water, wall, m, 1.0)
    np.testing.assert_allclose(water, cooled(tube, 5000.0), rtol=1e-12)
    approximate = (tube.water_heat + tube.wall_heat) * tube.room_resistance
    approximate *= 1 + (tube.water_heat / (tube.water_heat + tube.wall_heat)) ** 2 / (tube.room_resistance * tube.film(0.0))
    assert cooling_time(tube) == pytest.approx(approximate, rel=0.02)


@settings(max_examples=60, deadline=None)
@given(g=st.floats(0.5, 500), r=st.floats(0.05, 10), cf=st.floats(200, 5000), cw=st.floats(50, 3000), dt=st.floats(0.01, 5000))
def test_the_exchange_is_the_exponential_of_its_matrix(g: float, r: float, cf: float, cw: float, dt: float):
    a, b, c, d, e, f = line.exchange_over(cf, cw, g, r, dt)
    matrix = np.array([[-g / cf, g / cf], [g / cw, -(g + 1 / r) / cw]])
    np.testing.assert_allclose([[a, b], [c, d]], expm(matrix * dt), atol=1e-11)
    for start, lost in (((1.0, 0.0), e), ((0.0, 1.0), f)):
        after = expm(matrix * dt) @ start
        assert lost == pytest.approx(cf * (start[0] - after[0]) + cw * (start[1] - after[1]), rel=1e-8, abs=1e-8 * (cf + cw))


@settings(max_examples=100, deadline=None)
@given(profile=st.lists(st.floats(-50, 90), min_size=20, max_size=60), share=st.floats(0, 0.85), inlet=st.floats(-50, 90))
def test_the_shift_keeps_heat_and_makes_no_new_extremes(profile: list[float], share: float, inlet: float):
    before = np.array(profile)
    after, cells = before.copy(), share * before.size
    left = line.shift(after, np.empty((4, after.size + 4)), cells, inlet)
    assert after.sum() + left == pytest.approx(before.sum() + cells * inlet, abs=1e-10 * (1 + np.abs(before).sum()))
    low, high = min(before.min(), inlet), max(before.max(), inlet)
    assert low - 1e-9 <= after.min() and after.max() <= high + 1e-9
    assert line.leaving(before, cells) == pytest.approx(left, abs=1e-12 * (1 + np.abs(before).sum()))


def test_whole_cells_are_moved_without_a_trace():
    profile = np.random.default_rng(0).random(30)
    moved = profile.copy()
    assert line.shift(moved, np.empty((4, 34)), 7.0, 0.5) == pytest.approx(profile[-7:].sum(), rel=1e-15)
    np.testing.assert_array_equal(moved[7:], profile[:-7])
    np.testing.assert_array_equal(moved[:7], 0.5)


def test_scipy_solves_the_same_equations():
    """Method of lines, upwind on many cells by BDF: first order, so close only as far as its own smearing, one cell wide."""
    tube, length, flow, n = PPR_25, 10.0, 1e-4, 400
    speed, g, r = flow / tube.area, tube.film(flow), tube.room_resistance

    def rates(_: float, state: np.ndarray) -> np.ndarray:
        water, wall = state[:n], state[n:]
        move = -speed * np.diff(np.concatenate([[1.0], water])) / (length / n)
        pass_on = g * (wall - water)
        return np.concatenate([move + pass_on / tube.water_heat, (-pass_on - wall / r) / tube.wall_heat])

    time, _, water, *_ = step_response(tube, length, flow, n, 60.0, r)
    solved = solve_ivp(rates, (0, time[-1] + (time[1] - time[0]) / 2), np.zeros(2 * n), "BDF", rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(water, solved.y[:n, -1], atol=2e-3)
