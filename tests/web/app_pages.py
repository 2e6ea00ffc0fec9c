"""The pages of the portal as its source names them: importing ``portal.app`` runs the script."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

APP = Path(__file__).parents[2] / "portal" / "app.py"


def pages_of_the_app() -> dict[str, str]:
    """The names of ``app.PAGES`` with the module of each."""
    for node in ast.parse(APP.read_text("utf-8")).body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "PAGES":
            value: Any = node.value
            return {one.elts[0].value: one.elts[1].value.id for one in value.elts}
    raise AssertionError("portal/app.py has no PAGES any more")
