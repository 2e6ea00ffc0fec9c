"""A drill as canonical JSON, both ways; conditions and effects as their own text.

Canonical as in ``content_json``: keys sorted, every field written out, lines left out
unless ``places`` asks for those of the scenes. A drill's version is the hash of it without them: a
run is played to its end on the version it began with.
"""

from __future__ import annotations

import json
from typing import Any

from portal.core.capabilities import Bilingual
from portal.core.content_json import hash_of
from portal.core.drill_grammar import Condition, parse_condition, parse_effect, shown
from portal.core.drills import Decision, Drill, Inject, Objective, Option, Scene
from portal.core.questions import Citation

Data = dict[str, Any]


def drill_to_json(drill: Drill, *, places: bool = False) -> str:
    """``drill`` as canonical JSON."""
    made = _drill_data(drill)
    if places:
        for row, scene in zip(made["scenes"], drill.scenes, strict=True):
            row["line"] = scene.line
    return _dump(made)


def drill_from_json(text: str, *, path: str = "") -> Drill:
    """The drill that ``drill_to_json`` wrote. Raises KeyError or ValueError on anything else."""
    data = json.loads(text)
    return Drill(
        id=data["id"],
        course=data["course"],
        title=_words(data["title"]),
        role=_words(data["role"]),
        minutes=data["minutes"],
        objectives=tuple(
            Objective(row["key"], _words(row["title"]), row["capability"], row["critical"])
            for row in data["objectives"]
        ),
        scenes=tuple(_scene_from(row) for row in data["scenes"]),
        start=data["start"],
        state=dict(data["state"]),
        labels={name: _words(label) for name, label in data["labels"].items()},
        best=_condition_from(data["best"]),
        mode=data["mode"],
        blind=data["blind"],
        pace=data["pace"],
        intro=_words(data["intro"]),
        has_english=data["has_english"],
        path=path,
    )


def version_of_drill(drill: Drill) -> str:
    """sha256 of the canonical JSON, as hex."""
    return hash_of(drill_to_json(drill))


def version_of_decision(decision: Decision) -> str:
    """The version of one decision: what it asks, what can be done, and how that is rated."""
    return hash_of(_dump(_decision_data(decision)))


# Private functions


def _dump(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _drill_data(drill: Drill) -> Data:
    return {
        "id": drill.id,
        "course": drill.course,
        "title": _text(drill.title),
        "role": _text(drill.role),
        "minutes": drill.minutes,
        "objectives": [
            {
                "key": one.key,
                "title": _text(one.title),
                "capability": one.capability,
                "critical": one.critical,
            }
            for one in drill.objectives
        ],
        "scenes": [_scene_data(scene) for scene in drill.scenes],
        "start": drill.start,
        "state": [[name, value] for name, value in drill.state.items()],  # in the author's order
        "labels": {name: _text(label) for name, label in drill.labels.items()},
        "best": _condition_data(drill.best),
        "mode": drill.mode,
        "blind": drill.blind,
        "pace": drill.pace,
        "intro": _text(drill.intro),
        "has_english": drill.has_english,
    }


def _scene_data(scene: Scene) -> Data:
    return {
        "id": scene.id,
        "title": _text(scene.title),
        "text": _text(scene.text),
        "decisions": [_decision_data(decision) for decision in scene.decisions],
        "injects": [_inject_data(inject) for inject in scene.injects],
        "notes": _text(scene.notes),
    }


def _decision_data(decision: Decision) -> Data:
    return {
        "id": decision.id,
        "title": _text(decision.title),
        "text": _text(decision.text),
        "objectives": list(decision.objectives),
        "options": [_option_data(option) for option in decision.options],
        "seconds": decision.seconds,
        "timeout": decision.timeout,
        "injects": [_inject_data(inject) for inject in decision.injects],
        "notes": _text(decision.notes),
        "laws": [[law.law, law.article, law.paragraph, law.item] for law in decision.laws],
        "roles": list(decision.roles),
    }


def _option_data(option: Option) -> Data:
    return {
        "text": _text(option.text),
        "target": option.target,
        "rating": option.rating,
        "effects": [shown(effect) for effect in option.effects],
        "condition": _condition_data(option.condition),
        "reason": _text(option.reason),
    }


def _inject_data(inject: Inject) -> Data:
    return {
        "minutes": inject.minutes,
        "text": _text(inject.text),
        "is_relative": inject.is_relative,
        "condition": _condition_data(inject.condition),
        "roles": list(inject.roles),
    }


def _scene_from(data: Data) -> Scene:
    return Scene(
        id=data["id"],
        title=_words(data["title"]),
        text=_words(data["text"]),
        decisions=tuple(_decision_from(row) for row in data["decisions"]),
        injects=tuple(_inject_from(row) for row in data["injects"]),
        notes=_words_or_none(data["notes"]),
        line=data.get("line", 1),
    )


def _decision_from(data: Data) -> Decision:
    return Decision(
        id=data["id"],
        title=_words(data["title"]),
        text=_words(data["text"]),
        objectives=tuple(data["objectives"]),
        options=tuple(_option_from(row) for row in data["options"]),
        seconds=data["seconds"],
        timeout=data["timeout"],
        injects=tuple(_inject_from(row) for row in data["injects"]),
        notes=_words_or_none(data["notes"]),
        laws=tuple(Citation(*row) for row in data["laws"]),
        roles=tuple(data["roles"]),
    )


def _option_from(data: Data) -> Option:
    return Option(
        text=_words(data["text"]),
        target=data["target"],
        rating=data["rating"],
        effects=tuple(parse_effect(text) for text in data["effects"]),
        condition=_condition_from(data["condition"]),
        reason=_words_or_none(data["reason"]),
    )


def _inject_from(data: Data) -> Inject:
    return Inject(
        minutes=data["minutes"],
        text=_words(data["text"]),
        is_relative=data["is_relative"],
        condition=_condition_from(data["condition"]),
        roles=tuple(data["roles"]),
    )


def _text(value: Bilingual | None) -> Data | None:
    return None if value is None else {"zh": value.zh, "en": value.en}


def _words(data: Data) -> Bilingual:
    return Bilingual(data["zh"], data["en"])


def _words_or_none(data: Data | None) -> Bilingual | None:
    return None if data is None else _words(data)


def _condition_data(condition: Condition | None) -> str | None:
    return None if condition is None else shown(condition)


def _condition_from(text: str | None) -> Condition | None:
    return None if text is None else parse_condition(text)
