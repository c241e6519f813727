"""Scenarios and stand-ins that tests of comparisons share."""

import json
from pathlib import Path

from ccsim.results import comparison_store
from tests.support.stand_in.desk import SCENARIO, fake_replication


def written(folder, name, *changes):
    text = SCENARIO
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text)
    return folder / name


def unfinish(out):
    """A finished comparison as it was before its last step."""
    (out / "compare.json").unlink()
    (out / "unfinished.json").write_text(json.dumps(MARKS[out]))


MARKS: dict[Path, dict[str, object]] = {}
"""What the mark of an unfinished comparison said, by folder."""
_write = comparison_store._write_json


def _remember(path, value):
    if path.name == comparison_store.UNFINISHED:
        MARKS[path.parent] = value
    _write(path, value)


comparison_store._write_json = _remember


def draws_of_its_own(model, *, seed, replication, visits):
    """Each model has random numbers of its own, so that pairs differ by chance alone."""
    return fake_replication(replication, seed=hash_of(model), visits=visits, volume=3)


MODELS: list[object] = []


def hash_of(model):
    known = next((i for i, one in enumerate(MODELS) if one is model), None)
    if known is None:
        MODELS.append(model)
        known = len(MODELS) - 1
    return known % 2
