from xml.etree import ElementTree

import pytest

from ccsim.errors import OutputError
from ccsim.results.junit import Case, check_junit_place, junit_text, write_junit

CASES = [Case("ASA", "pass", "4 s"), Case("level", "fail", "70 %"), Case("wait", "inconclusive", "7 s ± 9 s")]


def test_counts_and_kinds():
    suite = ElementTree.fromstring(junit_text("desk", CASES)).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    passed, failed, unclear = suite.findall("testcase")
    assert [child.tag for child in passed] == ["system-out"]
    assert failed.find("failure").get("message") == "70 %"
    assert unclear.find("error").get("type") == "inconclusive"


@pytest.mark.parametrize(
    "name", ['<a b="c">&\'', "]]>", "\x00\x07\x1b[31m", "\ud800", "￾", "naïve 店", "\n\t x", "=1+1"]
)
def test_hostile_names_stay_names(name):
    root = ElementTree.fromstring(junit_text(name, [Case(name, "fail", name)]))
    assert len(root.findall("testsuite/testcase/failure")) == 1
    assert len(list(root.iter())) == 4
    shown = root.find("testsuite/testcase").get("name")
    assert all(ord(sign) >= 32 or sign in "\t\n\r" for sign in shown)
    if name.isprintable() and name.isascii():
        assert shown == name


def test_it_is_written_whole_and_only_over_its_like(tmp_path):
    place = tmp_path / "goals.xml"
    write_junit(place, "desk", CASES)
    write_junit(place, "desk", CASES[:1])
    assert place.read_text(encoding="utf-8") == junit_text("desk", CASES[:1])
    assert [one.name for one in tmp_path.iterdir()] == ["goals.xml"]
    other = tmp_path / "plan.yaml"
    other.write_text("scenario: x")
    for wrong in (other, tmp_path, tmp_path / "nowhere" / "x.xml", tmp_path / ("x" * 300)):
        with pytest.raises(OutputError):
            check_junit_place(wrong)
        with pytest.raises(OutputError):
            write_junit(wrong, "desk", CASES)
    assert other.read_text() == "scenario: x"
