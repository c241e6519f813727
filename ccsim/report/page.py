"""One self-contained HTML page: opens without a network, in dark and light, on a phone."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup, escape

from ccsim.errors import OutputError

SCRIPT: Final = Path(__file__).parent / "page.js"
"""The only script of a page: it sorts tables."""
NAME: Final = "report.html"
"""Name of the page in the folder of a run."""
GENERATOR: Final = '<meta name="generator" content="ccsim">'
"""Marks a page as ours, so that it may be replaced."""


def render_page(template: Path, **values: Any) -> str:
    """The page that a Jinja2 template, usually one that extends `page.html`, makes of `values`.

    Text is escaped. A name that the template uses and nobody gave is an error.
    """
    return template_of(template).render(**values)


@cache
def template_of(template: Path) -> jinja2.Template:
    """A Jinja2 template, ready to be rendered."""
    script = SCRIPT.read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(template.parent), jinja2.FileSystemLoader(Path(__file__).parent)]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["script"] = Markup(script)  # noqa: S704 - our own file
    environment.globals["policy"] = policy(script)
    environment.filters["coded"] = coded
    return environment.get_template(template.name)


def policy(script: str) -> str:
    """What a browser lets the page do: nothing from elsewhere, no script but this one, known by its digest."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'"
    )


def write_page(text: str, path: Path) -> None:
    """Write the page whole or not at all; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:  # a file's name may have odd bytes
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def put_page(text: str, path: Path) -> None:
    """As `write_page`; `OutputError` if that cannot be done."""
    try:
        write_page(text, path)
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: could not be written: {getattr(error, 'strerror', None) or error}") from None


def check_page_place(path: Path) -> None:
    """`OutputError` if something is there that is not a page of ccsim."""
    try:
        if path.is_dir():
            raise OutputError(f"{path}: is a folder; name an HTML file")
        if path.exists():
            with path.open("rb") as stream:
                if GENERATOR.encode() not in stream.read(2_000):
                    raise OutputError(f"{path}: exists and is not a page of ccsim; it is not replaced")
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be used: {getattr(error, 'strerror', None) or error}") from None


def coded(text: str) -> Markup:
    """A text as HTML, what stands in backticks as code."""
    return Markup(re.sub(r"`([^`<>]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before
