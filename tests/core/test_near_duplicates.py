"""Repeated questions are found, and twenty thousand of them in seconds."""

from __future__ import annotations

import random
import time

from portal.core.item_checks import Facts, bare
from portal.core.near_duplicates import repeated


def facts(name: str, stem: str, *options: str, retired: bool = False) -> tuple[str, Facts]:
    folded = tuple(bare(option) for option in options)
    return "a.md", Facts(name, len(name), 3, retired, "law", bare(stem), folded)


def found(*questions: tuple[str, Facts]) -> list[tuple[int, str, str]]:
    return [(one.line, one.code, one.args["other"]) for one in repeated(questions)]


STEM = "居民反映楼道里有燃气味，你到现场以后先做哪一件事？"


def test_equal_but_for_marks_and_width() -> None:
    other = "居民反映楼道里有燃气味, 你到现场以后, 先做哪一件事"
    assert found(facts("a", STEM), facts("bb", other)) == [(2, "Q208", "a.md:1")]


def test_a_word_changed() -> None:
    other = STEM.replace("居民反映", "群众反映")
    assert found(facts("a", STEM), facts("bb", other)) == [(2, "Q208", "a.md:1")]


def test_another_question_about_the_same() -> None:
    assert (
        found(facts("a", STEM), facts("bb", "居民反映楼道里堆了杂物，通道被堵，你怎么和他说？"))
        == []
    )


def test_retired_questions_repeat_nothing() -> None:
    assert found(facts("a", STEM, retired=True), facts("bb", STEM)) == []


def test_options() -> None:
    option = "先关阀断气，再把人疏散到楼外"
    one = facts("a", "甲乙丙丁戊己庚辛壬癸子丑寅卯", option)
    two = facts("bb", "东南西北春夏秋冬天地玄黄宇宙", "先关阀断气、再把人疏散到楼外。")
    assert found(one, two) == [(2, "Q209", "a.md:1")]


def test_the_prefix_filter_finds_what_comparing_all_pairs_finds() -> None:
    pick = random.Random(5)
    letters = [chr(0x4E00 + at) for at in range(60)]
    stems = ["".join(pick.choices(letters, k=pick.randint(12, 40))) for _ in range(60)]
    for stem in list(stems):
        for _ in range(3):
            at = pick.randrange(len(stem))
            stems.append(stem[:at] + pick.choice(letters) + stem[at + pick.randint(0, 2) :])
    pick.shuffle(stems)
    questions = [
        ("a.md", Facts(str(at), at, 3, False, "", stem, ())) for at, stem in enumerate(stems)
    ]
    reported = {problem.line for problem in repeated(questions)}
    expected: set[int] = set()
    for at, stem in enumerate(stems):
        mine = {stem[k : k + 3] for k in range(len(stem) - 2)}
        for earlier in range(at):
            theirs = {stems[earlier][k : k + 3] for k in range(len(stems[earlier]) - 2)}
            alike = len(mine & theirs) / len(mine | theirs) >= 0.8
            if alike and earlier not in expected:
                expected.add(at)
                break
    assert reported == expected and expected


def test_twenty_thousand_are_quick_even_when_all_are_alike() -> None:
    start = time.process_time()
    same = [
        ("a.md", Facts(str(at), at, 3, False, "", bare(f"{STEM}{STEM[::-1]}第{at}号楼"), ()))
        for at in range(20_000)
    ]
    assert len(repeated(same)) > 19_000
    assert time.process_time() - start < 6
