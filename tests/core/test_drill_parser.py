"""Drills from Markdown: the sound one reads as said, every fault gives the problem named."""

from __future__ import annotations

import pytest

from portal.core.drill_json import drill_from_json, drill_to_json, version_of_drill
from portal.core.drill_parser import parse_drill
from portal.core.drills import Drill
from portal.core.problem_texts import severity_of
from portal.core.problems import Problem
from portal.core.question_parser import Place
from tests.core.drill_files import DRILL, DRILL_EN

PLACE = Place("zh", "one", "emergency")


def parse(text: str, english: str | None = None) -> tuple[Drill | None, list[Problem]]:
    return parse_drill(text, english, PLACE, "one/fire", "en")


def codes(problems: list[Problem], path: str = "zh") -> list[str]:
    return [one.code for one in problems if one.path == path]


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def test_a_sound_drill_has_no_problems_and_reads_as_written() -> None:
    drill, problems = parse(DRILL, DRILL_EN)
    assert [(one.path, one.line, one.code) for one in problems] == []
    assert drill is not None
    assert [scene.id for scene in drill.scenes] == [
        "smoke",
        "old",
        "brigade",
        "end-good",
        "end-bad",
    ]
    assert [scene.id for scene in drill.scenes if scene.is_ending] == ["end-good", "end-bad"]
    first = drill.decision("smoke-1")
    assert (first.seconds, first.timeout, first.objectives) == (60, 2, ("O1",))
    assert [option.rating for option in first.options] == ["U", "P", "M"]
    assert [option.target for option in first.options] == ["old", "brigade", "old"]
    assert drill.decision("old-1").options[3].target == "old-1"
    assert drill.decision("brigade-1").options[1].target == "brigade-2"
    news = drill.scenes[1].injects
    assert (news[1].minutes, news[1].is_relative, news[1].roles) == (1.0, True, ("scene",))
    assert drill.objective("O1").critical and not drill.objective("O2").critical
    assert first.notes is not None and first.notes.en == "Ask: who knows who lives upstairs?"
    assert drill.title.en == "Batteries in the corridor" and drill.has_english
    assert first.options[0].text.en == "Go up in the lift and look"
    assert drill.label("warned").en == "Residents warned"


def test_a_drill_survives_json_and_its_version_is_of_its_content() -> None:
    drill, _ = parse(DRILL, DRILL_EN)
    assert drill is not None
    assert drill_from_json(drill_to_json(drill), path="zh") == drill
    placed = drill_from_json(drill_to_json(drill, places=True))
    assert [one.line for one in placed.scenes] == [one.line for one in drill.scenes]
    assert version_of_drill(placed) == version_of_drill(drill)
    moved, _ = parse(changed(DRILL, ("夜里，你一个人值班。", "\n\n夜里，你一个人值班。")), DRILL_EN)
    edited, _ = parse(changed(DRILL, ("`U` `elapsed+=6`", "`U` `elapsed+=5`")), DRILL_EN)
    assert moved is not None and edited is not None
    assert version_of_drill(moved) == version_of_drill(drill) != version_of_drill(edited)


def test_the_keyboard_of_a_chinese_office_is_understood() -> None:
    text = changed(
        DRILL,
        ("`目标:O1` `限时:60秒` `超时:3`", "`目标：Ｏ1` `限时：1分钟` `超时：３`"),
        ("`U` `elapsed+=6` `casualties+=1`", "`Ｕ` `elapsed＋=6` `casualties+＝1`"),
        ("> [!INJECT] T+0 居民", "> [!INJECT]\n> Ｔ＋0　居民"),
    )
    assert parse(text)[0] == parse(DRILL)[0]


@pytest.mark.parametrize(
    ("written", "minutes", "is_relative"),
    [
        ("T+2 话", 2.0, False),
        ("T+1:30 话", 1.5, False),
        ("T+90秒 话", 1.5, False),
        ("T+2分钟：话", 2.0, False),
        ("+2 话", 2.0, True),
        ("+30s 话", 0.5, True),
        ("话", 0.0, True),
    ],
)
def test_times_of_injects(written: str, minutes: float, is_relative: bool) -> None:
    drill, problems = parse(changed(DRILL, ("T+0 居民：三楼楼道冒烟，闻到胶皮味。", written)))
    assert drill is not None, problems
    inject = drill.scenes[0].injects[0]
    assert (inject.minutes, inject.is_relative, inject.text.zh) == (minutes, is_relative, "话")


FAULTS: list[tuple[str, list[tuple[str, str]]]] = [
    ("D001", [("`#smoke-1` `目标", "`目标")]),
    ("D001", [("`#old`\n\n", "")]),
    ("D002", [("`#old`", "`#smoke`")]),
    ("D003", [("`限时:60秒`", "`限时间:60秒`")]),
    ("D003", [("`U` `elapsed+=6`", "`X` `U` `elapsed+=6`")]),
    ("D004", [("`限时:60秒`", "`限时:2秒`")]),
    ("D004", [("`超时:3`", "`超时:三`")]),
    ("D004", [("`角色:现场`", "`角色:群众`")]),
    ("D006", [("`#old`", "`#old` `开始`")]),
    ("D009", [("[先把车砸了](#交接不清)", "[先把车砸了](#交接不青)")]),
    ("D011", [("  `U` `trust-=20`\n", "")]),
    ("D013", [("`trust-=20`", "`trust-=`")]),
    ("D013", [("`如果:calls < 2`", "`如果:calls = 2`")]),
    ("D014", [("`trust-=20`", "`trusts-=20`")]),
    ("D014", [("best: casualties", "best: injuries == 0 and casualties")]),
    ("D015", [("`如果:calls < 2`", "`如果:calls`")]),
    ("D015", [("`trust-=20`", "`warned-=20`")]),
    ("D016", [("T+0 居民", "T+x 居民")]),
    ("D017", [("> [!INJECT] +0 队长：谁在楼里？", "> [!INJECT] +0")]),
    ("D018", [("`#brigade-2` `目标:O2`", "`#brigade-2`")]),
    ("D019", [("夜里，你一个人值班。", "### 决策\n\n夜里")]),
    ("D020", [("`#brigade`", "`#brigade` `结局`")]),
    ("D021", [("`目标:O1,O2`", "`目标:O1,O3`")]),
    ("D022", [("`#old`", "`#old` `限时:60秒`")]),
    ("D023", [("`超时:3`", "`超时:4`")]),
    ("D025", [("`限时:60秒` `超时:3`", "`超时:3`")]),
    ("D026", [("calls: 0}", "calls: 0, 2nd: 0}")]),
    ("D101", [("## 交接清楚", "## 没人来\n\n`#nobody` `结局`\n\n没人。\n\n## 交接清楚")]),
    ("D102", [("`#end-bad` `结局`", "`#end-bad`")]),
    ("D103", [("  `P`\n  > 依据要说清", "  `P` `如果:calls > 9`\n  > 依据要说清"),
              ("  `U`\n  > 没有强制的权力", "  `U` `如果:calls > 9`\n  > 没有强制的权力")]),
    ("D104", [("`M` `elapsed+=1` `calls+=1` `如果:calls < 2`", "`M`")]),
    ("D104", [("`calls+=1` `如果:calls < 2`", "`calls+=1`")]),
    ("D105", [("elapsed <= 9", "elapsed <= 1")]),
    ("D106", [("`P` `elapsed+=3`", "`S` `elapsed+=3`")]),
    ("D107", [("  > 没有强制的权力。\n", "")]),
    ("D108", [("law}\nbest", "law, critical: true}\nbest"), ("`目标:O1,O2`", "`目标:O1`")]),
    ("D109", [("capability: law}", "capability: law}\n  O3: {title: 多余, capability: law}")]),
    ("D110", [("> [!INJECT] +0 队长", "> [!INJECT] T+1 队长")]),
    ("D111", [("minutes: 10", "minutes: 2")]),
    ("D114", [("《消防法》第四十四条：", "")]),
    ("D116", [("labels: {warned: 已提醒住户, ", "labels: {")]),
    ("D117", [("trust: 50", "trust: 101")]),
    ("Q024", [("`#old`", "`#old` 见下")]),
    ("Q029", [("  > 没有强制的权力。", "\n> 没有强制的权力。\n")]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "pairs"), FAULTS)
def test_every_fault_is_named(code: str, pairs: list[tuple[str, str]]) -> None:
    drill, problems = parse(changed(DRILL, *pairs))
    assert code in codes(problems)
    errors = [one for one in problems if severity_of(one) == "error"]
    assert (drill is None) == bool(errors)


def test_an_option_that_leads_nowhere() -> None:
    text = changed(DRILL, ("[先把车砸了](#交接不清)", "先把车砸了"))
    assert "D008" in codes(parse(text)[1])
    text = changed(DRILL, ("[说已经处理好了](#交接不清)", "说已经处理好了"))
    drill, _ = parse(text)
    assert drill is not None and drill.decision("brigade-1").options[0].target == "brigade-2"


def test_a_drill_without_scenes_or_ending_or_options() -> None:
    head = DRILL.partition("夜里")[0]
    assert "D005" in codes(parse(head)[1])
    assert "D007" in codes(parse(DRILL.replace("`结局`", "`依据:消防法§44`"))[1])
    scene = head + "## 一\n\n`#a`\n\n### 二？\n\n`#b` `目标:O1`\n\n- [x](#一)\n"
    assert "D010" in codes(parse(scene)[1])
    two = changed(
        DRILL, ("- [先把车砸了]", "- [另一组](#交接不清)\n  `U`\n\n还有：\n\n- [先把车砸了]")
    )
    assert "D024" in codes(parse(two)[1])


def test_what_nobody_could_play_is_cut_short() -> None:
    option = "- [另一项](#交接不清)\n  `U`\n  > 不行。\n"
    many = changed(DRILL, ("- [先把车砸了]", option * 20 + "- [先把车砸了]"))
    news = changed(DRILL, ("> [!INJECT] +0 队长：谁在楼里？\n", "> [!INJECT] 喂？\n\n" * 50))
    scenes = DRILL + "".join(f"## 场{n}\n\n`#s{n}` `结局`\n\n" for n in range(300))
    for text in (many, news, scenes):
        assert codes(parse(text)[1]).count("D027") == 1


def test_the_best_option_must_not_give_itself_away() -> None:
    decision = "### 第 {n} 步？\n\n`#d{n}` `目标:O1`\n\n- [{p}](#{to})\n  `P`\n  > 《消防法》\n"
    decision += "- [不动](#{to})\n  `U`\n  > 不行。\n\n"
    text = DRILL.partition("夜里")[0].replace("  O2: {title: 说清依据, capability: law}\n", "")
    text = text.replace("best: casualties == 0 and warned and elapsed <= 9\n", "")
    text += "## 开头\n\n`#s`\n\n"
    for n in range(1, 5):
        text += decision.format(n=n, p="很长很长的一个选项", to=f"第-{n + 1}-步" if n < 4 else "完")
    drill, problems = parse(text + "## 完\n\n`#e` `结局`\n")
    assert drill is not None
    assert {"D112", "D113"} <= set(codes(problems))


def test_length_must_not_tell_the_best_option_in_most_decisions() -> None:
    """Half may have the longest P option, in either language; one more is said."""

    def of(zh: int, en: int) -> list[str]:
        """Problems of four decisions of which so many have the longest P option."""
        texts = []
        for longest, english in ((zh, False), (en, True)):
            text = DRILL.partition("夜里")[0].replace("title: 楼道里的电瓶", "title: T")
            text = text.replace("best: casualties == 0 and warned and elapsed <= 9\n", "")
            text += "## S\n\n`#s`\n\n"
            for n in range(4):
                at, to = f"- [long{' enough' * (n < longest)}]", f"D{n + 1}" if n < 3 else "E"
                rows = ("- [longer]({})\n", f"{at}({{}})\n")
                text += f"### D{n}\n\n`#d{n}`" + " `目标:O1,O2`" * (not english) + "\n\n"
                for row, rating in zip(rows, "UP", strict=True):
                    text += row.format(f"#{to.lower()}") + f"  `{rating}`\n" * (not english)
                    text += "  > 《消防法》\n"
                text += "\n"
            texts.append(text + "## E\n\n`#e`" + " `结局`\n" * (not english))
        return codes(parse(*texts)[1])

    assert "D113" not in of(2, 2)
    assert of(3, 2).count("D113") == of(2, 3).count("D113") == 1


def test_states_without_bound_are_said_to_be_unchecked() -> None:
    """Numbers that spread widely are walked up to a bound, and the author is told."""
    text = DRILL.partition("夜里")[0].replace("warned and elapsed <= 9", "calls > 0")
    for n in range(14):
        text += f"## 第{n}场\n\n`#s{n}`\n\n### 做{n}\n\n`#d{n}` `目标:O1,O2`\n\n"
        for at, rating in enumerate("PSMU"):
            to = f"第{n + 1}场" if n < 13 else "完"
            text += f"- [做{at}](#{to})\n  `{rating}` `calls+={at * 4**n}`\n  > 因为。\n"
        text += "\n"
    _, problems = parse(text + "## 完\n\n`#e` `结局`\n")
    assert "D115" in codes(problems)


EDITION_FAULTS = [
    ("D301", [("`#old-1`", "`#older-1`")]),
    ("D302", [("`#old-1`", "`#older-1`")]),
    ("D303", [("- [Smash it](#a-poor-handover)\n  > You have no power to.\n", "")]),
    ("D304", [("[Smash it](#a-poor-handover)", "[Smash it](#a-clear-handover)")]),
    ("D304", [("  > You have no power to.", "  `P`\n  > You have no power to.")]),
    ("D305", [("> [!INJECT] Captain: who is inside?\n\n", "")]),
    ("F012", [("O1: {title: People before things}", "O1: {title: People, critical: false}")]),
    ("D009", [("[Smash it](#a-poor-handover)", "[Smash it](#nowhere)")]),
]


@pytest.mark.parametrize(("code", "pairs"), EDITION_FAULTS)
def test_editions_must_agree(code: str, pairs: list[tuple[str, str]]) -> None:
    drill, problems = parse(DRILL, changed(DRILL_EN, *pairs))
    assert code in codes(problems, "en")
    assert codes(problems) == []
    assert drill is not None and drill.decision("smoke-1").title.en == "What comes first?"
    plain, _ = parse(DRILL)
    assert plain is not None
    for one, two in zip(drill.decisions(), plain.decisions(), strict=True):
        for option, same in zip(one[1].options, two[1].options, strict=True):
            assert (option.rating, option.effects, option.target) == (
                same.rating,
                same.effects,
                same.target,
            )
