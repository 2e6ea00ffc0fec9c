"""One small sound drill in both editions, for tests."""

DRILL = """---
kind: drill
title: 楼道里的电瓶
role: 社区值班员
minutes: 10
state: {elapsed: 0, casualties: 0, warned: false, trust: 50, calls: 0}
labels: {warned: 已提醒住户, calls: 已打电话（次）}
objectives:
  O1: {title: 先救人再救物, capability: emergency, critical: true}
  O2: {title: 说清依据, capability: law}
best: casualties == 0 and warned and elapsed <= 9
---

夜里，你一个人值班。

## 楼道冒烟

`#smoke` `开始`

三楼楼道里停着电动自行车，有人说看见烟。

> [!INJECT] T+0 居民：三楼楼道冒烟，闻到胶皮味。

> [!INJECT] +2 居民：烟更大了，楼上有老人。

### 先做哪一件？

`#smoke-1` `目标:O1` `限时:60秒` `超时:3`

只能先做一件。

- [用电梯上去看看](#老人没有下来)
  `U` `elapsed+=6` `casualties+=1`
  > 火场不坐电梯，断电就困在里面。
- [打 119，喊三楼以上的住户沿另一侧楼梯下楼](#消防到场)
  `P` `elapsed+=3` `warned=true` `trust+=10` `calls+=1`
  > 先报警，再让人避开烟走。《消防法》第四十四条：发现火灾要立即报警。
- [拍视频发到群里，等人认领](#老人没有下来)
  `M` `elapsed+=5` `trust-=5`
  > 认领车是以后的事，先要人离开。

> **主持人** 追问：谁知道楼上住着谁？

## 老人没有下来

`#old`

四楼的老人听不清喊话。

> [!INJECT] `如果:not warned` 居民：四楼没人应门。

> [!INJECT] +1 `角色:现场` 消防：还有三分钟到。

### 怎么找到他们？

`#old-1` `目标:O1` `限时:30秒` `依据:消防法§44`

- [让邻居带路，逐户敲门，弯腰走低处](#消防到场)
  `S` `elapsed+=4` `warned=true`
  > 方向对，但要带上湿毛巾，两个人一起。
- [在楼下继续喊](#消防到场)
  `U` `elapsed+=4` `casualties+=1`
  > 听不清的人喊不下来。
- [查名册，打他们家人的电话，同时请邻居在窗口招手](#消防到场)
  `P` `elapsed+=2` `warned=true` `calls+=1`
  > 名册平时备好，急时才找得到人。
- [再打一次电话](#怎么找到他们)
  `M` `elapsed+=1` `calls+=1` `如果:calls < 2`
  > 打一次就够，别占住线。

## 消防到场

`#brigade`

> [!INJECT] +0 队长：谁在楼里？

### 你怎么交接？

`#brigade-1` `目标:O1,O2`

- [说已经处理好了](#交接不清)
  `U` `trust-=20`
  > 不知道的事不能说处理好了。
- [交名册、说明谁没下来、哪里断了电](#谁的车)
  `P` `elapsed+=1` `如果:warned`
  > 《突发事件应对法》第六十一条：如实报告，不得谎报。
- [说大概都下来了](#交接不清)
  `M` `elapsed+=1`
  > “大概”让消防员白跑，也可能让人没被找。
- [说明还没有逐户核对，请消防员先查四楼](#谁的车)
  `P` `elapsed+=2` `如果:not warned`
  > 如实说没核对，比什么都要紧。

### 谁的车？

`#brigade-2` `目标:O2`

> [!INJECT] +0 住户：凭什么不让停？

- [先把车砸了](#交接不清)
  `U`
  > 没有强制的权力。
- [说明楼道停车、充电违反《消防法》第二十八条，记下车主请消防处理](#交接清楚)
  `P`
  > 依据要说清，处罚归有权的部门。

## 交接清楚

`#end-good` `结局`

火灭了，没有人受困。

## 交接不清

`#end-bad` `结局`

消防员多找了二十分钟。
"""

DRILL_EN = """---
kind: drill
title: Batteries in the corridor
role: On-call community worker
labels: {warned: Residents warned, calls: Calls made}
objectives:
  O1: {title: People before things}
  O2: {title: Name the law}
---

It is night, and you are alone on duty.

## Smoke in the corridor

`#smoke`

An electric bicycle stands in the corridor of the third floor; somebody has seen smoke.

> [!INJECT] Resident: there is smoke on the third floor, and a smell of rubber.

> [!INJECT] Resident: it gets thicker, and there are old people upstairs.

### What comes first?

`#smoke-1`

You can do one thing first.

- [Go up in the lift and look](#the-old-people-stay-upstairs)
  > Never by lift in a fire: when the power goes, you are caught.
- [Call 119 and call people down by the other staircase](#the-brigade-arrives)
  > Report first, then lead people away from the smoke. 《消防法》第四十四条.
- [Film it for the group chat and wait for the owner](#the-old-people-stay-upstairs)
  > Whose bicycle it is can wait; people cannot.

> **Facilitator** Ask: who knows who lives upstairs?

## The old people stay upstairs

`#old`

Those on the fourth floor do not hear you.

> [!INJECT] Resident: nobody opens on the fourth floor.

> [!INJECT] Brigade: three minutes away.

### How do you find them?

`#old-1`

- [Knock at every door with a neighbour, keeping low](#the-brigade-arrives)
  > The right direction, but take wet cloths, and go in twos.
- [Go on calling from below](#the-brigade-arrives)
  > Who cannot hear will not come.
- [Ring their families from the register; let neighbours wave](#the-brigade-arrives)
  > A register is kept in quiet days for nights like this.
- [Ring once more](#how-do-you-find-them)
  > Once is enough; keep the line free.

## The brigade arrives

`#brigade`

> [!INJECT] Captain: who is inside?

### How do you hand over?

`#brigade-1`

- [Say that all is settled](#a-poor-handover)
  > Never say settled of what you do not know.
- [Give the register, who is missing, where the power is off](#whose-bicycle)
  > 《突发事件应对法》第六十一条: report truthfully.
- [Say that most have come down](#a-poor-handover)
  > “Most” sends the crew the wrong way.
- [Say that doors were not checked, and ask for the fourth floor first](#whose-bicycle)
  > To say truly that you have not checked matters most.

### Whose bicycle?

`#brigade-2`

> [!INJECT] Owner: who says I may not park here?

- [Smash it](#a-poor-handover)
  > You have no power to.
- [Name 《消防法》第二十八条 and hand the owner's name to the brigade](#a-clear-handover)
  > Name the law; penalties are for those who have the power.

## A clear handover

`#end-good`

The fire is out; nobody was caught.

## A poor handover

`#end-bad`

The crew searched for twenty minutes more.
"""
