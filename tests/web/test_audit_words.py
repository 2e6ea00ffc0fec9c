"""Every deed that code notes in the audit log has a name in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from portal.actions import permission
from portal.core.people import ACTIONS
from portal.web.text import messages

NOTING = {"note", "audit.note", "audit.record"}
COLUMNS = {"at", "actor_id", "action", "target", "address"}  # of the log itself, shown otherwise
PORTAL = Path(__file__).parents[2] / "portal"


def noted() -> Iterator[tuple[str, str]]:
    """(file, action) for every call of ``note(…, "action", …)`` and ``audit.record(action=…)``."""
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if name in {"note", "audit.note"} and len(node.args) > 3:
                given = node.args[3]
            elif name in {"audit.record", "record"}:
                given = next((k.value for k in node.keywords if k.arg == "action"), ast.Name(""))
            else:
                continue
            if isinstance(given, ast.JoinedStr):
                continue  # one of several that a test of that action knows
            for constant in ast.walk(given):
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    yield path.name, constant.value


def test_every_action_of_the_log_has_words() -> None:
    found = set(noted()) | {("permission.py", action) for action in permission.LOOKS.values()}
    assert len(found) > 15
    missing = {one for one in found if f"audit_action.{one[1]}" not in messages("zh")}
    assert not missing


def details() -> Iterator[tuple[str, str]]:
    """(file, key) of every fact that a call of ``note`` or ``audit.record`` writes by name."""
    for path in (PORTAL / "actions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in NOTING:
                yield from ((path.name, one.arg) for one in node.keywords if one.arg)


def test_every_fact_of_the_log_has_words() -> None:
    found = {one for one in details() if one[1] not in COLUMNS}
    assert len(found) > 40
    assert not {one for one in found if f"audit_detail.{one[1]}" not in messages("zh")}


def test_every_kind_of_target_has_words() -> None:
    kinds = {
        (path.name, kind)
        for path in (PORTAL / "actions").rglob("*.py")
        for kind in re.findall(r'f"([a-z_-]+):\{', path.read_text(encoding="utf-8"))
    }
    assert len(kinds) > 10
    assert not {one for one in kinds if f"audit_kind.{one[1]}" not in messages("zh")}


def test_what_somebody_was_refused_has_words_and_every_deed_begins_alike() -> None:
    for locale in ("zh", "en"):
        words = messages(locale)
        assert {f"audit_wanted.{action}" for action in ACTIONS} <= set(words)
    deeds = [said for key, said in messages("en").items() if key.startswith("audit_action.")]
    assert len(deeds) > 40 and not [said for said in deeds if not said[0].isupper()]
