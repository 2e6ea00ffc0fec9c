"""Pictures uploaded into a course: checked, cleaned, kept with the change until it is published."""

from __future__ import annotations

from portal.actions import content_state as state
from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.content import images
from portal.content.images import BadImage
from portal.content.parsing import kind_of_path
from portal.core.content_paths import is_asset
from portal.core.people import Person
from portal.store import content_changes, content_drafts
from portal.store.database import Connection

_ALTERNATIVE = 200
_REASONS = {
    "type": "error.image_type",
    "size": "error.image_pixels",
    "svg": "error.image_svg",
    "damaged": "error.image_damaged",
}


def upload(
    portal: Portal, actor: Person, path: str, name: str, content: bytes, alternative: str
) -> str:
    """Keep a picture for the file ``path``; return the Markdown that shows it there.

    ``alternative`` says what is in the picture, for those who cannot see it. Raises NotAllowed, or
    Refused with ``error.image_alternative``, ``error.image_size``, ``error.image_type``,
    ``error.image_pixels``, ``error.image_svg``, ``error.image_damaged``.
    """
    state.checked_source(path)
    words = _alternative(alternative)
    limit = portal.settings.max_upload_mb
    if len(content) > limit * 1024 * 1024:
        raise Refused("error.image_size", limit=limit)
    course = state.course(path)
    with permission.read(portal, actor, "edit_content"):
        pass  # asked before a large picture is worked on
    try:
        picture = images.read_picture(content)
    except BadImage as bad:
        raise Refused(_REASONS[bad.reason]) from None
    file_name = images.safe_name(name, picture)
    with permission.write(portal, actor, "edit_content", bump=False) as c:
        asset = _free(portal, c, course, file_name, picture.content)
        drafts = state.open_drafts(c, course)
        if drafts is None or asset not in drafts.rows:
            change = state.begin(c, portal, course, actor.id)
            content_drafts.add(
                c, change["id"], asset, asset=picture.content, by=actor.id, at=portal.now()
            )
            note(portal, c, actor, "upload_image", f"content:{asset}", size=len(picture.content))
    return f"![{words}]({_relative(path, asset)})"


def find_upload(portal: Portal, actor: Person, path: str) -> bytes | None:
    """A picture of its course's open change; None when it has none there. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        if not is_asset(path):
            return None
        change = content_changes.find_open(c, state.course(path))
        return None if change is None else content_drafts.asset(c, change["id"], path)


# Private functions


def _alternative(words: str) -> str:
    """Alternative text on one line, without what would end it. Raises Refused when empty."""
    flat = " ".join("".join(ch if ch.isprintable() else " " for ch in words).split())
    if not flat or len(flat) > _ALTERNATIVE:
        raise Refused("error.image_alternative", limit=_ALTERNATIVE)
    return "".join(f"\\{ch}" if ch in "\\[]!`*_<>" else ch for ch in flat)


def _free(portal: Portal, c: Connection, course: str, name: str, content: bytes) -> str:
    """A path nobody uses; the same picture uploaded again keeps its first path."""
    stem, _, ending = name.rpartition(".")
    drafts = state.open_drafts(c, course)
    for n in range(1, 1000):
        path = f"courses/{course}/assets/{name if n == 1 else f'{stem}-{n}.{ending}'}"
        if not is_asset(path):
            break
        if drafts is not None and path in drafts.rows:
            if content_drafts.asset(c, drafts.change["id"], path) == content:
                return path
        elif not (portal.library.root / path).exists():
            return path
    raise NotAllowed


def _relative(path: str, asset: str) -> str:
    name = asset.rpartition("/")[2]
    if kind_of_path(path) == "quiz":
        return f"../../courses/{asset.split('/')[1]}/assets/{name}"
    return f"assets/{name}"
