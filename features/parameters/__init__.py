"""The law's values as dated, cited data: `load()` reads them, `Parameters.value(...)` answers."""

from features.parameters.reading import load
from features.parameters.table import in_force, schema
from features.parameters.values import Parameters

__all__ = ["Parameters", "in_force", "load", "schema"]
