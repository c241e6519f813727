"""Laws, patience and handle times say what they mean."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ccsim.language import laws as s
from ccsim.language.handling import HandleTime, Patience
from ccsim.scenario.load import read_text
from ccsim.units import MINUTE, SECOND
from tests.support.scenario_texts import lab, only_fault, scenario


def talk(text: str, base_dir: Path | None = None) -> object:
    handle_time = scenario(base_dir, handle_time=text).handle_time
    assert handle_time is not None
    return handle_time.talk


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("90s", s.Constant(value=90 * SECOND)),
        ("{value: 90s}", s.Constant(value=90 * SECOND)),
        ("{mean: 2m}", s.Exponential(mean=2 * MINUTE)),
        ("{mean: 2m, cv: 70%}", s.Lognormal(mean=2 * MINUTE, cv=0.7)),
        ("{mean: 2m, sd: 1m}", s.Lognormal(mean=2 * MINUTE, cv=0.5)),
        ("{law: lognormal, mean: 2m, median: 2m}", s.Lognormal(mean=2 * MINUTE, cv=0.0)),
        ("{mean: 2m, shape: 0.8}", s.Weibull(mean=2 * MINUTE, shape=0.8)),
        ("{law: gamma, mean: 2m, shape: 4}", s.Gamma(mean=2 * MINUTE, shape=4.0)),
        ("{law: gamma, mean: 2m, cv: 0.5}", s.Gamma(mean=2 * MINUTE, shape=4.0)),
        ("{mean: 2m, k: 3}", s.Erlang(mean=2 * MINUTE, k=3)),
        ("{p: 25%, m1: 1m, m2: 5m}", s.Hyperexponential(p=0.25, m1=MINUTE, m2=5 * MINUTE)),
        ("{low: 1m, high: 2m}", s.Uniform(low=MINUTE, high=2 * MINUTE)),
        ("{low: 0s, mode: 1m, high: 2m}", s.Triangular(low=0, mode=MINUTE, high=2 * MINUTE)),
        ("{values: [2m, 30s, 30s]}", s.Empirical(values=(30 * SECOND, 30 * SECOND, 2 * MINUTE))),
    ],
)
def test_a_law_is_told_by_its_keys(text: str, law: object) -> None:
    assert talk(text) == law


def test_a_median_fixes_the_lognormal() -> None:
    law = talk("{mean: 3m, median: 2m}")
    assert isinstance(law, s.Lognormal)
    assert 3.0 / math.sqrt(1 + law.cv**2) == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("{mean: 0s}", "mean", "above 0s"),
        ("{mean: 2}", "mean", "needs a unit"),
        ("{law: exponentail, mean: 2m}", "law", "did you mean 'exponential'"),
        ("{law: exponential, mean: 2m, cv: 1}", "cv", "unknown key 'cv'"),
        ("{law: exponential}", "mean", "is missing"),
        ("{law: lognormal, mean: 2m}", "", "expected one of cv, sd, median, got none of them"),
        ("{mean: 2m, cv: 1, sd: 1m}", "", "got cv and sd"),
        ("{mean: 2m, median: 3m}", "median", "at most the mean"),
        ("{low: 2m, high: 1m}", "low", "low to be at most high"),
        ("{low: 1m, mode: 3m, high: 2m}", "mode", "rising order"),
        ("{p: 120%, m1: 1m, m2: 1m}", "p", "at most 100%"),
        ("{p: 0.5, m1: 0s, m2: 1m}", "m1", "above 0s"),
        ("{mean: 2m, k: 0}", "k", "at least 1"),
        ("{mean: 2m, shape: 0}", "shape", "positive"),
        ("{mean: 2m, shape: 0.001}", "shape", "from 0.1 to 100"),
        ("{values: []}", "values", "at least 1"),
        ("{values: [1m], unit: s}", "unit", "belongs to `file`"),
        ("{}", "", "say `law:`"),
        ("{maen: 2m}", "maen", "did you mean 'mean'"),
        ("[2m]", "", "got a list"),
        ("~", "", "got nothing"),
        ("{talk: {mean: 2m}, wrap: 30s}", "wrap", "did you mean 'wrap_up'"),
        ("{wrap_up: 30s}", "talk", "is missing"),
        ("{talk: 2m, wrap_up: 0.15}", "wrap_up", "needs a unit"),
        ("{talk: 2m, wrap_up: 120%}", "wrap_up", "at most 100%"),
    ],
)
def test_a_faulty_law_is_told(text: str, key: str, said: str) -> None:
    fault = only_fault(handle_time=text)
    assert fault.key == f"handle_time.{key}".rstrip(".")
    assert said in fault.message
    assert fault.line == 7


def test_wrap_up_is_a_law_or_a_share() -> None:
    law = scenario(handle_time="{talk: 2m, wrap_up: {mean: 30s}}").handle_time
    share = scenario(handle_time="{talk: 2m, wrap_up: 15%}").handle_time
    assert law == HandleTime(talk=s.Constant(value=2 * MINUTE), wrap_up=s.Exponential(mean=30 * SECOND))
    assert share == HandleTime(talk=s.Constant(value=2 * MINUTE), wrap_up_share=0.15)


@pytest.mark.parametrize(
    ("text", "patience"),
    [
        ("{mean: 1m}", Patience(time=s.Exponential(mean=MINUTE))),
        ("{mean: 1m, zero: 10%}", Patience(time=s.Exponential(mean=MINUTE), zero=0.1)),
        ("{zero: 10%}", Patience(zero=0.1)),
        ("90s", Patience(time=s.Exponential(mean=90 * SECOND))),
        ("never", Patience()),
        ("{law: weibull, mean: 1m, shape: 2, zero: 0}", Patience(time=s.Weibull(mean=MINUTE, shape=2.0))),
    ],
)
def test_patience(text: str, patience: Patience) -> None:
    assert scenario(patience=text).patience == patience


def test_handle_times_by_channel() -> None:
    workflows = "{calls: {handle_time: {phone: {mean: 4m}, chat: 9m}, tiers: {t1: {handle_time: {chat: {talk: 7m}}}}}}"
    workflow = scenario(workflows=workflows, channels="{chat: {concurrency: 2}}").workflows["calls"]
    assert workflow.handle_time is None
    assert set(workflow.by_channel) == {"phone", "chat"}
    assert workflow.tiers["t1"].by_channel == {"chat": HandleTime(talk=s.Constant(value=7 * MINUTE))}


def test_a_handle_time_by_channel_names_channels() -> None:
    fault = only_fault(workflows="{calls: {handle_time: {phone: {mean: 4m}, caht: {mean: 9m}}}}", channels="{chat: {}}")
    assert fault.key == "workflows.calls.handle_time.caht"
    assert "did you mean 'chat'" in fault.message


def test_observed_times_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("type,seconds\na,12.5\nb,0.0000004\nc,3\n")
    law = talk("{file: times.csv, column: seconds, unit: s}", tmp_path)
    assert law == s.Empirical(values=(0, 3 * SECOND, 12_500_000))
    (tmp_path / "one.csv").write_text("duration\n1m\n30s\n")
    assert talk("{csv: one.csv}", tmp_path) == s.Empirical(values=(30 * SECOND, MINUTE))


THREE = s.Empirical(values=(12_500_000, 95 * SECOND, 1260 * SECOND))


@pytest.mark.parametrize(
    ("content", "law"),
    [
        ("seconds\n95\n1260\n12.5\n", "{file: t.csv, unit: s}"),
        ("95\n1260\n12.5\n", "{file: t.csv, unit: s}"),
        ("95;x\n1260;y\n12,5;z\n", "{file: t.csv, column: 1, unit: s}"),
        ("Talk;Wrap\n95;1\n1.260,0;2\n12,5;3\n", "{file: t.csv, column: talk, unit: s}"),
        ('talk,n\n95,1\n"1,260.0",2\n12.5,3\n', "{file: t.csv, column: talk, unit: s}"),
        ("AHT\n0:01:35\n0:21:00\n0:00:12.5\n", "{file: t.csv}"),
        ("AHT\n1:35\n21:00\n0:12.5\n", "{file: t.csv, durations: mm:ss}"),
        ("AHT\n95 sec\n21 min\n12.5 s\n", "{file: t.csv}"),
        ("ms\n95000\n1260000\n12500\n", "{file: t.csv, unit: ms}"),
        ("hours\n0.026388889\n0.35\n0.003472222222\n", "{file: t.csv, unit: h}"),
        ("queue,aht\nA,95\nB,7\nA,1260\nA,12.5\nA,\n", "{file: t.csv, column: aht, unit: s, where: {queue: A}}"),
        ("Times\n\nn,aht\n1,95\n2,1260\n3,12.5\nTotal: 3,\nPage 1 of 1\n", "{file: t.csv, column: aht, unit: s}"),
        ("n,aht\n1,95\n2,1260\n\n3,12.5\n", "{file: times, column: aht, unit: s}"),
        ("mon,tue\n95,1\n1260,2\n12.5,3\n", "{file: t.csv, column: mon, unit: s}"),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_file_of_times_of_any_form_is_the_same_law(tmp_path: Path, content: str, law: str) -> None:
    (tmp_path / "t.csv").write_text(content)
    found = scenario(tmp_path, handle_time=law, files="{times: {file: t.csv}}").handle_time
    assert found is not None
    assert isinstance(found.talk, s.Empirical)
    assert found.talk.values == pytest.approx(THREE.values, abs=3)


def test_what_was_read_of_a_file_of_times_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("n;aht\n1;95\n2;1260\n3;12,5\n4;\n")
    loaded = read_text(lab(handle_time="{csv: t.csv, column: aht, unit: s}"), base_dir=tmp_path)
    told = [(one.kind, one.key, one.message) for one in loaded.remarks]
    assert [one for one in told if one[0] == "read" or "csv" in one[1]] == [
        ("warning", "handle_time.csv", "`csv` is now called `file`"),
        ("read", "files", "t.csv: cells are separated by semicolons; aht: numbers with a decimal comma, like 12,5, "
                          "each of 1 s"),
        ("read", "handle_time.file", "t.csv, aht: 3 times, 12.5 s to 1,260 s, 455.8 s on average; 1 blank cell is "
                                     "left out"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("{file: times.csv, column: seconds}", "times.csv:2:1", "'12' has no unit; say which it is, like `unit: s`"),
        ("{file: times.csv, column: second, unit: s}", "times.csv:1:1", "did you mean 'seconds'"),
        ("{file: times.csv, unit: s}", "times.csv:1:1", "say which column holds the times, like `column: type`"),
        ("{file: nowhere.csv, unit: s}", "<text>:7:21", "no such file"),
        ("{file: bad.csv, unit: s}", "bad.csv:3:1", "'-2' is below 0"),
        (
            "{file: nowhere, unit: s}",
            "<text>:7:21",
            "expected a file like calls.csv or a name of `files`, got 'nowhere'",
        ),
        ("{file: empty.csv, column: seconds, unit: s}", "empty.csv:1:1", "the column holds no time"),
    ],
)
def test_faults_of_a_file_of_times(tmp_path: Path, text: str, place: str, said: str) -> None:
    (tmp_path / "times.csv").write_text("type,seconds\na,12\n")
    (tmp_path / "bad.csv").write_text("seconds\n1\n-2\n")
    (tmp_path / "empty.csv").write_text("type,seconds\na,\nb,\n")
    fault = only_fault(tmp_path, handle_time=text)
    assert str(fault).replace(f"{tmp_path}/", "").startswith(place + ": ")
    assert said in fault.message
