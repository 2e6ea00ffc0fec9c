"""Whatever stands in a drill's file: problems, never an exception, and never two seconds."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.drill_json import drill_from_json, drill_to_json
from portal.core.drill_map import drill_map
from portal.core.drill_parser import parse_drill
from portal.core.missing_ids import drill_spots, with_ids
from portal.core.problem_texts import describe
from portal.core.question_parser import Place
from tests.core.drill_files import DRILL, DRILL_EN
from tests.core.test_fuzz_content import PIECES as COMMON
from tests.core.test_fuzz_content import mutated

PIECES = [
    *COMMON,
    *("> [!INJECT] ", "T+5 ", "T+", "+2 ", "T+9:99 ", "`如果:", "`如果:warned`", "`P`", "`U`"),
    *("elapsed", "elapsed+=3", "casualties == 0", "](#", "(#交接清楚)", "[a](#楼道冒烟)", "`结局`"),
    *("`开始`", "`目标:O1`", "`限时:9秒`", "`超时:9`", "## ", "### ", "state: {", "best: ", "and "),
    *("objectives:\n", "> **主持人** ", "O1", "((((", "not "),
]
EDIT = st.tuples(
    st.floats(0, 1), st.integers(0, 40), st.one_of(st.sampled_from(PIECES), st.text(max_size=6))
)
TEXTS = st.builds(mutated, st.sampled_from((DRILL, DRILL_EN)), st.lists(EDIT, max_size=6))


def read(text: str, english: str | None = None) -> None:
    place = Place("zh.md", "one", "law")
    drill, problems = parse_drill(text, english, place, "one/a", "en.md")
    lines = text.count("\n") + text.count("\r") + 2
    for problem in problems:
        assert all(all(describe(problem, locale)) for locale in ("zh", "en"))
        assert problem.path != "zh.md" or 1 <= problem.line <= lines
    if drill is not None:
        assert drill_from_json(drill_to_json(drill)) == drill
        drill_map(drill, "zh", {})
    found = drill_spots(text)
    if found is not None:
        spots, _ = found
        with_ids(text, spots, [spot.id or f"new-{n}" for n, spot in enumerate(spots)])


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(TEXTS, st.one_of(st.none(), TEXTS))
def test_parsing_never_raises_and_never_hangs(text: str, english: str | None) -> None:
    start = time.process_time()
    read(text, english)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "piece",
    ["> [!INJECT] T+1 a\n\n", "- [a](#x)\n  `P`\n", "### a\n\n`#b`\n\n", "`如果:not not a` "],
)
def test_long_hostile_files_are_quick(piece: str) -> None:
    text = DRILL + piece * (30_000 // len(piece.encode()))
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 2


def test_a_drill_with_countless_states_is_bounded() -> None:
    """Forty decisions with four options that all leave another state."""
    text = DRILL.partition("夜里")[0].replace("warned and elapsed <= 9", "calls > 0")
    for n in range(40):
        text += f"## 第{n}场\n\n`#s{n}`\n\n### 做{n}\n\n`#d{n}` `目标:O1,O2`\n\n"
        for at, rating in enumerate("PSMUSMUSMU"):
            to = f"第{n + 1}场" if n < 39 else "完"
            text += f"- [做{at}](#{to})\n  `{rating}` `calls+={at * 7 + n * at}`\n  > 因为。\n"
        text += "\n"
    start = time.process_time()
    read(text + "## 完\n\n`#e` `结局`\n")
    assert time.process_time() - start < 2
