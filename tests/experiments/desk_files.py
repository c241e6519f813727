"""Scenarios and stand-ins that tests of comparisons share."""

from fake_play import SCENARIO, fake_play


def written(folder, name, *changes):
    text = SCENARIO
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text)
    return folder / name


def unfinish(out):
    (out / "compare.json").unlink()
    (out / "unfinished.json").write_text('{"format": "ccsim comparison", "format_version": 1}')


def luck_of_its_own(model, *, seed, replication, visits):
    """Each model has luck of its own, so that pairs differ by chance alone."""
    return fake_play(replication, seed=hash_of(model), visits=visits, volume=3)


MODELS: list[object] = []


def hash_of(model):
    known = next((i for i, one in enumerate(MODELS) if one is model), None)
    if known is None:
        MODELS.append(model)
        known = len(MODELS) - 1
    return known % 2
