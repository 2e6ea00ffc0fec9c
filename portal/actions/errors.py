"""How an action says no: a key that the reader's language turns into a sentence."""

from __future__ import annotations


class Refused(Exception):
    """The request is understood and not carried out; nothing was written.

    ``key`` is a locale key such as ``error.wrong_password``; ``args`` fill its placeholders.
    """

    def __init__(self, key: str, **args: object) -> None:
        super().__init__(key)
        self.key = key
        self.args_by_name = args


class NotAllowed(Refused):
    """The person has no right to this, or it does not exist: callers cannot tell which.

    ``about`` is for the log alone: what was there, as ``person:7`` or ``unit:3``, else empty.
    """

    def __init__(self, key: str = "error.not_allowed", *, about: str = "", **args: object) -> None:
        super().__init__(key, **args)
        self.about = about
