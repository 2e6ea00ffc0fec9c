"""Numbers as statutes write them: 三十三, 一千二百五十四, 33 and ３３."""

from __future__ import annotations

_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("0123456789")},
    **{character: value for value, character in enumerate("０１２３４５６７８９")},
    "〇": 0,
    "○": 0,
    "两": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LONGEST = 9  # no numeral of a statute is longer: 一千二百五十四 has seven characters


def read_number(text: str, position: int) -> tuple[int, int] | None:
    """``(value, end)`` of the numeral at ``position``; None when there is none.

    Digits in a row are read as digits (``二〇``, ``33``), otherwise with 十, 百 and 千.
    """
    end = position
    while end < len(text) and (text[end] in _DIGITS or text[end] in _UNITS):
        end += 1
    if not 0 < end - position <= _LONGEST:
        return None
    value = _value(text[position:end])
    return (value, end) if value is not None else None


def chinese_numeral(value: int) -> str:
    """``value`` (0 to 9999) as statutes write it: 15 → 十五, 1005 → 一千零五."""
    if not 0 <= value <= 9999:
        return str(value)
    if value < 10:
        return "零一二三四五六七八九"[value]
    written = ""
    gap = False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // size % 10
        if digit:
            written += ("零" if gap else "") + "零一二三四五六七八九"[digit] + unit
        gap = bool(written) and digit == 0
    return written.removeprefix("一") if 10 <= value < 20 else written


# Private functions


def _value(numeral: str) -> int | None:
    if not any(character in _UNITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total = current = 0
    for character in numeral:
        if character in _DIGITS:
            current = current * 10 + _DIGITS[character]
        else:
            total += (current or 1) * _UNITS[character]
            current = 0
    return total + current
