import io
import logging

import pytest

from ccsim.experiments import progress
from ccsim.experiments.progress import Talk, say, short_time
from tests.support.stand_in.desk import fake_run


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_without_a_terminal_there_are_lines_now_and_then():
    stream = io.StringIO()
    fake_run(6, progress=Talk(stream=stream, line_every=0.0))
    lines = stream.getvalue().splitlines()
    assert lines[0] == "1 of 6 replications"  # the first may have compiled the kernel: no pace yet
    assert all("replications/s" in line and "visits/s" in line and "left" in line for line in lines[1:])
    assert "\x1b" not in stream.getvalue()


def test_a_short_run_is_silent_without_a_terminal():
    stream = io.StringIO()
    fake_run(6, progress=Talk(stream=stream))
    assert stream.getvalue() == ""


def test_on_a_terminal_there_is_a_bar_that_goes_away():
    stream = Terminal()
    with Talk(stream=stream) as talk:
        fake_run(6, progress=talk)
    assert "6/6" in stream.getvalue()


def test_log_messages_of_ccsim_are_said_inside_and_only_inside():
    stream = io.StringIO()
    logger = logging.getLogger("ccsim.engine")
    with Talk(stream=stream):
        logger.info("compiling the kernel, once")
        logger.debug("not this")
        logging.getLogger("other").warning("nor this")
    logger.info("nor that")
    assert stream.getvalue() == "compiling the kernel, once\n"
    assert not logging.getLogger("ccsim").handlers


def test_messages_stand_above_the_bar():
    stream = Terminal()
    with Talk(stream=stream) as talk:
        talk.start(10)
        talk.say("a [bold]line[/bold]")
        talk.advance(10, 5)
    assert "a [bold]line[/bold]" in stream.getvalue()


def test_say_goes_to_stderr(capsys):
    say("hello")
    assert capsys.readouterr() == ("", "hello\n")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.44, "0.4 s"), (12.3, "12 s"), (59.7, "60 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_times_for_people(seconds, text):
    assert short_time(seconds) == text


def test_rates_for_people():
    assert [progress._large(n) for n in (5.0, 12345.0, 3.2e6)] == ["5", "12.3 k", "3.2 M"]
