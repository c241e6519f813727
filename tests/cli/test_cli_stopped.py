"""A command that is stopped ends at once, with an exit code that says how, though its threads still simulate."""

import signal
import subprocess
import sys

import pytest

CODE = """
import threading, time
from ccsim import cli
from ccsim.experiments.replicate import replicate

@cli.app.command("simulate-on")
def simulate_on():
    def simulate(replication):
        print("simulating", flush=True)
        time.sleep(600)
    if not replicate(simulate, 3, lambda simulated: None, workers=1):
        raise cli.typer.Exit(130)

cli.main()
"""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_command_does_not_wait_for_its_threads(sent, code):
    with subprocess.Popen([sys.executable, "-c", CODE, "simulate-on"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"simulating\n"
        process.send_signal(sent)
        try:
            assert process.wait(timeout=60) == code  # its thread simulates for ten minutes
        finally:
            process.kill()
