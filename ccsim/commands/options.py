"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

ScenarioFile = Annotated[
    str, typer.Argument(help="File of the scenario; FILE:VARIANT for a variant.", show_default=False)
]
Variants = Annotated[
    list[str] | None, typer.Option("--variant", help="A named variant; may be given again, later ones on top.")
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one value; may be given again.")
]
