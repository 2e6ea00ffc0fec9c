"""Pictures of a course for the preview: those of its open change, else the published ones."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from portal.actions import content_uploads
from portal.actions.errors import Refused
from portal.core.people import Person
from portal.web import running
from portal.web.accounts import files
from portal.web.policies import FILE_POLICY
from portal.web.refusal import answer

_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}


async def draft_file(request: Request) -> Response:
    """``/draft-files/<course>/assets/<name>`` for those who may write; 404 for all else."""
    person: Person = request.scope["portal.person"]
    path = f"courses/{request.path_params['course']}/{request.path_params['path']}"
    try:
        content = await to_thread.run_sync(
            content_uploads.find_upload, running.portal(), person, path
        )
    except Refused:
        return answer(request.scope, 404, "no_file")
    if content is None:
        return await files.content_file(request)
    return Response(
        content,
        media_type=_TYPES.get(path.rpartition(".")[2], "application/octet-stream"),
        headers={"Content-Security-Policy": FILE_POLICY, "Cache-Control": "private, no-cache"},
    )
