"""The scenario language: what a planner writes, read, merged, typed and checked."""

from ccsim.scenario.canonical import digest, to_canonical
from ccsim.scenario.load import Loaded, load, loads, read, read_text
from ccsim.scenario.merge import Applied
from ccsim.scenario.reading import FileUse
from ccsim.scenario.sections import Scenario

__all__ = [
    "Applied",
    "FileUse",
    "Loaded",
    "Scenario",
    "digest",
    "load",
    "loads",
    "read",
    "read_text",
    "to_canonical",
]
