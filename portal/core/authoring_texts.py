"""What authors may write in front matter and on chip lines, explained in both languages.

The tables of the authoring guide are made from here. A key that a parser knows and nobody explains
here, or the other way round, fails a test; so does a chip that its parser does not read as shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key of front matter; ``absent`` is what holds where an optional key is left out."""

    zh: str
    en: str
    absent_zh: str = ""
    absent_en: str = ""


@dataclass(frozen=True, slots=True)
class ChipText:
    """A chip as it is written in either language (several, parted by spaces), and where it stands.

    ``where`` holds places of a drill: ``scene``, ``decision``, ``option``, ``inject``.
    """

    written_zh: str
    written_en: str
    zh: str
    en: str
    where: tuple[str, ...] = ()


COURSE: Mapping[str, KeyText] = {
    "title": KeyText("课程名称", "the course's name"),
    "capability": KeyText(
        "培养的能力，`capabilities.toml` 里的 key；也是这门课所有题目的默认能力",
        "what it trains, a key of `capabilities.toml`; also the default of all its questions",
    ),
    "level": KeyText("等级 1–5：1 知晓，5 能带领别人", "1–5: 1 aware, 5 leads others"),
    "posts": KeyText(
        "给哪些岗位；空着就是所有人", "for which posts; empty: everyone", "所有人", "everyone"
    ),
    "hours": KeyText("计入的学时", "credited training hours"),
    "owner": KeyText("谁负责维护", "who looks after it", "空", "–"),
    "review_by": KeyText(
        "复核日期，过了会列入待复核",
        "a date; past it the course is listed as due for review",
        "无",
        "none",
    ),
    "prerequisites": KeyText(
        "先修课程的文件夹名", "folder names of courses to take first", "无", "none"
    ),
    "pass": KeyText(
        "完成条件：`modules` 写 `all` 或单元名，`quizzes` 写测验的文件名",
        "what completes it: `modules` is `all` or a list, `quizzes` lists file names",
        "全部单元",
        "all modules",
    ),
    "valid_months": KeyText(
        "证书有效几个月，0 为长期", "the certificate's life in months, 0 for ever", "0", "0"
    ),
}
MODULE: Mapping[str, KeyText] = {
    "title": KeyText("单元名称", "the module's name"),
    "minutes": KeyText("大约几分钟（1–600）", "about how many minutes (1–600)"),
    "summary": KeyText("一句话简介", "one sentence", "空", "–"),
    "id": KeyText(
        "标识；改了文件名又要保留学习记录时写原来的",
        "the id; keeps progress when a file is renamed",
        "文件名去掉序号",
        "the file name without number",
    ),
}
QUIZ: Mapping[str, KeyText] = {
    "kind": KeyText(
        "`quiz` 测验：随时反馈、不限次；`exam` 考试：限时限次、结束后反馈；"
        "`pool` 题库：只供抽题；`drill` 演练",
        "`quiz`: feedback at once, unlimited; `exam`: timed, limited, feedback after it closes; "
        "`pool`: only drawn from; `drill`",
    ),
    "title": KeyText("名称", "its name"),
    "pass_mark": KeyText("合格线，百分数", "percent", "60", "60"),
    "attempts": KeyText(
        "最多几次，0 为不限", "how often at most, 0 for any number of times", "0", "0"
    ),
    "minutes": KeyText(
        "限时几分钟，0 为不限；以服务器的钟为准",
        "time limit, 0 for none; the server's clock decides",
        "0",
        "0",
    ),
    "shuffle": KeyText("打乱题目和选项", "questions and options in random order", "true", "true"),
    "draw": KeyText(
        "随机抽题：`pool` 题库的文件名（不写就从本文件抽）、`take` 几题、`levels` 限定难度",
        "random draws: `pool` is a pool's file name (left out: this file), `take` how many, "
        "`levels` of which difficulty",
        "全部题目",
        "all questions",
    ),
    "retake_after_hours": KeyText("隔几小时才能再考", "hours before another attempt", "0", "0"),
    "layout": KeyText(
        "`one` 一页一题，`list` 一页全部",
        "`one` question a page, or the whole `list`",
        "one",
        "one",
    ),
    "second_marker": KeyText(
        "`true`：每道论述题由两位培训师各自评分，互不知道对方的分数",
        "`true`: two trainers mark each essay, neither knowing the other's mark",
        "false",
        "false",
    ),
}
DRILL: Mapping[str, KeyText] = {
    "kind": KeyText("写 `drill`", "`drill`"),
    "title": KeyText("演练名称", "the drill's name"),
    "role": KeyText("学员扮演谁", "whom the learner plays"),
    "minutes": KeyText("一次演练约需几分钟（1–240）", "how long a run takes (1–240)"),
    "objectives": KeyText(
        "目标：`title` 名称，`capability` 能力（不写用课程的），`critical` 是否关键；最多 9 个",
        "each with `title`, `capability` (left out: the course's) and whether it is `critical`; "
        "at most 9",
    ),
    "state": KeyText(
        "局面里的状态和初始值：数或 true/false，最多 20 个",
        "what the situation is made of, with first values: numbers or true/false, at most 20",
        "无",
        "none",
    ),
    "labels": KeyText(
        "状态给人看的名称；elapsed、casualties、injured、deaths、trapped、missing、evacuated、"
        "reported、trust 自带",
        "names of states for people; elapsed, casualties, injured, deaths, trapped, missing, "
        "evacuated, reported and trust have theirs",
        "用状态名",
        "the state's own name",
    ),
    "best": KeyText(
        "最好的结局满足的条件",
        "the condition that the best ending fulfils",
        "不检查",
        "not checked",
    ),
    "mode": KeyText(
        "`tabletop` 桌面推演，`functional` 功能演练",
        "`tabletop` or `functional` exercise",
        "tabletop",
        "tabletop",
    ),
    "blind": KeyText(
        "`none` 每步之后就讲评；`single`、`double` 到复盘报告才讲评",
        "`none`: comments after each decision; `single`, `double`: only in the report",
        "single",
        "single",
    ),
    "pace": KeyText(
        "思考时，演练里的一分钟等于现实几秒（1–60）",
        "seconds in which a minute of the drill passes while people think (1–60)",
        "10",
        "10",
    ),
}
QUESTION_CHIPS: tuple[ChipText, ...] = (
    ChipText("#题号", "#id", "英文字母、数字、`-`、`_`、`.`", "letters, digits, `-`, `_`, `.`"),
    ChipText(
        "2分",
        "2 points",
        "分值，默认 1（论述题为评分标准之和）",
        "1 if left out (essays: the sum of the rubric)",
    ),
    ChipText("难度:3", "level:3", "1–5，默认 3", "1–5; 3 if left out"),
    ChipText("能力:law", "capability:law", "默认是课程的能力", "the course's if left out"),
    ChipText(
        "依据:人民调解法§33",
        "law:人民调解法§33",
        "依据的条文，可以写多个",
        "an article it rests on; may repeat",
    ),
    ChipText(
        "标签:报告", "tag:reporting", "自定的分类，可以写多个", "a word of your own; may repeat"
    ),
    ChipText(
        "单选 多选 判断 简答 数值 排序 配对 填空 论述",
        "single multiple true/false short numeric ordering matching cloze essay",
        "题型；从写法看得出来就不用写",
        "the kind, where the shape leaves it open",
    ),
    ChipText("固定顺序", "fixed", "选项不打乱", "options are not shuffled"),
    ChipText("停用", "retired", "保留记录，不再抽到", "kept for history, drawn no more"),
)
DRILL_CHIPS: tuple[ChipText, ...] = (
    ChipText(
        "#编号",
        "#id",
        "在本文件里不重复；`check --fix` 补上缺的",
        "unique in the file; `check --fix` adds missing ones",
        ("scene", "decision"),
    ),
    ChipText(
        "开始",
        "start",
        "从这里开始；不写就从第一个场景开始",
        "the drill starts here; without it, with the first scene",
        ("scene",),
    ),
    ChipText(
        "结局",
        "ending",
        "到这里结束；结局没有决策",
        "the drill ends here; an ending has no decision",
        ("scene",),
    ),
    ChipText(
        "目标:O1,O2", "objective:O1,O2", "检验哪些目标", "the objectives it tests", ("decision",)
    ),
    ChipText(
        "限时:60秒",
        "time:60s",
        "10 秒到 10 分钟，以服务器时钟为准；不写就不限时",
        "10 seconds to 10 minutes by the server's clock; without it there is no limit",
        ("decision",),
    ),
    ChipText(
        "超时:3",
        "timeout:3",
        "到时算选了第 3 项；不写，或这一项当时不能选，就算选了能选的里面最差的一项",
        "when time is up option 3 is taken; without it, or when that cannot be chosen, "
        "the worst that can",
        ("decision",),
    ),
    ChipText(
        "依据:突发事件应对法§61",
        "law:突发事件应对法§61",
        "这个决策的法律依据；写在理由里也可以",
        "the law it rests on; a reason may cite it as well",
        ("decision",),
    ),
    ChipText(
        "角色:现场",
        "role:scene",
        "小组推演时由谁决策、发给谁：指挥 command、现场 scene、信息 information、保障 support",
        "in a group, who decides and whom it reaches: 指挥 command, 现场 scene, "
        "信息 information, 保障 support",
        ("decision", "inject"),
    ),
    ChipText(
        "P S M U",
        "P S M U",
        "做到、基本做到、差距较大、没做到（1、⅔、⅓、0 分）",
        "performed, with some challenges, with major challenges, unable to be performed "
        "(1, ⅔, ⅓, 0)",
        ("option",),
    ),
    ChipText(
        "elapsed+=3 warned=true",
        "elapsed+=3 warned=true",
        "对局面的影响：`+=`、`-=`、`=`",
        "what it does to the situation: `+=`, `-=`, `=`",
        ("option",),
    ),
    ChipText(
        "如果:warned",
        "if:warned",
        "条件成立才出现",
        "there only while the condition holds",
        ("option", "inject"),
    ),
)
