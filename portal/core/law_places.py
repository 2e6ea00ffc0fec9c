"""Where in the library a statute is cited: courses, modules, questions and drills, by article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Literal

from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.citation_tokens import citations_in
from portal.core.courses import Module, Prose
from portal.core.drills import Drill
from portal.core.questions import Choice, Citation, Essay, Question
from portal.core.statutes import StatuteRegistry

PlaceKind = Literal["course", "module", "question", "drill"]


@dataclass(frozen=True, slots=True)
class LawPlace:
    """Something that cites a statute: ``articles`` in order, empty where it is named alone."""

    kind: PlaceKind
    id: str
    course: str
    title: Bilingual
    articles: tuple[str, ...]


def places_citing(catalogue: Catalogue, law: str, registry: StatuteRegistry) -> list[LawPlace]:
    """Everything in ``catalogue`` that cites the statute with the short title ``law``.

    ``registry`` tells what names mean: it has to know ``law``, in force or not.
    """
    look = _Look(law, registry)
    found: list[LawPlace] = []
    for course in catalogue.courses.values():
        articles = look.at([course.intro])
        found += _place("course", course.id, course.id, course.title, articles)
    for module in catalogue.modules.values():
        articles = look.at(_prose(module))
        found += _place("module", module.id, module.course, module.title, articles)
    for question in catalogue.questions.values():
        if not question.retired:
            articles = look.at(_question(question), question.laws)
            found += _place("question", question.id, question.course, question.title, articles)
    for drill in catalogue.drills.values():
        laws = [law for _, decision in drill.decisions() for law in decision.laws]
        articles = look.at(_drill(drill), laws)
        found += _place("drill", drill.id, drill.course, drill.title, articles)
    return found


def article_order(article: str) -> tuple[int, int]:
    """``"291-2"`` as (291, 2), to sort by."""
    number, _, inserted = article.partition("-")
    return int(number or 0), int(inserted or 0)


# Private functions


def _place(
    kind: PlaceKind, key: str, course: str, title: Bilingual, articles: Set[str] | None
) -> list[LawPlace]:
    if articles is None:
        return []
    return [LawPlace(kind, key, course, title, tuple(sorted(articles, key=article_order)))]


class _Look:
    """Looks for one statute; texts that hold none of its names are not parsed."""

    def __init__(self, law: str, registry: StatuteRegistry) -> None:
        self._law = law
        self._registry = registry
        self._names = tuple(
            name
            for name, versions in registry.by_name.items()
            if any(statute.short == law for statute in versions)
        ) or (law,)

    def at(
        self, texts: Iterable[Bilingual | None], laws: Iterable[Citation] = ()
    ) -> Set[str] | None:
        """The articles cited in ``texts`` and by chips; None when the statute is not named."""
        articles = {one.article for one in laws if self._is_it(one.law)}
        named = bool(articles)
        for text in texts:
            if text is None or not any(name in text.zh for name in self._names):
                continue
            for found in citations_in(text.zh, self._registry):
                if self._is_it(found.law):
                    named = True
                    articles |= {one.article for one in found.citations}
        return articles if named else None

    def _is_it(self, name: str) -> bool:
        versions = self._registry.versions(name)
        return name == self._law or any(statute.short == self._law for statute in versions)


def _prose(module: Module) -> Iterator[Bilingual]:
    yield module.summary
    for section in module.sections:
        for segment in section.segments:
            if isinstance(segment, Prose):
                yield segment.text


def _question(question: Question) -> Iterator[Bilingual | None]:
    yield from (question.stem, question.explanation, question.hint)
    match question.body:
        case Choice(options=options):
            for option in options:
                yield option.text
                yield option.feedback
        case Essay(rubric=rubric):
            for criterion in rubric:
                yield criterion.text
        case _:
            pass


def _drill(drill: Drill) -> Iterator[Bilingual | None]:
    yield drill.intro
    for scene in drill.scenes:
        yield from (scene.text, scene.notes)
        for inject in scene.injects:
            yield inject.text
        for decision in scene.decisions:
            yield from (decision.text, decision.notes)
            for inject in decision.injects:
                yield inject.text
            for option in decision.options:
                yield option.reason
