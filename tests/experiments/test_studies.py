"""The studies that ship: their pages are whole, what they share is right, and (verify) their commands run."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import yaml

from ccsim import api
from ccsim.theory import erlang_a
from experiments.studies import (
    BEGIN,
    END,
    PEOPLE,
    Points,
    Study,
    crossing,
    decided,
    erlang_a_agents,
    fewest_people,
    interval,
    least,
    write_table,
)
from tests.support.files import ROOT

STUDIES = sorted(path.parent for path in (ROOT / "experiments").glob("[0-9][0-9]-*/study.py"))
TINY: dict[str, dict[str, Any]] = {
    "02-automation": {"contained": [30, 60], "falsely_contained": [30]},
    "03-follow-the-sun": {"night_calls": [20], "longer": [1.0, 1.4, 2.0]},
    "04-cross-training": {"skills": [1, 2, 3, 6], "days": {"as forecast": {"day_cv": 0, "longer": 1.0}}},
    "05-chat-concurrency": {"concurrency": [1, 2], "chats": {"usual": [1.0, 0.7]}},
    "06-continuity": {},
    "07-hiring-ahead": {"lead": [4, 8], "leave": [6]},
}
"""What is simulated of each study that is simulated here; the first one is of the flagship and takes its time."""


def name_of(folder: Path) -> str:
    return folder.name


def written(page: Path) -> str:
    """What study.py has written into a README."""
    return page.read_text("utf-8").split(BEGIN)[1].split(END)[0]


@pytest.mark.parametrize("folder", STUDIES, ids=name_of)
def test_a_study_is_whole(folder: Path) -> None:
    page = (folder / "README.md").read_text("utf-8")
    for part in ("**Question.**", "**Design.**", "**Answer.**", "**Limits.**", "](picture.svg)"):
        assert part in page
    assert f"python experiments/{folder.name}/study.py" in page
    assert written(folder / "README.md").count("\n|") > 2
    assert "</svg>" in (folder / "picture.svg").read_text("utf-8")
    asked = yaml.safe_load((folder / "study.yaml").read_text("utf-8"))
    assert asked["question"].endswith("?")
    assert isinstance(asked["seed"], int)
    assert f"(experiments/{folder.name}/README.md)" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("folder", STUDIES, ids=name_of)
def test_an_answer_says_no_number_that_is_not_in_the_study(folder: Path) -> None:
    """Numbers of the answer with a decimal or of a thousand and more stand in the table, or in what is asked."""
    page = (folder / "README.md").read_text("utf-8")
    answer = page.split("**Answer.**")[1].split(BEGIN)[0]
    known = written(folder / "README.md") + (folder / "study.yaml").read_text("utf-8")
    told = re.findall(r"\d[\d,]*\.\d+|\d+,\d{3}", answer)
    near = [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.?\d*", known)]
    for one in told if folder.name[:2] > "02" else ():  # the first two round and subtract in words
        assert any(abs(float(one.replace(",", "")) - other) < 1e-9 for other in near), one


@pytest.mark.parametrize("scenario", [one for folder in STUDIES for one in folder.glob("*.yaml")], ids=str)
def test_scenarios_of_studies_are_sound_with_every_variant(scenario: Path) -> None:
    if scenario.name == "study.yaml":
        return
    for variant in ("", *yaml.safe_load(scenario.read_text("utf-8")).get("variants", {})):
        api.load(scenario, variants=[variant] if variant else [])


# ---- What they share ------------------------------------------------------------------------------------------------


def level(people: int) -> dict[str, float]:
    """Rises by a tenth a person from five on."""
    return {"level": (people - 5) / 10, "cost": 100.0 * people}


@pytest.mark.parametrize("guess", [0, 11.4, 90])
@pytest.mark.parametrize(("target", "people"), [(0.75, 12.5), (0.8, 13.0), (0.11, 6.1)])
def test_the_fewest_people_lie_between_two_neighbours(target: float, people: float, guess: float) -> None:
    found = fewest_people(level, "level", target, (5, 30), guess)
    assert found == pytest.approx({PEOPLE: people, "level": target, "cost": 100 * people})


def test_the_fewest_people_are_simulated_once_each() -> None:
    simulated: list[int] = []

    def simulate(people: int) -> Mapping[str, float]:
        simulated.append(people)
        return level(people)

    fewest_people(simulate, "level", 0.75, (5, 30), 12.4)
    assert sorted(simulated) == [12, 13]


@pytest.mark.parametrize("between", [(13, 30), (2, 9)])
def test_people_outside_the_range_are_refused(between: tuple[int, int]) -> None:
    with pytest.raises(SystemExit, match="widen"):
        fewest_people(level, "level", 0.75, between, 10)


def test_an_interval_is_students() -> None:
    middle, half = interval([1.0, 2.0, 3.0, 4.0])
    assert middle == 2.5
    assert half == pytest.approx(3.182446 * 1.290994 / 2, rel=1e-6)
    assert not decided([1.0, -1.0, 0.5])
    assert decided([1.0, 1.1, 0.9])


def test_the_least_is_told_with_those_that_may_be_as_small() -> None:
    noise = [0.0, 5.0, -5.0, 9.0]
    paired = {1: [10 + one for one in noise], 2: [9 + one for one in noise], 3: [9.1, 14.2, 3.9, 18.1]}
    assert least(paired) == (2, [3])  # 1 is significantly more, for all the noise that the three have in common


def test_a_crossing_is_found_up_or_down_or_not_at_all() -> None:
    assert crossing([1, 2, 4], [3, 1, -1]) == pytest.approx(3)
    assert crossing([1, 2, 4], [-3, -1, 1]) == pytest.approx(3)
    assert crossing([1, 2, 4], [3, 2, 1]) is None


def test_erlang_a_is_interpolated_at_whole_agents_to_themselves() -> None:
    target = erlang_a(4.2, 2.0, 12, 1.0).answered_within(1 / 3)
    for there in (0, 9):
        found = erlang_a_agents(target, calls=4.2, handle_time=2.0, patience=1.0, within=1 / 3, there=there)
        assert found == pytest.approx(12)


def test_points_are_kept_and_belong_to_what_was_asked(tmp_path: Path) -> None:
    scenario = tmp_path / "desk.yaml"
    scenario.write_text("scenario: desk", encoding="utf-8")

    def points(asked: dict[str, int]) -> Points:
        return Points.of(Study(tmp_path, asked, tmp_path / "out", tmp_path), scenario, ("batch", "kind"), 1)

    def never() -> dict[str, float]:
        raise AssertionError("simulated again")

    first = points({"seed": 1}).get((0, "25 % off, slow"), lambda: {"people": 1 / 3})
    assert points({"seed": 1}).get((0, "25 % off, slow"), never) == first
    with pytest.raises(AssertionError, match="again"):
        points({"seed": 2}).get((0, "25 % off, slow"), never)
    scenario.write_text("scenario: other", encoding="utf-8")
    assert not points({"seed": 1}).found


def test_a_table_goes_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"Above.\n{BEGIN}\nold\n{END}\nBelow.\n", encoding="utf-8")
    write_table(page, "| new |")
    assert page.read_text("utf-8") == f"Above.\n{BEGIN}\n| new |\n{END}\nBelow.\n"


# ---- Their commands -------------------------------------------------------------------------------------------------


@pytest.mark.verify
@pytest.mark.parametrize("name", TINY)
def test_a_study_runs_and_draws_the_same_from_its_points(name: str, tmp_path: Path) -> None:
    folder = ROOT / "experiments" / name
    asked = yaml.safe_load((folder / "study.yaml").read_text("utf-8"))
    asked |= {"replications": 2, "batches": 2} | TINY[name]
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(asked, sort_keys=False), encoding="utf-8")
    (tmp_path / "README.md").write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    places = ["--study", str(tmp_path / "study.yaml"), "--out", str(tmp_path / "out"), "--page", str(tmp_path)]
    found = []
    for _ in range(2):
        made = subprocess.run(
            [sys.executable, str(folder / "study.py"), *places],
            capture_output=True, text=True, cwd=tmp_path, timeout=900, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr[-2000:]
        found.append([(tmp_path / one).read_bytes() for one in ("README.md", "picture.svg")])
        assert ("points" in made.stderr.split("Picture")[0]) == (len(found) == 1)  # simulated, then only drawn
    assert found[0] == found[1]
    assert mean(len(row) for row in written(tmp_path / "README.md").splitlines()) > 20
