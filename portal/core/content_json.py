"""Content as canonical JSON, both ways, and the version hash made of it.

Canonical: keys sorted, no spaces, every field written out (a default that changes later must not
change what an old version says). Where something is written (``path``, ``line``) is not part of
what it is and is left out, unless ``places`` asks for it: moving a question makes no new version.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from portal.core.capabilities import Bilingual
from portal.core.courses import Checkpoint, Course, Module, Prose, Section
from portal.core.questions import (
    Body,
    Choice,
    Citation,
    Cloze,
    Criterion,
    Essay,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Short,
)
from portal.core.quizzes import Draw, Quiz

Content = Question | Quiz | Module | Course
Data = dict[str, Any]


def to_json(value: Content, *, places: bool = False) -> str:
    """``value`` as canonical JSON."""
    return json.dumps(
        _to_data(value, places), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def version_of(value: Content) -> str:
    """sha256 of the canonical JSON, as hex."""
    return hash_of(to_json(value))


def hash_of(canonical: str) -> str:
    """The version of what ``canonical`` holds."""
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def question_from_json(text: str, *, path: str = "", line: int = 1) -> Question:
    """The question that ``to_json`` wrote. Raises KeyError or ValueError on anything else."""
    data = json.loads(text)
    return Question(
        id=data["id"],
        title=_words(data["title"]),
        stem=_words(data["stem"]),
        body=_BODY_FROM[data["body"]["kind"]](data["body"]),
        points=data["points"],
        level=data["level"],
        capability=data["capability"],
        laws=tuple(Citation(**law) for law in data["laws"]),
        tags=tuple(data["tags"]),
        explanation=_words_or_none(data["explanation"]),
        hint=_words_or_none(data["hint"]),
        retired=data["retired"],
        has_english=data["has_english"],
        course=data["course"],
        path=path,
        line=line,
    )


def quiz_from_json(text: str) -> Quiz:
    """The quiz that ``to_json`` wrote."""
    data = json.loads(text)
    data["title"] = _words(data["title"])
    data["intro"] = _words(data["intro"])
    data["question_ids"] = tuple(data["question_ids"])
    data["draw"] = tuple(
        Draw(row["pool"], row["take"], tuple(row["levels"])) for row in data["draw"]
    )
    return Quiz(**data)


def module_from_json(text: str) -> Module:
    """The module that ``to_json`` wrote."""
    return _module_from(json.loads(text))


def course_from_json(text: str) -> Course:
    """The course that ``to_json`` wrote."""
    data = json.loads(text)
    for key in ("title", "intro"):
        data[key] = _words(data[key])
    for key in ("posts", "prerequisites", "pass_modules", "pass_quizzes"):
        data[key] = tuple(data[key])
    data["modules"] = tuple(_module_from(module) for module in data["modules"])
    data.setdefault("path", "")
    return Course(**data)


# Private functions


def _to_data(value: Content, places: bool) -> Data:
    if isinstance(value, Question):
        return _question_data(value, places)
    if isinstance(value, Quiz):
        return _quiz_data(value, places)
    if isinstance(value, Module):
        return _module_data(value, places)
    return _course_data(value, places)


def _text(value: Bilingual) -> Data:
    return {"zh": value.zh, "en": value.en}


def _text_or_none(value: Bilingual | None) -> Data | None:
    return None if value is None else {"zh": value.zh, "en": value.en}


def _words(data: Mapping[str, Any]) -> Bilingual:
    return Bilingual(data["zh"], data["en"])


def _words_or_none(data: Mapping[str, Any] | None) -> Bilingual | None:
    return None if data is None else Bilingual(data["zh"], data["en"])


def _all_words(data: list[Data]) -> tuple[Bilingual, ...]:
    return tuple(Bilingual(entry["zh"], entry["en"]) for entry in data)


def _question_data(question: Question, places: bool) -> Data:
    data: Data = {
        "id": question.id,
        "title": _text(question.title),
        "stem": _text(question.stem),
        "body": _body_data(question.body),
        "points": float(question.points),
        "level": question.level,
        "capability": question.capability,
        "laws": [
            {"law": law.law, "article": law.article, "paragraph": law.paragraph, "item": law.item}
            for law in question.laws
        ],
        "tags": list(question.tags),
        "explanation": _text_or_none(question.explanation),
        "hint": _text_or_none(question.hint),
        "retired": question.retired,
        "has_english": question.has_english,
        "course": question.course,
    }
    if places:
        data |= {"path": question.path, "line": question.line}
    return data


def _body_data(body: Body) -> Data:
    match body:
        case Choice():
            options = [
                {
                    "text": _text(option.text),
                    "correct": option.correct,
                    "feedback": _text_or_none(option.feedback),
                }
                for option in body.options
            ]
            return {"kind": body.kind, "options": options, "fixed": body.fixed}
        case Short():
            return {"kind": "short", "accepted": list(body.accepted)}
        case Numeric():
            unit = _text(body.unit)
            return {"kind": "numeric", "low": body.low, "high": body.high, "unit": unit}
        case Ordering():
            return {"kind": "ordering", "items": [_text(item) for item in body.items]}
        case Matching():
            return {
                "kind": "matching",
                "lefts": [_text(cell) for cell in body.lefts],
                "rights": [_text(cell) for cell in body.rights],
                "key": list(body.key),
                "headers": [_text(cell) for cell in body.headers],
            }
        case Cloze():
            return {"kind": "cloze", "gaps": [_gap_data(gap) for gap in body.gaps]}
        case Essay():
            rubric = [{"points": row.points, "text": _text(row.text)} for row in body.rubric]
            return {"kind": "essay", "rubric": rubric}


def _gap_data(gap: Gap) -> Data:
    choices = [_text(choice) for choice in gap.choices]
    return {"accepted": list(gap.accepted), "choices": choices, "right": gap.right}


def _choice_from(data: Data) -> Choice:
    options = tuple(
        Option(_words(option["text"]), option["correct"], _words_or_none(option["feedback"]))
        for option in data["options"]
    )
    return Choice(data["kind"], options, data["fixed"])


def _matching_from(data: Data) -> Matching:
    left, right = _all_words(data["headers"])
    return Matching(
        _all_words(data["lefts"]), _all_words(data["rights"]), tuple(data["key"]), (left, right)
    )


def _cloze_from(data: Data) -> Cloze:
    return Cloze(
        tuple(
            Gap(tuple(gap["accepted"]), _all_words(gap["choices"]), gap["right"])
            for gap in data["gaps"]
        )
    )


def _essay_from(data: Data) -> Essay:
    return Essay(tuple(Criterion(row["points"], _words(row["text"])) for row in data["rubric"]))


_BODY_FROM: Mapping[str, Callable[[Data], Body]] = {
    "single": _choice_from,
    "multiple": _choice_from,
    "truefalse": _choice_from,
    "short": lambda data: Short(tuple(data["accepted"])),
    "numeric": lambda data: Numeric(data["low"], data["high"], _words(data["unit"])),
    "ordering": lambda data: Ordering(_all_words(data["items"])),
    "matching": _matching_from,
    "cloze": _cloze_from,
    "essay": _essay_from,
}


def _quiz_data(quiz: Quiz, places: bool) -> Data:
    data: Data = {
        "id": quiz.id,
        "kind": quiz.kind,
        "title": _text(quiz.title),
        "course": quiz.course,
        "question_ids": list(quiz.question_ids),
        "pass_mark": quiz.pass_mark,
        "attempts": quiz.attempts,
        "minutes": quiz.minutes,
        "shuffle": quiz.shuffle,
        "draw": [
            {"pool": draw.pool, "take": draw.take, "levels": list(draw.levels)}
            for draw in quiz.draw
        ],
        "retake_after_hours": quiz.retake_after_hours,
        "layout": quiz.layout,
        "intro": _text(quiz.intro),
        "has_english": quiz.has_english,
    }
    if quiz.second_marker:  # came later: a quiz without it is what it was
        data["second_marker"] = True
    return data | {"path": quiz.path} if places else data


def _module_data(module: Module, places: bool) -> Data:
    data: Data = {
        "id": module.id,
        "course": module.course,
        "title": _text(module.title),
        "minutes": module.minutes,
        "summary": _text(module.summary),
        "sections": [_section_data(section, places) for section in module.sections],
        "version": module.version,
        "has_english": module.has_english,
    }
    return data | {"path": module.path} if places else data


def _section_data(section: Section, places: bool) -> Data:
    segments: list[Data] = []
    for segment in section.segments:
        if isinstance(segment, Checkpoint):
            segments.append({"question": segment.question_id})
        elif places:
            segments.append({"text": _text(segment.text), "line": segment.line})
        else:
            segments.append({"text": _text(segment.text)})
    return {"slug": section.slug, "title": _text(section.title), "segments": segments}


def _module_from(data: Data) -> Module:
    data["title"] = _words(data["title"])
    data["summary"] = _words(data["summary"])
    data["sections"] = tuple(_section_from(section) for section in data["sections"])
    data.setdefault("path", "")
    return Module(**data)


def _section_from(data: Data) -> Section:
    segments = tuple(
        Checkpoint(segment["question"])
        if "question" in segment
        else Prose(_words(segment["text"]), segment.get("line", 1))
        for segment in data["segments"]
    )
    return Section(data["slug"], _words(data["title"]), segments)


def _course_data(course: Course, places: bool) -> Data:
    data: Data = {
        "id": course.id,
        "title": _text(course.title),
        "capability": course.capability,
        "level": course.level,
        "posts": list(course.posts),
        "hours": float(course.hours),
        "owner": course.owner,
        "review_by": course.review_by,
        "prerequisites": list(course.prerequisites),
        "pass_modules": list(course.pass_modules),
        "pass_quizzes": list(course.pass_quizzes),
        "valid_months": course.valid_months,
        "intro": _text(course.intro),
        "modules": [_module_data(module, places) for module in course.modules],
        "version": course.version,
        "has_english": course.has_english,
    }
    return data | {"path": course.path} if places else data
