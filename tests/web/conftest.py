"""One running site for all tests of the web layer that do not need another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.site import Site, running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started
