"""A headless Chromium driven over a pipe, with nothing but the standard library."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60.0
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
_START = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 20) for each in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Puts the two pipes where a Chromium looks for them, then becomes it."""


def find_browser() -> str | None:
    """Path of a Chromium, None without one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One browser with one tab; everything it reports is kept in `events`."""

    def __init__(self, path: str, profile: Path) -> None:
        command_read, self._to = os.pipe()
        self._from, answer_write = os.pipe()
        flags = [
            "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
            "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
        ]  # fmt: skip
        start = [sys.executable, "-c", _START, str(command_read), str(answer_write), path, *flags, "about:blank"]
        self._process = subprocess.Popen(
            start, pass_fds=(command_read, answer_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        os.close(command_read)
        os.close(answer_write)
        self._number = 0
        self._rest = b""
        self.events: list[dict[str, Any]] = []
        self.session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if self.session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self.session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method: str) -> None:
        """Wait until an event has been reported."""
        while not self.seen(method):
            self.events.append(self._next())

    def seen(self, method: str) -> list[dict[str, Any]]:
        """What was reported under a name, in order."""
        return [event["params"] for event in self.events if event.get("method") == method]

    def open(self, page: Path) -> None:
        """Open a file, once it is loaded."""
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        self.wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Value of an expression in the page."""
        made = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in made, made["exceptionDetails"]
        return made["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key where the focus is."""
        text = {"Enter": "\r", " ": " "}.get(key)
        more = {"text": text} if text else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            read = os.read(self._from, 1 << 16)
            if not read:
                raise EOFError("the browser has gone")
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def close(self) -> None:
        """End the browser and whatever it started."""
        with contextlib.suppress(Exception):
            self.session = None
            self.call("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._to)
        os.close(self._from)


@contextlib.contextmanager
def browsing(profile: Path) -> Iterator[Browser]:
    """A browser for the time of a test; there must be one."""
    path = find_browser()
    assert path is not None
    browser = Browser(path, profile)
    try:
        yield browser
    finally:
        browser.close()


def complaints(browser: Browser) -> list[str]:
    """What the browser's console would show."""
    said = [str(e["args"]) for e in browser.seen("Runtime.consoleAPICalled")]
    said += [str(e["exceptionDetails"]) for e in browser.seen("Runtime.exceptionThrown")]
    return said + [str(e["entry"]["text"]) for e in browser.seen("Log.entryAdded")]


def asked_for(browser: Browser) -> list[str]:
    """Addresses that the page asked for, itself left out."""
    urls = [e["request"]["url"] for e in browser.seen("Network.requestWillBeSent")]
    return [url for url in urls if not (url.startswith("file:") and url.endswith("/report.html"))]


def width_on_a_phone(browser: Browser) -> int:
    """Pixels that a page wants on a phone."""
    try:
        browser.call("Emulation.setDeviceMetricsOverride", **PHONE)
        return int(browser.run("document.documentElement.scrollWidth"))
    finally:
        browser.call("Emulation.clearDeviceMetricsOverride")
