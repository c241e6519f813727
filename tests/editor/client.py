"""An editor in miniature: speaks the protocol to `ccsim lsp` over its stdin and stdout."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.editor.cursor import placed
from tests.support.processes import environment

LIMIT = 60
"""Seconds until a test gives up."""


class Editor:
    """A process of the server with the texts that are open in it."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        code = "from ccsim.start import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "lsp", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment(),
        )
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self.said: dict[str, list[list[dict[str, Any]]]] = {}
        self.number = 0
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def __enter__(self) -> Editor:
        self.capabilities = self.ask(
            "initialize", {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": {}}
        )
        self.tell("initialized", {})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.listener.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(OSError):  # what was still to be written when the process went
                if stream is not None:
                    stream.close()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            self.heard.put(json.loads(stream.read(length)))

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method: str, params: object) -> None:
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.heard.get(timeout=LIMIT)
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._keep(message)

    def _keep(self, message: dict[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self.said.setdefault(message["params"]["uri"], []).append(message["params"]["diagnostics"])

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> None:
        document = {"uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def change(self, name: str, version: int, *changes: dict[str, Any]) -> None:
        document = {"uri": self.uri(name), "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def diagnostics(self, name: str) -> list[dict[str, Any]]:
        """What is said next of a file."""
        while not self.said.get(self.uri(name)):
            self._keep(self.heard.get(timeout=LIMIT))
        return self.said[self.uri(name)].pop(0)

    def at(self, method: str, name: str, text: str) -> Any:
        """Open a text with a cursor in it and ask for what stands there."""
        plain, line, column = placed(text)
        self.open(name, plain)
        before = plain.split("\n")[line - 1][: column - 1]
        position = {"line": line - 1, "character": len(before.encode("utf-16-le")) // 2}
        return self.ask(method, {"textDocument": {"uri": self.uri(name)}, "position": position})
