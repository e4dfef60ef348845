"""What may be asked of a comparison: a home, how many days are sampled, what an hour of waiting is worth; with bounds."""

from core.hotwater.climate import Steady, Year
from core.hotwater.house.params import HomeParams, Scheme, Switching
from core.hotwater.house.rooms import Layout
from core.hotwater.params import OnDemand, ReturnLine
from core.parameters import choice, slider, variant


class CompareParams(HomeParams):
    """Of /hotwater_compare. Scheme and switching are one's own, kept with their settings among all others."""

    scheme: Scheme = variant(ReturnLine(), "where the cold water goes in your home")
    switching: Switching = variant(OnDemand(), "when your pump runs, or your drain valve opens")
    climate: Steady | Year = variant(Year(), "how cold the mains are through the year", advanced=True)
    layout: Layout = choice(Layout.SMALL_LOOP, "how the hot side is laid", advanced=True)
    hour_price: float = slider(20.0, 0.0, 200.0, 1.0, "yuan/h", "what an hour of waiting is worth to you")
    days: int = slider(4, 2, 24, 1, "", "days of the year that are sampled, evenly apart", advanced=True)
