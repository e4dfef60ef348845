"""The simulation of one pipe held against closed forms, and against measurements that anybody may bring."""

from core.hotwater.validate.experiment import compute, habits
from core.hotwater.validate.params import ValidateParams
from core.hotwater.validate.result import HabitsResult, ValidateResult

__all__ = ["HabitsResult", "ValidateParams", "ValidateResult", "compute", "habits"]
