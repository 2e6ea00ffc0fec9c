"""Reading a number and its unit as people type them: ``30日``, ``三十``, ``１５``, ``1,000 元``.

A text may be read in more than one way (``一千米`` is 1000 米 or 1 千米); every reading is
returned and the caller takes the one that its unit fits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.folding import fold

MAX_CHARS = 60

_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0,
    "两": 2,
    "俩": 2,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_SCALES = {**_TENS, **_MYRIADS}
_NUMERALS = frozenset(_DIGITS) | frozenset(_SCALES) | {"点", "半"}
_CURRENCY = ("¥", "￥", "rmb", "cny")

# units that are the same thing in another word; a working day is not a day
_SAME_UNIT = tuple(
    frozenset(group.split(","))
    for group in (
        "日,天,day,days,d",
        "周,星期,个星期,week,weeks",
        "月,个月,month,months",
        "年,year,years",
        "小时,个小时,时,钟头,个钟头,hour,hours,h,hr,hrs",
        "分钟,分,minute,minutes,min,mins",
        "秒,秒钟,second,seconds,s,sec,secs",
        "元,块,块钱,元人民币,人民币元,yuan,rmb,cny,¥",
        "米,m,metre,metres,meter,meters",
        "公里,千米,km,kilometre,kilometres,kilometer,kilometers",
        "厘米,公分,cm",
        "平方米,平米,m2,㎡",
        "人,个人,名,位,person,persons,people",
        "次,回,time,times",
        "户,家,household,households",
        "%,百分比,percent",
        "工作日,个工作日,working day,working days",
    )
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One reading of a text; ``unit`` is folded and may be empty."""

    number: float
    unit: str


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every reading of ``text``, the one with the longest number first; empty when unreadable."""
    folded = fold(unicodedata.normalize("NFKC", text[: MAX_CHARS + 1]))
    if len(folded) > MAX_CHARS:
        return ()
    folded, prefix_unit = _without_prefix(folded)
    sign = 1.0
    if folded[:1] in ("-", "\u2212", "负", "+"):
        sign = 1.0 if folded[0] == "+" else -1.0
        folded = folded[1:].lstrip()
    return tuple(
        Quantity(sign * number, unit or prefix_unit)
        for number, unit in _readings(folded)
        if not (unit and prefix_unit and not same_unit(unit, prefix_unit))
    )


def same_unit(one: str, other: str) -> bool:
    """Whether two units mean the same: equal after folding, or known words for one unit."""
    left, right = fold(one), fold(other)
    return left == right or any(left in group and right in group for group in _SAME_UNIT)


def _without_prefix(folded: str) -> tuple[str, str]:
    """Take off 百分之 or a currency sign, which stand before the number."""
    if folded.startswith("百分之"):
        return folded.removeprefix("百分之"), "%"
    for sign in _CURRENCY:
        if folded.startswith(sign):
            return folded.removeprefix(sign).lstrip(), "元"
    return folded, ""


def _readings(text: str) -> Iterator[tuple[float, str]]:
    arabic = _arabic_prefix(text)
    if arabic:
        number = _read_arabic(arabic)
        if number is None:
            return
        rest = text[len(arabic) :].lstrip()
        scale_end = 0
        while scale_end < len(rest) and rest[scale_end] in _SCALES:
            scale_end += 1
        for end in range(scale_end, -1, -1):
            if _is_unit(rest[end:].strip()):
                yield number * _product(rest[:end]), rest[end:].strip()
        return
    end = 0
    while end < len(text) and text[end] in _NUMERALS:
        end += 1
    for stop in range(end, 0, -1):
        # only a trailing scale word can belong to the unit (千米); 三十 is never 三 + 十
        if stop < end and text[stop] not in "千百万亿":
            break
        number = _read_chinese(text[:stop])
        if number is not None and _is_unit(text[stop:].strip()):
            yield number, text[stop:].strip()


def _is_unit(text: str) -> bool:
    """A unit holds no digit and is short: ``30 or 60`` is not 30 of the unit "or 60"."""
    squared = text in {"m2", "m3"}
    return squared or (len(text) <= 12 and not any(char.isdigit() for char in text))


def _arabic_prefix(text: str) -> str:
    end = 0
    while end < len(text) and (text[end] in ".," or (text[end].isascii() and text[end].isdigit())):
        end += 1
    return text[:end]


def _read_arabic(text: str) -> float | None:
    """``1,000.5`` with commas only between groups of three digits."""
    whole, dot, decimals = text.partition(".")
    if (dot and not decimals.isdigit()) or not (whole or dot):
        return None
    groups = whole.split(",")
    grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(groups) > 1 and not grouped:
        return None
    digits = "".join(groups)
    if not digits and not dot:
        return None
    return float(f"{digits or '0'}.{decimals or '0'}")


def _read_chinese(text: str) -> float | None:
    """``三十``, ``一百零五``, ``二〇二六``, ``一点五``, ``半``; None when it is no number."""
    if text == "半":
        return 0.5
    whole, point, decimals = text.partition("点")
    number = _read_whole(whole)
    if number is None or not point:
        return number
    if not decimals or any(char not in _DIGITS for char in decimals):
        return None
    return float(f"{int(number)}." + "".join(str(_DIGITS[char]) for char in decimals))


def _read_whole(text: str) -> float | None:
    if not text or any(char not in _DIGITS and char not in _SCALES for char in text):
        return None
    if all(char in _DIGITS for char in text):  # read digit by digit: 二〇二六
        return float("".join(str(_DIGITS[char]) for char in text))
    total, section, digit, seen_digit = 0, 0, 0, False
    for char in text:
        if char in _DIGITS:
            if seen_digit and digit:  # 三五十 is no number
                return None
            digit, seen_digit = _DIGITS[char], True
        elif char in _TENS:
            section += (digit if digit else 1) * _TENS[char]
            digit, seen_digit = 0, False
        else:
            if not (total or section or digit):
                return None
            total = (
                (total + section + digit) * _MYRIADS[char]
                if char == "亿"
                else (total + (section + digit) * _MYRIADS[char])
            )
            section, digit, seen_digit = 0, 0, False
    return float(total + section + digit)


def _product(scales: str) -> float:
    result = 1.0
    for char in scales:
        result *= _SCALES[char]
    return result
