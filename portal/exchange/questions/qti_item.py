"""One question as a QTI 3.0 item, with the response processing that gives our marks."""

from __future__ import annotations

from typing import assert_never
from xml.etree.ElementTree import Element, SubElement

from portal.core import markdown
from portal.core.questions import (
    Choice,
    Cloze,
    Essay,
    Gap,
    Matching,
    Numeric,
    Ordering,
    Question,
    Short,
)
from portal.exchange.questions import chip_tags
from portal.exchange.questions.chip_tags import number
from portal.exchange.questions.moodle_rubric import write_rubric
from portal.exchange.questions.qti_html import fill, put

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"


class ItemWriter:
    """Builds the item of one question in one language."""

    def __init__(self, question: Question, locale: str, identifier: str) -> None:
        self._question = question
        self._locale = locale
        self._item = Element(
            "qti-assessment-item",
            {
                "xmlns": NAMESPACE,
                "identifier": identifier,
                "title": markdown.plain(question.title.in_(locale)),
                "adaptive": "false",
                "time-dependent": "false",
                "xml:lang": "zh-CN" if locale == "zh" else "en",
            },
        )
        tags = chip_tags.written(question)
        if tags:
            self._item.set("label", ";".join(tag.replace(";", "；") for tag in tags))

    def element(self) -> Element:
        """The whole item. Declarations come first, as the schema wants them."""
        self._declare()
        score = _sub(self._item, "outcome-declaration", identifier="SCORE")
        score.attrib |= {"cardinality": "single", "base-type": "float"}
        score.set("normal-maximum", number(self._question.points))
        if self._question.explanation or self._has_feedback():
            for name, many in (("FEEDBACK", "multiple"), ("EXPLANATION", "single")):
                outcome = _sub(self._item, "outcome-declaration", identifier=name)
                outcome.attrib |= {"cardinality": many, "base-type": "identifier"}
        body = _sub(self._item, "item-body")
        self._stem(body)
        self._interaction(body)
        if self._question.hint:
            hint = _sub(body, "rubric-block", use="instructions", view="candidate")
            hint.set("class", "hint")
            put(_sub(hint, "content-body"), self._question.hint.in_(self._locale))
        self._process()
        if self._question.explanation:
            given = {"outcome-identifier": "EXPLANATION", "identifier": "explanation"}
            modal = SubElement(self._item, "qti-modal-feedback", {**given, "show-hide": "show"})
            said = self._question.explanation.in_(self._locale)
            put(_sub(modal, "content-body"), said)
        return self._item

    # Private methods

    def _has_feedback(self) -> bool:
        body = self._question.body
        return isinstance(body, Choice) and any(option.feedback for option in body.options)

    def _declare(self) -> None:
        body, points = self._question.body, self._question.points
        match body:
            case Choice():
                right = [f"c{at}" for at, option in enumerate(body.options) if option.correct]
                many = body.kind == "multiple"
                shares = {}
                if many:
                    shares = {
                        f"c{at}": (1 if option.correct else -1) * points / len(right)
                        for at, option in enumerate(body.options)
                    }
                self._response("RESPONSE", "multiple" if many else "single", right, shares)
            case Short():
                words = list(body.accepted)
                shares = dict.fromkeys(words, points)
                self._response("RESPONSE", "single", words[:1], shares, "string")
            case Numeric():
                middle = number((body.low + body.high) / 2)
                self._response("RESPONSE", "single", [middle], {}, "float")
            case Ordering():
                right = [f"c{at}" for at in range(len(body.items))]
                self._response("RESPONSE", "ordered", right, {})
            case Matching():
                pairs = [f"l{at} r{key}" for at, key in enumerate(body.key)]
                shares = dict.fromkeys(pairs, points / len(pairs))
                self._response("RESPONSE", "multiple", pairs, shares, "directedPair")
            case Cloze():
                for at, gap in enumerate(body.gaps):
                    self._gap_response(at, gap, points / len(body.gaps))
            case Essay():
                self._response("RESPONSE", "single", [], {}, "string")
            case _:
                assert_never(body)

    def _gap_response(self, at: int, gap: Gap, points: float) -> None:
        if gap.choices:
            right = f"c{gap.right}"
            self._response(f"GAP{at + 1}", "single", [right], {right: points})
        else:
            words = list(gap.accepted)
            self._response(
                f"GAP{at + 1}", "single", words[:1], dict.fromkeys(words, points), "string"
            )

    def _response(
        self,
        identifier: str,
        cardinality: str,
        right: list[str],
        shares: dict[str, float],
        base: str = "identifier",
    ) -> None:
        one = _sub(self._item, "response-declaration", identifier=identifier)
        one.attrib |= {"cardinality": cardinality, "base-type": base}
        if right:
            correct = _sub(one, "correct-response")
            for value in right:
                _sub(correct, "value").text = value
        if shares:
            mapping = SubElement(one, "qti-mapping", {"default-value": "0", "lower-bound": "0"})
            for key, share in shares.items():
                entry = _sub(mapping, "map-entry")
                entry.attrib |= {"map-key": key, "mapped-value": number(share)}
                if base == "string":
                    entry.set("case-sensitive", "false")

    def _stem(self, body: Element) -> None:
        stem = self._question.stem.in_(self._locale)
        put(body, stem)
        if isinstance(self._question.body, Cloze):
            fill(body, [self._inline(at, gap) for at, gap in enumerate(self._question.body.gaps)])

    def _inline(self, at: int, gap: Gap) -> Element:
        if not gap.choices:
            given = {"response-identifier": f"GAP{at + 1}", "expected-length": "12"}
            return Element("qti-text-entry-interaction", given)
        given = {"response-identifier": f"GAP{at + 1}", "shuffle": "false"}
        inline = Element("qti-inline-choice-interaction", given)
        for position, choice in enumerate(gap.choices):
            one = _sub(inline, "inline-choice", identifier=f"c{position}")
            one.text = markdown.plain(choice.in_(self._locale))
        return inline

    def _interaction(self, parent: Element) -> None:
        body = self._question.body
        response = {"response-identifier": "RESPONSE"}
        match body:
            case Choice():
                most = "0" if body.kind == "multiple" else "1"
                shuffle = "false" if body.fixed else "true"
                given = {**response, "max-choices": most, "shuffle": shuffle}
                part = SubElement(parent, "qti-choice-interaction", given)
                for at, option in enumerate(body.options):
                    one = _sub(part, "simple-choice", identifier=f"c{at}")
                    put(one, option.text.in_(self._locale))
                    if option.feedback:
                        shown = {"outcome-identifier": "FEEDBACK", "identifier": f"c{at}"}
                        inline = SubElement(
                            one, "qti-feedback-block", {**shown, "show-hide": "show"}
                        )
                        put(_sub(inline, "content-body"), option.feedback.in_(self._locale))
            case Ordering():
                part = SubElement(parent, "qti-order-interaction", {**response, "shuffle": "true"})
                for at, item in enumerate(body.items):
                    put(_sub(part, "simple-choice", identifier=f"c{at}"), item.in_(self._locale))
            case Matching():
                self._match(parent, body, response)
            case Short() | Numeric():
                line = SubElement(parent, "p")
                entry = SubElement(line, "qti-text-entry-interaction", response)
                if isinstance(body, Numeric) and body.unit.zh:
                    entry.tail = f" {body.unit.in_(self._locale)}"
            case Essay():
                rubric = _sub(parent, "rubric-block", use="scoring", view="scorer")
                put(_sub(rubric, "content-body"), write_rubric(body, self._locale))
                SubElement(
                    parent, "qti-extended-text-interaction", {**response, "expected-lines": "12"}
                )
            case Cloze():
                pass
            case _:
                assert_never(body)

    def _match(self, parent: Element, body: Matching, response: dict[str, str]) -> None:
        given = {**response, "shuffle": "true", "max-associations": str(len(body.lefts))}
        part = SubElement(parent, "qti-match-interaction", given)
        halves = (("l", body.lefts, "1"), ("r", body.rights, str(len(body.lefts))))
        for letter, cells, most in halves:
            half = _sub(part, "simple-match-set")
            for at, cell in enumerate(cells):
                one = _sub(half, "simple-associable-choice", identifier=f"{letter}{at}")
                one.set("match-max", most)
                put(one, cell.in_(self._locale))

    def _process(self) -> None:
        """Marks by mapping where the declaration has one, else all or nothing."""
        body, points = self._question.body, self._question.points
        if isinstance(body, Essay) and not self._question.explanation:
            return
        process = _sub(self._item, "response-processing")
        if isinstance(body, Essay):
            pass  # a person marks it
        elif isinstance(body, Cloze):
            total = _sub(_sub(process, "set-outcome-value", identifier="SCORE"), "sum")
            for at in range(len(body.gaps)):
                _sub(total, "map-response", identifier=f"GAP{at + 1}")
        elif isinstance(body, Matching | Short) or getattr(body, "kind", "") == "multiple":
            score = _sub(process, "set-outcome-value", identifier="SCORE")
            _sub(score, "map-response", identifier="RESPONSE")
        else:
            self._all_or_nothing(process, points)
        if self._has_feedback():
            shown = _sub(process, "set-outcome-value", identifier="FEEDBACK")
            many = isinstance(body, Choice) and body.kind == "multiple"
            holder = shown if many else _sub(shown, "multiple")
            _sub(holder, "variable", identifier="RESPONSE")
        if self._question.explanation:
            shown = _sub(process, "set-outcome-value", identifier="EXPLANATION")
            value = _sub(shown, "base-value")
            value.set("base-type", "identifier")
            value.text = "explanation"

    def _all_or_nothing(self, process: Element, points: float) -> None:
        body = self._question.body
        condition = _sub(_sub(process, "response-condition"), "response-if")
        if isinstance(body, Numeric):
            both = _sub(condition, "and")
            for operator, limit in (("gte", body.low), ("lte", body.high)):
                test = _sub(both, operator)
                _sub(test, "variable", identifier="RESPONSE")
                value = _sub(test, "base-value")
                value.set("base-type", "float")
                value.text = number(limit)
        else:
            match = _sub(condition, "match")
            _sub(match, "variable", identifier="RESPONSE")
            _sub(match, "correct", identifier="RESPONSE")
        score = _sub(_sub(condition, "set-outcome-value", identifier="SCORE"), "base-value")
        score.set("base-type", "float")
        score.text = number(points)


# Private functions


def _sub(parent: Element, tag: str, **given: str) -> Element:
    return SubElement(parent, f"qti-{tag}", given)
