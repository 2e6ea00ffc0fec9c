"""Collections that tests are tried against where somebody has them: the project holds none.

``HOSTILE_INPUTS`` names a folder of attack strings (folders such as ``xss``, ``fuzzdb``, ``svg``,
``traversal``, ``passwords``), ``STATUTE_INDEX`` a table of statutes in force (``title``,
``is_current``, ``effective``, separated by tabs). Without them the project's own, smaller
collections in the tests are what counts.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def hostile(folder: str) -> Path:
    """A folder of ``HOSTILE_INPUTS``; skips the test where there is none."""
    return _named("HOSTILE_INPUTS") / folder


def statute_index() -> Path:
    """The file ``STATUTE_INDEX``; skips the test where there is none."""
    return _named("STATUTE_INDEX")


def _named(variable: str) -> Path:
    named = os.environ.get(variable)
    if not named:
        pytest.skip(f"{variable} is not set")
    path = Path(named)
    assert path.exists(), f"{variable}: {path} is not there"
    return path
