"""What eight simulation tools reached on the one step test that is published: 60.33 m of copper 22 x 1, about 1847 kg/h.

Schweiger et al., "District energy systems: modelling paradigms and general-purpose tools", Energy 164 (2018), case 1; errors
computed from the traces in github.com/GersHub/DistrictEnergyTools. They are facts of that one test and of nothing else.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """Errors of the simulated outlet, K."""

    name: str
    rmse: float
    largest: float


TOOLS = (
    Tool("Dymola IBPSA", 0.233, 3.427),
    Tool("TRNSYS 709cc", 0.309, 6.504),
    Tool("Simulink Carnot", 0.493, 7.627),
    Tool("TRNSYS 604", 0.529, 6.993),
    Tool("Dymola DCOL", 0.564, 6.441),
    Tool("Dymola TPL", 0.601, 9.899),
    Tool("TRNSYS 709", 1.446, 20.908),
    Tool("IDA ICE", 1.536, 19.956),
)
