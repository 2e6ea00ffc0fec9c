"""What every request passes before the gate: is the portal meant, and is the body bearable?"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.settings import Settings
from portal.web.origins import Origins
from portal.web.refusal import refuse
from portal.web.scopes import header
from portal.web.zones import UPLOADS

_FORM_BYTES = 64 * 1024
_MULTIPART_BYTES = 1024 * 1024  # what surrounds the file in an upload


class Hosts:
    """Answers only to the portal's own names (see ``origins``)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._origins = Origins.of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._origins.answers_to(scope):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, 400, "unknown_host")


class BodyLimit:
    """Refuses a body that is larger than what the path is for, announced or not."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._upload_bytes = settings.max_upload_mb * 1024 * 1024 + _MULTIPART_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._upload_bytes if scope["path"].startswith(UPLOADS) else _FORM_BYTES
        announced = header(scope, b"content-length")
        if announced and (not announced.isdecimal() or int(announced) > limit):
            await refuse(scope, receive, send, 413, "too_large")
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)  # the application that reads answers with it
            return message

        await self._app(scope, receive_counted, send)
