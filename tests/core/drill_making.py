"""Drills made at random, as Markdown, so that parser and checks decide which of them are sound."""

from __future__ import annotations

import random

from portal.core.drill_parser import parse_drill
from portal.core.drills import Drill
from portal.core.question_parser import Place

_HEAD = """---
kind: drill
title: 随机
role: 值班员
minutes: 240
state: {elapsed: 0, trust: 50, told: false, seen: false}
labels: {told: 说了, seen: 看了}
objectives:
  O1: {title: 甲, capability: law}
  O2: {title: 乙, capability: law}
---

"""
_CONDITIONS = ("told", "not seen", "trust > 40", "elapsed <= 12 or told", "not (told and seen)")
_EFFECTS = ("elapsed+=2", "elapsed+=5", "trust-=10", "trust+=5", "told=true", "seen=true")


def random_drill(dice: random.Random) -> Drill | None:
    """A drill of up to nine scenes, mostly leading onward; None when the parser refuses it."""
    count = dice.randint(2, 9)
    text = _HEAD + "".join(_scene(dice, at, count) for at in range(count))
    text += f"## 场{count}\n\n`#s{count}` `结局`\n\n完。\n"
    drill, _ = parse_drill(text, None, Place("zh", "one"), "one/random")
    return drill


def _scene(dice: random.Random, at: int, count: int) -> str:
    text = f"## 场{at}\n\n`#s{at}`\n\n正文。\n\n"
    for _ in range(dice.randint(0, 2)):
        chip = f"`如果:{dice.choice(_CONDITIONS)}` " if dice.random() < 0.3 else ""
        text += f"> [!INJECT] +{dice.randint(0, 4)} {chip}有人来说。\n\n"
    limit = f" `限时:{dice.randint(10, 90)}秒`" if dice.random() < 0.7 else ""
    text += f"### 做{at}\n\n`#d{at}` `目标:{dice.choice(('O1', 'O2', 'O1,O2'))}`{limit}\n\n"
    for n, rating in enumerate(("P", *dice.choices("SMU", k=dice.randint(1, 3)))):
        back = n and dice.random() < 0.04
        onward = at + 1 if n == 0 else dice.randint(at + 1, min(at + 3, count))
        to = dice.randint(0, at) if back else onward
        effects = " ".join(f"`{one}`" for one in dice.sample(_EFFECTS, dice.randint(0, 3)))
        chip = f" `如果:{dice.choice(_CONDITIONS)}`" if n and dice.random() < 0.4 else ""
        text += f"- [做法{at}{n}](#场{to})\n  `{rating}` {effects}{chip}\n  > 因为这样。\n"
    return text + "\n"
