"""Instants as people read them: in the portal's time zone and the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(moment: datetime | date, locale: str, tz: str) -> str:
    """``2026年3月12日`` or ``12 Mar 2026``."""
    local = moment.astimezone(ZoneInfo(tz)) if isinstance(moment, datetime) else moment
    if locale == "en":
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{local.year}年{local.month}月{local.day}日"


def clock(moment: datetime, tz: str) -> str:
    """``14:03:07`` in the portal's time zone."""
    return moment.astimezone(ZoneInfo(tz)).strftime("%H:%M:%S")


def day_and_time(moment: datetime, locale: str, tz: str) -> str:
    """``2026年3月12日 14:03`` or ``12 Mar 2026, 14:03``."""
    time = moment.astimezone(ZoneInfo(tz)).strftime("%H:%M")
    return f"{day(moment, locale, tz)}{', ' if locale == 'en' else ' '}{time}"


def month(key: str, locale: str) -> str:
    """``2026-03`` as ``2026年3月`` or ``Mar 2026``."""
    year, number = key.split("-")
    if locale == "en":
        return f"{_MONTHS[int(number) - 1]} {year}"
    return f"{year}年{int(number)}月"
