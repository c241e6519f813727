"""The language server: what an editor asks over stdio, by the protocol that editors share (LSP).

The only module that knows `pygls`, which is an optional dependency.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import PositionCodec, ServerTextPosition, TextDocument

from ccsim import __version__
from ccsim.editor.completion import complete
from ccsim.editor.diagnostics import Notice, extent, findings
from ccsim.editor.document import Document, stored
from ccsim.editor.symbols import Symbol, symbols
from ccsim.editor.words import definition, meaning
from ccsim.interrupts import passing_folders

PAUSE_SECONDS: Final = 0.25
"""Pause in typing after which a scenario is checked."""
MOST_SIGNS: Final = 5_000_000
"""Longer texts are left alone."""

_SEVERITY: Final = {
    "fault": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "assumed": types.DiagnosticSeverity.Hint,
}
_KIND: Final = {
    "key": types.CompletionItemKind.Property,
    "name": types.CompletionItemKind.Reference,
    "word": types.CompletionItemKind.EnumMember,
}


class Server(LanguageServer):
    """A server with what it knows of the files that are open."""

    def __init__(self) -> None:
        super().__init__("ccsim", __version__)
        self.said: dict[str, dict[str, list[Notice]]] = {}
        """By the scenario that was checked, and by the file: what was found."""
        self.latest: dict[str, int] = defaultdict(int)
        """By scenario: number of the last change."""
        self._reference: str | None = None

    def document(self, uri: str) -> Document:
        """A scenario as it stands in the editor."""
        return Document(self.workspace.get_text_document(uri).source, path_of(uri), self.text_of)

    def text_of(self, path: Path) -> str | None:
        """The text of a file, of the editor where it is open."""
        text = self.open_texts().get(os.path.realpath(path))
        return stored(path) if text is None else text

    def open_texts(self) -> dict[str, str]:
        """Texts of all files that are open, by their real paths."""
        return {os.path.realpath(path_of(uri)): one.source for uri, one in self.workspace.text_documents.items()}

    def reference(self) -> str:
        """Address of the reference page of the language, which is written once for this process."""
        if self._reference is None:
            from ccsim.scenario.reference import reference

            self._folder = tempfile.TemporaryDirectory(prefix="ccsim-reference-")
            passing_folders.add(Path(self._folder.name))  # also where the process ends without Python's own end
            page = Path(self._folder.name) / "scenario.md"
            page.write_text(reference(), encoding="utf-8")
            self._reference = page.as_uri()
        return self._reference

    def uri_of(self, path: Path) -> str:
        """The address of a file, as the editor writes it where it is open."""
        real = os.path.realpath(path)
        for uri in self.workspace.text_documents:
            if os.path.realpath(path_of(uri)) == real:
                return str(uri)
        return path.absolute().as_uri()

    async def check(self, uri: str) -> None:
        """Check a scenario once its author pauses, and tell the editor what was found."""
        self.latest[uri] += 1
        change = self.latest[uri]
        await asyncio.sleep(PAUSE_SECONDS)
        if self.latest[uri] != change or uri not in self.workspace.text_documents:
            return
        text = self.workspace.get_text_document(uri).source
        if len(text) > MOST_SIGNS:
            return
        found = await asyncio.to_thread(findings, text, path_of(uri), self.open_texts())
        if self.latest[uri] != change:
            return
        by_uri = {uri if path == path_of(uri) else self.uri_of(path): said for path, said in found.items()}
        before = self.said.get(uri, {})
        self.said[uri] = by_uri
        self.publish(before.keys() | by_uri.keys())

    def forget(self, uri: str) -> None:
        """Take back what was said of a scenario that is closed."""
        self.latest[uri] += 1
        self.publish(self.said.pop(uri, {}).keys() | {uri})

    def publish(self, uris: set[str]) -> None:
        """Tell the editor all that was found in files, whichever scenario it was found for."""
        for uri in sorted(uris):
            found = dict.fromkeys(one for by_uri in self.said.values() for one in by_uri.get(uri, ()))
            document = self.workspace.get_text_document(uri)
            codec, lines = document.position_codec, _lines(document)
            said = [_diagnostic(one, lines, codec) for one in found]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, said, document.version))


def path_of(uri: str) -> Path:
    """The file of an address; of a text that is not stored yet, one in the current folder."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path) if path else Path.cwd() / "untitled.yaml"


def _lines(document: TextDocument) -> list[str]:
    try:
        return document.source.split("\n")
    except (OSError, ValueError):  # a file that is gone, or no text
        return []


def _diagnostic(one: Notice, lines: list[str], codec: PositionCodec) -> types.Diagnostic:
    line, start, end = extent(lines, one)
    return types.Diagnostic(_range(lines, codec, line, start, end), one.message, _SEVERITY[one.weight], source="ccsim")


def _range(lines: list[str], codec: PositionCodec, line: int, start: int, end: int) -> types.Range:
    """A stretch of a line, counted as the client counts."""
    text = lines or [""]
    return types.Range(
        codec.position_to_client_units(text, ServerTextPosition(line, start)),
        codec.position_to_client_units(text, ServerTextPosition(line, end)),
    )


def _asked(document: TextDocument, position: types.Position) -> tuple[int, int]:
    """Line and column (from 1) of a position of the client."""
    lines = document.source.split("\n")
    line = min(position.line, len(lines) - 1)
    at = document.position_codec.position_from_client_units([lines[line] + "\n"], types.Position(0, position.character))
    return line + 1, min(at.character, len(lines[line])) + 1


def made() -> Server:
    """A server that is ready to be started."""
    server = Server()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def _opened(params: types.DidOpenTextDocumentParams) -> None:
        await server.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def _changed(params: types.DidChangeTextDocumentParams) -> None:
        await server.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def _saved(params: types.DidSaveTextDocumentParams) -> None:
        for uri in list(server.workspace.text_documents):  # what others extend may have been stored
            await server.check(uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)

    _answer_about_words(server)
    return server


def _answer_about_words(server: Server) -> None:
    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", "{", "[", ",", ".", "-", "/"])
    )
    def _completion(params: types.CompletionParams) -> types.CompletionList:
        document = server.workspace.get_text_document(params.text_document.uri)
        line, column = _asked(document, params.position)
        found = complete(server.document(params.text_document.uri), line, column)
        where = _range(_lines(document), document.position_codec, line - 1, found.start - 1, found.end - 1)
        items = [
            types.CompletionItem(
                one.label,
                kind=_KIND[one.kind],
                detail=one.detail or None,
                documentation=types.MarkupContent(types.MarkupKind.Markdown, one.means) if one.means else None,
                sort_text=f"{number:05d}",
                text_edit=types.TextEdit(where, one.insert),
            )
            for number, one in enumerate(found.items)
        ]
        return types.CompletionList(False, items)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def _hover(params: types.HoverParams) -> types.Hover | None:
        document = server.workspace.get_text_document(params.text_document.uri)
        line, column = _asked(document, params.position)
        found = meaning(server.document(params.text_document.uri), line, column, server.reference())
        if found is None:
            return None
        start = found.spot.place.column - 1
        lines = _lines(document)
        where = _range(lines, document.position_codec, line - 1, start, start + found.spot.width)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, found.text), where)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def _definition(params: types.DefinitionParams) -> types.Location | None:
        document = server.workspace.get_text_document(params.text_document.uri)
        place = definition(server.document(params.text_document.uri), *_asked(document, params.position))
        if place is None:
            return None
        uri = server.uri_of(Path(place.source.name))
        lines = _lines(server.workspace.get_text_document(uri))
        at = min(place.line, max(len(lines), 1)) - 1
        column = place.column - 1
        return types.Location(uri, _range(lines, document.position_codec, at, column, column))

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def _symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = server.workspace.get_text_document(params.text_document.uri)
        lines = _lines(document)

        def shown(one: Symbol) -> types.DocumentSymbol:
            start = one.place.column - 1
            where = _range(lines, document.position_codec, one.place.line - 1, start, start + len(one.name))
            kind = types.SymbolKind.Namespace if one.inner else types.SymbolKind.Property
            return types.DocumentSymbol(
                one.name or "?", kind, where, where, children=[shown(each) for each in one.inner]
            )

        return [shown(one) for one in symbols(server.document(params.text_document.uri))]
