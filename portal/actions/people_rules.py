"""Checking what somebody typed about a person or a unit, before it is stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.core.logins import is_login, is_name, normalise_login
from portal.core.postings import TRAINER_POST
from portal.store import people
from portal.store.database import Connection

_LONGEST_STAFF_NO = 32
_LONGEST_CODE = 32


def checked_login(text: str) -> str:
    """The login as it is stored. Raises Refused("error.login_form")."""
    login = normalise_login(text)
    if not is_login(login):
        raise Refused("error.login_form")
    return login


def checked_name(text: str) -> str:
    """The name of a person or a unit. Raises Refused("error.name_form")."""
    return _checked(text, "error.name_form")


def checked_staff_no(text: str) -> str:
    """The number of a person. Raises Refused("error.staff_no_form")."""
    return _checked(text, "error.staff_no_form", _LONGEST_STAFF_NO)


def checked_code(text: str | None) -> str | None:
    """The code of a unit, None for an empty one. Raises Refused("error.code_form")."""
    return _checked(text, "error.code_form", _LONGEST_CODE) if text and text.strip() else None


def checked_posts(portal: Portal, posts: Sequence[str]) -> tuple[str, ...]:
    """Posts without repeats, at least one. Raises Refused("error.post_unknown") (post).

    A trainer's post is always known. While capabilities.toml names no posts, or cannot be read, any
    key is taken.
    """
    known = {post.key for post in portal.library.catalogue.capabilities.posts}
    for post in posts or [""]:
        if not post or (known and post not in {*known, TRAINER_POST}):
            raise Refused("error.post_unknown", post=post)
    return tuple(dict.fromkeys(posts))


def checked_locale(locale: str) -> str:
    """Raises Refused("error.locale_unknown")."""
    if locale not in ("zh", "en"):
        raise Refused("error.locale_unknown")
    return locale


def check_free(c: Connection, staff_no: str, login: str, *, by_other_than: int = 0) -> None:
    """Raises Refused("error.staff_no_taken") or Refused("error.login_taken")."""
    taken = people.find_taken(c, staff_no=staff_no, login=login, by_other_than=by_other_than)
    if taken:
        raise Refused(f"error.{taken}_taken")


def _checked(text: str, key: str, longest: int = 64) -> str:
    tidy = unicodedata.normalize("NFC", text).strip()
    if not is_name(tidy, longest):
        raise Refused(key)
    return tidy
