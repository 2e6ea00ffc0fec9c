"""Applying the password profile of this portal."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.actions import hashing
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.core.passwords import PROFILES, Profile, check_password, initial_password

_LONG_AGO = timedelta(days=36_500)


class WeakPassword(Refused):
    """``keys`` are the rules that are broken, ``key`` the first of them.

    All of them share ``args_by_name``: minimum, maximum, classes and remembered.
    """

    def __init__(self, keys: list[str], profile: Profile) -> None:
        super().__init__(
            keys[0],
            minimum=profile.minimum,
            maximum=profile.maximum,
            classes=profile.classes,
            remembered=profile.remembered,
        )
        self.keys = tuple(keys)


def profile_of(portal: Portal) -> Profile:
    """The profile that the settings name."""
    return PROFILES[portal.settings.password_profile]


def check_new(
    portal: Portal, password: str, *, login: str, name: str, past_hashes: Iterable[str] = ()
) -> None:
    """Raise WeakPassword unless the profile takes ``password``; slow, as it checks past hashes."""
    profile = profile_of(portal)
    broken = check_password(portal.settings.password_profile, password, login=login, name=name)
    if broken:
        raise WeakPassword(broken, profile)
    if any(hashing.verify(past, password) for past in past_hashes):
        raise WeakPassword(["error.password_used_before"], profile)


def changed_since(portal: Portal) -> datetime:
    """A password that was changed before this moment is due for a change."""
    days = profile_of(portal).rotate_days
    return portal.now() - (timedelta(days=days) if days else _LONG_AGO)


def make_initial() -> str:
    """A password to hand over, good once."""
    return initial_password(secrets.choice)
