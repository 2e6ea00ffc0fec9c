"""The map of a drill: every step, every option, and no word of an author becomes syntax."""

from __future__ import annotations

from dataclasses import replace

from portal.core.capabilities import Bilingual
from portal.core.drill_map import drill_map
from portal.core.drill_parser import parse_drill
from portal.core.drills import Drill
from portal.core.question_parser import Place
from tests.core.drill_files import DRILL, DRILL_EN


def small() -> Drill:
    drill, _ = parse_drill(DRILL, DRILL_EN, Place("zh", "one", "law"), "one/fire", "en")
    assert drill is not None
    return drill


def test_every_option_is_an_arrow_with_its_rating_and_share() -> None:
    lines = drill_map(small(), "en", {("smoke-1", 0): 0.25}).split("\n")
    assert lines[0] == "flowchart TD"
    arrows = [line for line in lines if "-->" in line]
    assert len(arrows) == sum(len(decision.options) for _, decision in small().decisions())
    assert '  d0x0 -->|"U Go up in the lift and look · 25％"| d1x0' in arrows
    assert any(line.endswith('［calls ‹ 2］"| d1x0') for line in arrows), "back to itself, if …"
    assert '  e3(["A clear handover"])' in lines


def test_words_stay_words() -> None:
    drill = small()
    nasty = replace(drill.scenes[0], title=Bilingual('a"]; end\n click x "javascript:1" %%{'))
    code = drill_map(replace(drill, scenes=(nasty, *drill.scenes[1:])), "zh", {})
    [line] = [line for line in code.split("\n") if "subgraph s0" in line]
    assert line == '  subgraph s0 ["a”］； end  click x ”javascript:1” ％％{"]'
