"""What an editor sees of a scenario file."""

from __future__ import annotations

import re
from typing import Any

import yaml


class Loader(yaml.SafeLoader):
    """What an editor sees: YAML 1.2, where only numbers and true/false are not text."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?[0-9]+$"), list("-0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"-?[0-9]*\.[0-9]+$"), list("-.0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"~$"), ["~"])


def seen(text: str) -> Any:
    return yaml.load(text, Loader=Loader)
