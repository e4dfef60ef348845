"""What may be asked of a validation: a pipe, and what its simulation is held against; with bounds."""

from enum import Enum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from core.faults import rule
from core.given import file, read_by
from core.hotwater.pipes import COPPER, PEX, PPR, Material
from core.hotwater.pipes import Pipe as RoundPipe
from core.hotwater.validate.reading import MOST_LETTERS, UNITS, Unit, read
from core.parameters import Parameters, Variant, choice, seed, slider, variant

MILLI, MEGA = 1e-3, 1e6
THINNEST, THICKEST = 0.2, 3.0  # mm of wall; outer over inner diameter
CATALOGUE = {"copper": COPPER, "pex": PEX, "ppr": PPR}

# Shown as the form of a file; made up.
EXAMPLE = "\n".join(
    ["time_s,inlet_C,outlet_C,flow_kg_h,ambient_C", *(f"{t},{60 if t else 20},20,1000,20" for t in range(0, 24, 2))]
)


Measured = Annotated[str, read_by(read)]


class Reading(Enum):
    """How the numbers of a flow are read."""

    HEADER = "header"
    KG_H = "kg_h"
    L_H = "l_h"
    L_MIN = "l_min"
    M3_S = "m3_s"


ASKED = {Reading.KG_H: "kg/h", Reading.L_H: "L/h", Reading.L_MIN: "L/min", Reading.M3_S: "m3/s"}


class Steps(Enum):
    """How long the steps of a simulation are."""

    RESOLVED = "resolved"
    MEASURED = "measured"


class Oracles(Variant):
    """Closed forms; nothing is measured."""

    kind: Literal["oracles"] = "oracles"
    flow: float = slider(6.0, 0.5, 40.0, 0.1, "L/min", "flow through the pipe")


class Csv(Variant):
    """A measurement of a step, or of anything else that a pipe was given."""

    kind: Literal["csv"] = "csv"
    data: Measured = file(
        "", MOST_LETTERS, EXAMPLE, "CSV text with columns time, inlet, outlet, flow, ambient; empty: an example"
    )
    reading: Reading = choice(Reading.HEADER, "unit of the flow: as its header says, or one of these")
    steps: Steps = choice(Steps.RESOLVED, "short enough not to matter, or as long as the file's", advanced=True)


class Known(Variant):
    """From the catalogue."""

    kind: Literal["copper", "pex", "ppr"] = "copper"


class Own(Variant):
    """Another wall."""

    kind: Literal["own"] = "own"
    wall_heat: float = slider(3.45, 0.5, 5.0, 0.01, "MJ/(m³ K)", "heat capacity of the wall's volume")
    wall_conductivity: float = slider(390.0, 0.1, 400.0, 0.1, "W/(m K)", "heat conductivity of the wall")


class ValidateParams(Parameters):
    """Of /hotwater_validate. The pipe is at first that of the published step test."""

    at_most: ClassVar = {"inner": ("outer",)}
    rules: ClassVar[tuple[str, ...]] = ("no_such_wall", "flow_without_unit")

    source: Oracles | Csv = variant(Oracles(), "what the simulation is held against: closed forms, or a file of measurements")
    length: float = slider(60.33, 0.5, 200.0, 0.01, "m", "length of the pipe")
    outer: float = slider(22.0, 6.0, 120.0, 0.1, "mm", "outer diameter of the pipe")
    inner: float = slider(20.0, 4.0, 116.0, 0.1, "mm", "inner diameter of the pipe")
    material: Known | Own = variant(Known(), "what the wall is made of")
    draws: float = slider(24.0, 2.0, 100.0, 1.0, "draws", "times a day that hot water is drawn, by lot", advanced=True)
    insulation: float = slider(13.0, 0.0, 100.0, 0.5, "mm", "thickness of the insulation", advanced=True)
    conductivity: float = slider(0.0442, 0.02, 0.2, 0.0002, "W/(m K)", "heat conductivity of the insulation", advanced=True)
    cells: int = slider(
        400, 50, 400, 10, "", "cells along the pipe; fewer where a file has more than 15 000 rows", advanced=True
    )
    seed: int = seed()

    @model_validator(mode="after")
    def _is_a_pipe(self) -> Self:
        least, most = self.outer / THICKEST, self.outer - 2 * THINNEST
        if self.inner <= self.outer and not least <= self.inner <= most + 1e-9:
            bound = f"{least:.4g} … {most:.4g}"
            raise rule(
                "no_such_wall",
                f"should be from {bound} with an outer diameter of {self.outer:g}",
                "inner",
                bound,
                f"{self.inner:g}",
            )
        return self

    @model_validator(mode="after")
    def _has_a_unit(self) -> Self:
        if isinstance(self.source, Csv) and self.source.data and self.unit() is None:
            units = ", ".join(unit.name for unit in UNITS)
            raise rule(
                "flow_without_unit",
                f"should name a unit, for the header of the flow has none of {units}",
                "reading",
                units,
                "header",
            )
        return self

    def unit(self) -> Unit | None:
        """Of the flow in the file; None: nobody has said."""
        if not isinstance(self.source, Csv) or not self.source.data:
            return UNITS[0]
        asked = ASKED.get(self.source.reading)
        return next(unit for unit in UNITS if unit.name == asked) if asked else read(self.source.data).unit

    def pipe(self, celsius: float) -> RoundPipe:
        """With water of so many degrees in it."""
        made = self.material
        wall = Material(made.wall_heat * MEGA, made.wall_conductivity) if isinstance(made, Own) else CATALOGUE[made.kind]
        outer, inner, insulation = (each * MILLI for each in (self.outer, self.inner, self.insulation))
        return RoundPipe(wall, outer, inner, insulation, self.conductivity, celsius)
