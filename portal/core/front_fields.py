"""What keys the front matter of each kind of file may have, and of which type.

A kind is described by a ``Spec``: key → reader. A reader turns a YAML node into a plain value or
raises ``_Bad`` with what it expected; the message then names key, value and expectation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from portal.core.findings import Findings
from portal.core.front_matter import Front, nearest_first

Reader = Callable[[Node], Any]
MISSING: Final = object()


class _Bad(Exception):
    """A value of the wrong type (F009) or out of its range (F010)."""

    def __init__(self, code: str, value: str, expected: str) -> None:
        super().__init__(expected)
        self.code, self.value, self.expected = code, value, expected


@dataclass(frozen=True, slots=True)
class Key:
    """How one key is read, and its value where the author leaves it out (``MISSING``: required)."""

    read: Reader
    default: Any = MISSING
    words: bool = False  # read from the English edition as well


Spec = Mapping[str, Key]


def read_fields(front: Front, spec: Spec, findings: Findings) -> dict[str, Any]:
    """The values of ``spec`` in ``front``, defaults filled in; every fault is noted.

    A required key that is missing or bad gives None.
    """
    for name in front.nodes:
        if name not in spec:
            known = nearest_first(name, list(spec))
            findings.add(front.lines[name], "F007", key=name, known=known)
    values: dict[str, Any] = {}
    for name, key in spec.items():
        values[name] = None if key.default is MISSING else key.default
        if name in front.nodes:
            try:
                values[name] = key.read(front.nodes[name])
            except _Bad as bad:
                findings.add(
                    front.lines[name], bad.code, key=name, value=bad.value, expected=bad.expected
                )
        elif key.default is MISSING:
            findings.add(1, "F008", key=name)
    return values


def read_words(
    front: Front, spec: Spec, source: Mapping[str, Any], findings: Findings
) -> dict[str, Any]:
    """The words of an English edition; every other key it repeats must say what ``source`` says."""
    values: dict[str, Any] = {}
    for name, node in front.nodes.items():
        line = front.lines[name]
        if name not in spec:
            findings.add(line, "F007", key=name, known=nearest_first(name, list(spec)))
            continue
        try:
            value = spec[name].read(node)
        except _Bad as bad:
            findings.add(line, bad.code, key=name, value=bad.value, expected=bad.expected)
            continue
        if spec[name].words:
            values[name] = value
        elif value != source.get(name):
            theirs = _shown(source.get(name))
            findings.add(line, "F012", key=name, value=_shown(value), source=theirs)
    return values


def text(node: Node) -> str:
    """A scalar as it was typed; not empty."""
    value = _scalar(node, "text").strip()
    if not value:
        raise _Bad("F009", "", "text")
    return value


def flag(node: Node) -> bool:
    value = _scalar(node, "true / false").strip().lower()
    if value not in ("true", "false", "yes", "no"):
        raise _Bad("F009", value, "true / false")
    return value in ("true", "yes")


def number(low: float, high: float) -> Reader:
    """A number in [low, high]."""

    def read(node: Node) -> float:
        return _number(node, low, high)

    return read


def whole(low: int, high: int) -> Reader:
    """A whole number in [low, high]."""

    def read(node: Node) -> int:
        value = _number(node, low, high)
        if not value.is_integer():
            raise _Bad("F009", f"{value:g}", f"{low}–{high}")
        return int(value)

    return read


def one_of(*allowed: str) -> Reader:
    def read(node: Node) -> str:
        value = _scalar(node, " | ".join(allowed)).strip()
        if value not in allowed:
            raise _Bad("F009", value, " | ".join(allowed))
        return value

    return read


def iso_date(node: Node) -> str:
    value = _scalar(node, "2027-03-31").strip()
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise _Bad("F009", value, "2027-03-31") from None


def names(node: Node) -> tuple[str, ...]:
    """A list of words, ``[a, b]``; an empty value is an empty list."""
    if isinstance(node, ScalarNode) and not node.value.strip():
        return ()
    return tuple(text(child) for child in _sequence(node, "[a, b]"))


def whole_numbers(low: int, high: int) -> Reader:
    def read(node: Node) -> tuple[int, ...]:
        return tuple(whole(low, high)(child) for child in _sequence(node, f"[{low}, {high}]"))

    return read


def mapping(spec: Spec, expected: str) -> Reader:
    """A map with the keys of ``spec``."""

    def read(node: Node) -> dict[str, Any]:
        if not isinstance(node, MappingNode):
            raise _Bad("F009", _shown_node(node), expected)
        found = {key.value: value for key, value in node.value}
        strange = next((key for key in found if key not in spec), None)
        if strange is not None:
            raise _Bad("F009", strange, expected)
        values = {}
        for name, key in spec.items():
            if name in found:
                values[name] = key.read(found[name])
            elif key.default is MISSING:
                raise _Bad("F009", _shown_node(node), expected)
            else:
                values[name] = key.default
        return values

    return read


def mapping_of(read_one: Reader, expected: str, limit: int) -> Reader:
    """A map of at most ``limit`` names of the author's own to values that ``read_one`` reads."""

    def read(node: Node) -> dict[str, Any]:
        if isinstance(node, ScalarNode) and not node.value.strip():
            return {}
        if not isinstance(node, MappingNode):
            raise _Bad("F009", _shown_node(node), expected)
        if len(node.value) > limit:
            raise _Bad("F010", str(len(node.value)), f"1–{limit}")
        return {key.value: read_one(value) for key, value in node.value}

    return read


def number_or_flag(low: float, high: float) -> Reader:
    """``true``, ``false`` or a number in [low, high]."""

    def read(node: Node) -> float | bool:
        if _scalar(node, "0 / false").strip().lower() in ("true", "false", "yes", "no"):
            return flag(node)
        return _number(node, low, high)

    return read


def list_of(read_one: Reader, expected: str) -> Reader:
    def read(node: Node) -> tuple[Any, ...]:
        return tuple(read_one(child) for child in _sequence(node, expected))

    return read


def all_or_names(node: Node) -> str | tuple[str, ...]:
    """The word ``all``, or a list of names."""
    if isinstance(node, ScalarNode) and node.value.strip() == "all":
        return "all"
    if isinstance(node, ScalarNode):
        raise _Bad("F009", node.value, "all | [a, b]")
    return names(node)


# Private functions


def _scalar(node: Node, expected: str) -> str:
    if not isinstance(node, ScalarNode):
        raise _Bad("F009", _shown_node(node), expected)
    return str(node.value)


def _sequence(node: Node, expected: str) -> Sequence[Node]:
    if not isinstance(node, SequenceNode):
        raise _Bad("F009", _shown_node(node), expected)
    children: Sequence[Node] = node.value
    return children


def _number(node: Node, low: float, high: float) -> float:
    expected = f"{low:g}–{high:g}"
    typed = _scalar(node, expected).strip()
    try:
        value = float(typed)
    except ValueError:
        raise _Bad("F009", typed, expected) from None
    if not low <= value <= high:  # also refuses nan
        raise _Bad("F010", typed, expected)
    return value


def _shown_node(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "[…]"
    return "{…}" if isinstance(node, MappingNode) else str(node.value)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
