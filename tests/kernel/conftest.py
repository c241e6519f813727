from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.small_centre import as_python


@pytest.fixture(scope="module", autouse=True)
def uncompiled() -> Iterator[None]:
    with as_python():
        yield
