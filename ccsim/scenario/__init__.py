"""A scenario from file to checked value: loaded, changed by variants, checked, explained, compared, described."""

from ccsim.language.reading import FileUse
from ccsim.language.scenario import Scenario
from ccsim.scenario.canonical import digest, to_canonical
from ccsim.scenario.load import Loaded, load, loads, read, read_text
from ccsim.text.merge import Applied

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
