"""Questions for tests, with only what a test is about."""

from __future__ import annotations

from portal.core.capabilities import Bilingual
from portal.core.questions import (
    Body,
    Choice,
    ChoiceKind,
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


def words(*texts: str) -> tuple[Bilingual, ...]:
    return tuple(Bilingual(text) for text in texts)


def question(body: Body, id: str = "q-1", *, points: float = 1.0, level: int = 3) -> Question:
    return Question(
        id, Bilingual(f"题目 {id}"), Bilingual("题干"), body, points=points, level=level
    )


def choice(kind: ChoiceKind, *right: bool, fixed: bool = False) -> Choice:
    options = tuple(Option(Bilingual(f"选项 {at}"), correct) for at, correct in enumerate(right))
    return Choice(kind, options, fixed)


def single(right: int = 1, of: int = 4) -> Choice:
    return choice("single", *(at == right for at in range(of)))


def numeric(low: float, high: float, zh: str = "", en: str | None = None) -> Numeric:
    return Numeric(low, high, Bilingual(zh, en))


def ordering(length: int = 4) -> Ordering:
    return Ordering(words(*(f"第 {at} 步" for at in range(length))))


def matching() -> Matching:
    """Two lefts; three rights, of which the last is a distractor."""
    return Matching(words("消防", "急救"), words("119", "120", "122"), (0, 1))


def cloze() -> Cloze:
    """A typed gap and a drop-down whose right entry is the second."""
    return Cloze((Gap(("30", "三十")), Gap((), words("公安机关", "人民法院"), right=1)))


def essay() -> Essay:
    return Essay((Criterion(5, Bilingual("说清依据")),))


def short(*accepted: str) -> Short:
    return Short(accepted)
