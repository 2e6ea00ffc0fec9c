"""The YAML between the first two ``---`` lines of a file, read with suspicion.

Only plain maps, lists and scalars pass. Aliases, anchors and tags are refused (an alias bomb of a
few lines expands to gigabytes), as are deep or long front matter and a key written twice. Scalars
keep the author's own spelling, so that a title of digits stays what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import yaml
from yaml.events import AliasEvent, NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from portal.core.findings import Findings

MAX_DEPTH = 6
MAX_CHARS = 8_000
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Front:
    """``nodes`` by key with the 1-based ``lines`` of their keys; ``body_at`` is the first line
    (0-based) after the closing ``---``."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    body_at: int = 0


def read_front(lines: list[str], findings: Findings) -> Front | None:
    """The front matter of ``lines``; None, with one problem noted, when it cannot be read."""
    if not lines or lines[0].strip() != _FENCE:
        findings.add(1, "F001")
        return None
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == _FENCE), None)
    if end is None:
        findings.add(1, "F002")
        return None
    text = "\n".join(lines[1:end])
    if len(text) > MAX_CHARS:
        findings.add(2, "F005", limit=MAX_CHARS)
        return None
    root = _compose(text, findings)
    if root is None:
        return None
    return _front(root, end + 1, lines, findings)


# Private functions


class _Refused(Exception):
    """Found while composing; becomes a problem, never leaves this module."""

    def __init__(self, code: str, line: int, **args: object) -> None:
        super().__init__(code)
        self.code, self.line, self.args_by_name = code, line, args


class _StrictLoader(yaml.SafeLoader):
    """Composes nodes and stops at the first alias, anchor, tag or level too many."""

    depth = 0

    def compose_node(self, parent: Node | None, index: object) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 2
        if isinstance(event, AliasEvent):
            raise _Refused("F004", line)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            raise _Refused("F004", line)
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Refused("F013", line, tag=event.tag)
        if self.depth >= MAX_DEPTH:
            raise _Refused("F005", line, limit=MAX_CHARS)
        self.depth += 1
        node = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node


def _compose(text: str, findings: Findings) -> Node | None:
    loader = None
    try:
        loader = _StrictLoader(text)
        node = loader.get_single_node()
    except _Refused as refusal:
        findings.add(refusal.line, refusal.code, **refusal.args_by_name)
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        if not _note_wide_colon(text.split("\n")[:line], findings):
            findings.add(line, "F003", detail=error.problem or "")
        return None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        findings.add(1, "F003", detail=str(error).partition("\n")[0])
        return None
    finally:
        if loader is not None:
            loader.dispose()
    return node if node is not None else MappingNode("tag:yaml.org,2002:map", [])


def _front(root: Node, body_at: int, lines: list[str], findings: Findings) -> Front | None:
    if not isinstance(root, MappingNode):
        if not _note_wide_colon(lines[1:body_at], findings):
            findings.add(2, "F014")
        return None
    if not _keys_once(root, findings):
        return None
    nodes = {key.value: value for key, value in root.value}
    places = {key.value: key.start_mark.line + 2 for key, _ in root.value}
    return Front(nodes, places, body_at)


def _note_wide_colon(lines: list[str], findings: Findings) -> bool:
    """Note the first line whose key ends in a full-width colon; False when there is none."""
    for number, line in enumerate(lines, 2):
        key, colon, _ = line.partition("：")
        if colon and 0 < len(key.strip()) <= 40 and ":" not in key and not key.startswith("#"):
            findings.add(number, "F011", key=key.strip())
            return True
    return False


def _keys_once(node: Node, findings: Findings) -> bool:
    """Whether no map below ``node`` has a key twice, or a key that is no plain word."""
    if isinstance(node, SequenceNode):
        clean = True
        for child in node.value:  # all of them are looked at, so that each fault is noted
            clean = _keys_once(child, findings) and clean
        return clean
    if not isinstance(node, MappingNode):
        return True
    seen: set[str] = set()
    clean = True
    for key, value in node.value:
        line = key.start_mark.line + 2
        if not isinstance(key, ScalarNode):
            findings.add(line, "F003", detail="key")
            clean = False
            continue
        if "：" in key.value:
            findings.add(line, "F011", key=key.value.partition("：")[0])
            clean = False
        if key.value in seen:
            findings.add(line, "F006", key=key.value)
            clean = False
        seen.add(key.value)
        clean = _keys_once(value, findings) and clean
    return clean


def nearest_first(word: str, known: list[str]) -> str:
    """The known words as a list for a hint, those that ``word`` may mean in front."""
    close = get_close_matches(word, known, n=2, cutoff=0.6)
    return ", ".join([*close, *(other for other in known if other not in close)])
