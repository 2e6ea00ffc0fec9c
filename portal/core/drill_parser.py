"""Drills: one file, its settings, its scenes, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yaml.nodes import Node

from portal.core import front_fields as fields
from portal.core.citations import check_citation
from portal.core.documents import Document, open_document
from portal.core.drill_build import build_drill
from portal.core.drill_checks import check_drill
from portal.core.drill_drafts import read_scenes
from portal.core.drill_editions import merge_drill
from portal.core.drill_grammar import Unreadable, parse_condition, shown
from portal.core.drill_walk_checks import check_walks
from portal.core.drills import DEFAULT_PACE, Drill
from portal.core.findings import Findings, Notes
from portal.core.front_fields import Key, Spec, read_fields, read_words
from portal.core.page_checks import check_page
from portal.core.problem_texts import severity_of
from portal.core.problems import Problem
from portal.core.question_parser import Place

_OBJECTIVES = "{O1: {title: …, capability: …, critical: true}}"
_STATE = "{elapsed: 0, evacuated: false}"
_LABELS = "{trust: …}"


def _objectives(capability: Key, critical: Key) -> fields.Reader:
    keys = {"title": Key(fields.text), "capability": capability, "critical": critical}
    return fields.mapping_of(fields.mapping(keys, _OBJECTIVES), _OBJECTIVES, 9)


DRILL_KEYS: Spec = {
    "kind": Key(fields.one_of("drill")),
    "title": Key(fields.text, words=True),
    "role": Key(fields.text, words=True),
    "minutes": Key(fields.whole(1, 240)),
    "objectives": Key(_objectives(Key(fields.text, ""), Key(fields.flag, False))),
    "state": Key(fields.mapping_of(fields.number_or_flag(-1e6, 1e6), _STATE, 20), {}),
    "labels": Key(fields.mapping_of(fields.text, _LABELS, 20), {}, words=True),
    "best": Key(fields.text, None),
    "mode": Key(fields.one_of("tabletop", "functional"), "tabletop"),
    "blind": Key(fields.one_of("none", "single", "double"), "single"),
    "pace": Key(fields.number(1, 60), DEFAULT_PACE),
}


def _as_condition(node: Node) -> str:
    """``best`` as it reads whatever its spaces and brackets."""
    text = fields.text(node)
    try:
        return shown(parse_condition(text))
    except Unreadable:
        return text


_ENGLISH_KEYS: Spec = {
    **DRILL_KEYS,
    "best": Key(_as_condition, None),
    "objectives": Key(_objectives(Key(fields.text, None), Key(fields.flag, None)), words=True),
}


def parse_drill(
    text: str,
    english: str | None,
    place: Place,
    drill_id: str,
    english_path: str = "",
    notes: Notes | None = None,
) -> tuple[Drill | None, list[Problem]]:
    """The drill in ``text`` with its English edition, and every problem of both files.

    A drill with an error in the Chinese file is None: half a drill cannot be played.
    """
    findings, other = Findings(place.path), Findings(english_path)
    document = open_document(text, findings)
    if document is None:
        return None, findings.problems
    notes = notes if notes is not None else Notes()
    notes.key_lines.update(document.front.lines)
    check_page(document.page, place.statutes, findings, notes)
    drill = _read(document, place, drill_id, findings)
    if english is not None:
        drill = _with_english(drill, english, place, other, notes)
    if _has_errors(findings):
        return None, findings.problems + other.problems
    check_drill(drill, place.statutes, document.front.lines, findings)
    check_walks(drill, document.front.lines, findings)
    whole = None if _has_errors(findings) else drill
    return whole, findings.problems + other.problems


# Private functions


def _read(document: Document, place: Place, drill_id: str, findings: Findings) -> Drill:
    values = read_fields(document.front, DRILL_KEYS, findings)
    intro, scenes = read_scenes(document.page, document.front.body_at, findings)
    lines = document.front.lines
    drill = build_drill(drill_id, values, lines, intro, scenes, place, findings)
    if place.statutes is not None:
        for _, decision in drill.decisions():
            for law in decision.laws:
                problems = check_citation(law, place.statutes, place.path, decision.line)
                findings.problems += problems
    return drill


def _with_english(
    drill: Drill, english: str, place: Place, findings: Findings, notes: Notes
) -> Drill:
    document = open_document(english, findings)
    if document is None:
        return drill
    check_page(document.page, place.statutes, findings, notes)
    words = read_words(document.front, _ENGLISH_KEYS, _source(drill), findings)
    intro, scenes = read_scenes(document.page, document.front.body_at, findings)
    return merge_drill(drill, words, intro, scenes, findings)


def _source(drill: Drill) -> Mapping[str, Any]:
    """What the edition may repeat of the front matter."""
    return {
        "kind": "drill",
        "minutes": drill.minutes,
        "state": drill.state,
        "best": shown(drill.best) if drill.best is not None else None,
        "mode": drill.mode,
        "blind": drill.blind,
        "pace": drill.pace,
    }


def _has_errors(findings: Findings) -> bool:
    return any(severity_of(problem) == "error" for problem in findings.problems)
