"""New courses, modules, quizzes and English editions; modules renamed and put in another order.

All of it is made as drafts: nothing is in service before the change has been published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from portal.actions import content_state as state
from portal.actions import permission
from portal.actions.audit import note
from portal.actions.content_state import Drafts
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.content.parsing import kind_of_path, slug_of_file
from portal.content.tree import english_of, is_english
from portal.core import content_templates as templates
from portal.core.content_paths import is_source
from portal.core.content_templates import NewCourse
from portal.core.people import Person
from portal.store import content_drafts
from portal.store.database import Connection

_TITLE = 80
_REVIEW_AFTER = timedelta(days=365)
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def new_course(
    portal: Portal, actor: Person, folder: str, title: str, capability: str, first_module: str
) -> str:
    """A course with its first module, as drafts; return the path of the module.

    Raises NotAllowed, or Refused with ``error.content_title``, ``error.content_folder``,
    ``error.content_taken``, ``error.content_capability``.
    """
    title, first_module = _title(title), _title(first_module)
    model = portal.library.catalogue.capabilities
    if capability not in [entry.key for entry in model.capabilities]:
        raise Refused("error.content_capability")
    if not folder or set(folder) - _ALPHABET or not is_source(f"courses/{folder}/course.md"):
        raise Refused("error.content_folder")
    review_by = (portal.now() + _REVIEW_AFTER).date().isoformat()
    course = templates.course_file(NewCourse(title, capability, 1, 1.0, actor.name, review_by))
    module = f"courses/{folder}/01-start.md"
    with permission.write(portal, actor, "edit_content") as c:
        if _taken(portal, c, f"courses/{folder}/"):
            raise Refused("error.content_taken", name=folder)
        question_id = next(iter(next_ids(portal, c, folder, 1)))
        text = templates.module_file(first_module, 10, question_id)
        _add(c, portal, actor, {f"courses/{folder}/course.md": course, module: text})
        note(portal, c, actor, "new_content", f"content:{folder}", title=title)
    return module


def new_module(portal: Portal, actor: Person, course: str, name: str, title: str) -> str:
    """A module behind the others of ``course``, as a draft; return its path.

    Raises NotAllowed, or Refused with ``error.content_title``, ``error.content_folder``,
    ``error.content_taken``.
    """
    title = _title(title)
    with permission.write(portal, actor, "edit_content") as c:
        modules = _modules(portal, c, course)
        if not modules and not _taken(portal, c, f"courses/{course}/"):
            raise NotAllowed
        if name in [slug_of_file(path) for path in modules]:
            raise Refused("error.content_taken", name=name)
        last = max((_number(path) for path in modules), default=0)
        path = f"courses/{course}/{last + 1:02d}-{_file_name(name)}.md"
        _refuse_taken(portal, c, path)
        text = templates.module_file(title, 10, next(iter(next_ids(portal, c, course, 1))))
        _add(c, portal, actor, {path: text})
    return path


def new_quiz(portal: Portal, actor: Person, course: str, name: str, kind: str, title: str) -> str:
    """A quiz, exam or pool with one question, as a draft; return its path.

    Raises NotAllowed, or Refused as ``new_module``.
    """
    title = _title(title)
    if kind not in ("quiz", "exam", "pool"):
        raise NotAllowed
    path = f"quizzes/{course}/{_file_name(name)}.md"
    with permission.write(portal, actor, "edit_content") as c:
        if not _taken(portal, c, f"courses/{course}/"):
            raise NotAllowed
        _refuse_taken(portal, c, path)
        text = templates.quiz_file(kind, title, next(iter(next_ids(portal, c, course, 1))))
        _add(c, portal, actor, {path: text})
    return path


def new_edition(portal: Portal, actor: Person, path: str) -> str:
    """The English edition of a Chinese file, to be translated; return its path.

    Raises NotAllowed, or Refused("error.content_taken").
    """
    state.checked_source(path)
    if is_english(path):
        raise NotAllowed
    edition = english_of(path)
    with permission.write(portal, actor, "edit_content") as c:
        text = _text(portal, c, path)
        if text is None:
            raise NotAllowed
        _refuse_taken(portal, c, edition)
        skeleton = templates.english_skeleton(text, in_module=kind_of_path(path) == "module")
        _add(c, portal, actor, {edition: skeleton})
    return edition


def rename(portal: Portal, actor: Person, path: str, name: str) -> str:
    """Another file name for a module, its number kept; its id stays, and with it everybody's
    progress. Return the new path. Raises NotAllowed, or Refused as ``new_module``."""
    state.checked_source(path)
    if kind_of_path(path) != "module" or is_english(path):
        raise NotAllowed
    stem = path.rpartition("/")[2].removesuffix(".md")
    prefix = stem[: len(stem) - len(slug_of_file(path))]
    to = f"{path.rpartition('/')[0]}/{prefix}{_file_name(name)}.md"
    if to == path:
        return path
    with permission.write(portal, actor, "edit_content") as c:
        text = _text(portal, c, path)
        if text is None:
            raise NotAllowed
        _refuse_taken(portal, c, to)
        kept = templates.with_front_key(text, "id", slug_of_file(path))
        _move(c, portal, actor, {path: (to, kept)})
    return to


def reorder(portal: Portal, actor: Person, course: str, paths: Sequence[str]) -> list[str]:
    """Number the modules of ``course`` in the order of ``paths``, which must be all of them.

    Ids do not change. Returns the new paths. Raises NotAllowed.
    """
    with permission.write(portal, actor, "edit_content") as c:
        if sorted(paths) != sorted(_modules(portal, c, course)):
            raise NotAllowed
        names = templates.numbered([path.rpartition("/")[2] for path in paths])
        moves: dict[str, tuple[str, str]] = {}
        for path, name in zip(paths, names, strict=True):
            to = f"courses/{course}/{name}"
            if to != path:
                moves[path] = (to, _text(portal, c, path) or "")
        _move(c, portal, actor, moves)
    return [moves[path][0] if path in moves else path for path in paths]


def delete(portal: Portal, actor: Person, path: str) -> None:
    """Mark a published file, with its English edition, as to be deleted. Raises NotAllowed."""
    state.checked_source(path)
    with permission.write(portal, actor, "edit_content") as c:
        if state.on_disk(portal, path).text is None:
            raise NotAllowed
        for name in (path,) if is_english(path) else (path, english_of(path)):
            _put(c, portal, actor, name, None)
        note(portal, c, actor, "delete_content", f"content:{path}")


def modules_of(portal: Portal, actor: Person, course: str) -> list[str]:
    """Paths of the course's modules in order, drafts included. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        return _modules(portal, c, course)


def free_ids(portal: Portal, actor: Person, course: str, count: int) -> list[str]:
    """``count`` question ids that nothing in the library or the course's drafts has."""
    with permission.read(portal, actor, "edit_content") as c:
        return next_ids(portal, c, course, count)


def next_ids(portal: Portal, c: Connection, course: str, count: int) -> list[str]:
    """``<course>-<number>``, from the highest number in use onward."""
    prefix = f"{course}-" if course.isascii() else "q-"
    used = portal.library.known_ids()
    drafts = state.open_drafts(c, course)
    texts = [text for text in drafts.texts.values() if text] if drafts is not None else []
    highest = max((_suffix(name, prefix) for name in used), default=0)
    found: list[str] = []
    while len(found) < count:
        highest += 1
        name = f"{prefix}{highest:03d}"
        if not any(f"#{name}`" in text for text in texts):
            found.append(name)
    return found


# Private functions


def _suffix(name: str, prefix: str) -> int:
    rest = name[len(prefix) :] if name.startswith(prefix) else ""
    return int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 9 else 0


def _title(title: str) -> str:
    flat = " ".join(title.split())
    if not flat or len(flat) > _TITLE:
        raise Refused("error.content_title", limit=_TITLE)
    return flat


def _file_name(name: str) -> str:
    """A new file's name without number and ending. Raises Refused("error.content_folder")."""
    if not name or set(name) - _ALPHABET or not name[0].isalpha():
        raise Refused("error.content_folder")
    if not is_source(f"courses/a/01-{name}.md") or name in ("course", "readme"):
        raise Refused("error.content_folder")
    return name


def _taken(portal: Portal, c: Connection, prefix: str) -> bool:
    """Whether files or drafts below ``prefix`` exist."""
    if any(path.startswith(prefix) for path in portal.library.paths()):
        return True
    if (portal.library.root / prefix).exists():
        return True
    drafts = state.open_drafts(c, prefix.split("/")[1])
    return drafts is not None and any(path.startswith(prefix) for path in drafts.rows)


def _refuse_taken(portal: Portal, c: Connection, path: str) -> None:
    if _text(portal, c, path) is not None:
        raise Refused("error.content_taken", name=path.rpartition("/")[2])


def _text(portal: Portal, c: Connection, path: str) -> str | None:
    """The draft of ``path``, or the file; None where there is neither."""
    drafts = state.open_drafts(c, state.course(path))
    if drafts is not None and path in drafts.texts:
        return drafts.texts[path]
    return state.on_disk(portal, path).text


def _modules(portal: Portal, c: Connection, course: str) -> list[str]:
    drafts = state.open_drafts(c, course)
    texts = {} if drafts is None else drafts.texts
    paths: Iterable[str] = {*portal.library.paths(), *texts}
    return sorted(
        path
        for path in paths
        if path.startswith(f"courses/{course}/")
        and path.endswith(".md")
        and not is_english(path)
        and kind_of_path(path) == "module"
        and texts.get(path, "") is not None
    )


def _number(path: str) -> int:
    name = path.rpartition("/")[2]
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return int(digits) if digits else 0


def _add(c: Connection, portal: Portal, actor: Person, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        _put(c, portal, actor, path, text)


def _move(c: Connection, portal: Portal, actor: Person, moves: dict[str, tuple[str, str]]) -> None:
    """Files under other names, each with its English edition."""
    writes: dict[str, str] = {}
    for path, (to, text) in moves.items():
        writes[to] = text
        edition = _text(portal, c, english_of(path))
        if edition is not None:
            writes[english_of(to)] = edition
    for path in moves:
        for name in (path, english_of(path)):
            if name not in writes:
                _put(c, portal, actor, name, None)
    for path, text in writes.items():
        _put(c, portal, actor, path, text)


def _put(c: Connection, portal: Portal, actor: Person, path: str, text: str | None) -> None:
    """The draft of ``path`` with this text; None: to be deleted, or no draft of a file that was
    never published."""
    disk = state.on_disk(portal, path)
    drafts: Drafts | None = state.open_drafts(c, state.course(path))
    row = None if drafts is None else drafts.rows.get(path)
    if text is None and disk.text is None:
        if row is not None:
            content_drafts.remove(c, row["id"])
        return
    change = state.begin(c, portal, state.course(path), actor.id)
    deed = "write" if text is not None else "delete"
    if row is None:
        content_drafts.add(
            *(c, change["id"], path),
            deed=deed,
            base_sha256=disk.sha256,
            base_text=disk.text,
            text=text,
            by=actor.id,
            at=portal.now(),
        )
        return
    rev = content_drafts.write(c, row["id"], deed=deed, text=text, by=actor.id, at=portal.now())
    if text is not None:
        content_drafts.keep_save(c, row["id"], rev, text, actor.id, portal.now(), accepted=True)
