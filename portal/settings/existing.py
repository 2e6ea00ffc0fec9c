"""The database that a command works on has to be there: a mistyped folder must not become one."""

from __future__ import annotations

from pathlib import Path

from portal.settings import Settings, SettingsError

_HEADER = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html, 1.3.1


def database_of(settings: Settings) -> Path:
    """The path of the portal's database. Raises SettingsError where there is none, or no SQLite
    file, and OSError where it cannot be read."""
    path = settings.data_dir / settings.database
    if not path.is_file():
        raise SettingsError(
            f"没有这个数据库 / no such database: {path}\n"
            "用 --data 指明它所在的文件夹 / name its folder by --data"
        )
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise SettingsError(
                f"这个文件不是数据库 / this file is not a database: {path}\n"
                "可以用备份恢复 / restore it from a backup: python -m portal restore BACKUP"
            )
    return path


def reason(error: Exception) -> str:
    """Why a file could not be used, in the system's words: ``data.csv: Is a directory``."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
