"""Questions of every kind with awkward words in them, for tests of what goes out and comes back."""

from __future__ import annotations

from hypothesis import strategies as st

from portal.core.capabilities import Bilingual
from portal.core.questions import (
    Body,
    Choice,
    Citation,
    Cloze,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Short,
)
from portal.exchange.questions import text

ALPHABET = "甲乙丙信访§《》（）、。ab Z19\\`*_{}[]<>()#+-.!|~$&=^:;%@\"'/？【√-－１Ａ"
_WORDS = st.text(ALPHABET, min_size=1, max_size=24).map(lambda s: " ".join(s.split()))
PLAIN = _WORDS.filter(lambda s: any(ch.isalnum() for ch in s))
SAFE = st.text("甲乙丙丁ab12", min_size=1, max_size=6)
LINE = PLAIN.map(text.one_line)
BLOCK = st.lists(PLAIN, min_size=1, max_size=3).map(lambda lines: text.plain("\n".join(lines)))


def bilingual(words: st.SearchStrategy[str]) -> st.SearchStrategy[Bilingual]:
    return words.map(Bilingual)


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    texts = draw(st.lists(LINE, min_size=2, max_size=5, unique=True))
    kind = draw(st.sampled_from(["single", "multiple"]))
    keys = draw(
        st.sets(st.integers(0, len(texts) - 1), min_size=1)
        if kind == "multiple"
        else st.sets(st.integers(0, len(texts) - 1), min_size=1, max_size=1)
    )
    said = draw(st.lists(st.none() | BLOCK, min_size=len(texts), max_size=len(texts)))
    options = tuple(
        Option(Bilingual(words), at in keys, Bilingual(feedback) if feedback else None)
        for at, (words, feedback) in enumerate(zip(texts, said, strict=True))
    )
    return Choice(kind, options)  # type: ignore[arg-type]


@st.composite
def truths(draw: st.DrawFn) -> Choice:
    right = draw(st.booleans())
    feedback = [draw(st.none() | bilingual(BLOCK)) for _ in range(2)]
    return Choice(
        "truefalse",
        (
            Option(Bilingual("正确"), right, feedback[0]),
            Option(Bilingual("错误"), not right, feedback[1]),
        ),
    )


@st.composite
def pairs(draw: st.DrawFn) -> Matching:
    cells = LINE.filter(lambda words: "|" not in words) | st.just("a|b")
    lefts = draw(st.lists(cells, min_size=2, max_size=4, unique=True))
    rights = draw(st.lists(SAFE, min_size=len(lefts), max_size=5, unique=True))
    return Matching(
        tuple(map(Bilingual, lefts)),
        tuple(map(Bilingual, rights)),
        tuple(range(len(lefts))),
        (Bilingual("左"), Bilingual("右")),
    )


@st.composite
def clozes(draw: st.DrawFn) -> tuple[Cloze, str]:
    count = draw(st.integers(1, 3))
    gaps = []
    for _ in range(count):
        words = draw(st.lists(SAFE, min_size=2, max_size=4, unique=True))
        if draw(st.booleans()):
            right = draw(st.integers(0, len(words) - 1))
            gaps.append(Gap((words[right],), tuple(map(Bilingual, words)), right))
        else:
            gaps.append(Gap(tuple(words)))
    stem = "先".join(["句子", *(f"{text.GAP}后" for _ in range(count))])
    return Cloze(tuple(gaps)), stem


SHORT = st.lists(SAFE, min_size=1, max_size=3, unique=True).map(lambda w: Short(tuple(w)))
NUMERIC = st.tuples(st.integers(-999, 999), st.sampled_from([0.0, 0.5, 2.0])).map(
    lambda pair: Numeric(pair[0] - pair[1], pair[0] + pair[1], Bilingual(""))
)
ORDERING = st.lists(LINE, min_size=2, max_size=5, unique=True).map(
    lambda lines: Ordering(tuple(map(Bilingual, lines)))
)
EVERYWHERE: st.SearchStrategy[Body] = st.one_of(choices(), truths(), pairs(), SHORT, NUMERIC)


@st.composite
def questions(draw: st.DrawFn, bodies: st.SearchStrategy[Body] = EVERYWHERE) -> Question:
    return Question(
        id="",
        title=Bilingual(draw(LINE)),
        stem=Bilingual(draw(BLOCK)),
        body=draw(bodies),
        points=draw(st.sampled_from([1.0, 2.0, 2.5])),
        level=draw(st.integers(1, 5)),
        laws=draw(st.sampled_from([(), (Citation("人民调解法", "33"),)])),
        tags=draw(st.sampled_from([(), ("燃气",), ("燃气", "夜间 值班")])),
        explanation=draw(st.none() | bilingual(BLOCK)),
    )
