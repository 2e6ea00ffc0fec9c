"""Pictures, films and documents beside the courses: for people who are signed in.

Authors bring these files, so they are served as what they are, never run, and never framed.
"""

from __future__ import annotations

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from portal.web import running
from portal.web.policies import FILE_POLICY
from portal.web.refusal import answer

# shown in the page; what is not here is downloaded
_SHOWN = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
}
_DOWNLOADED = {".pdf": "application/pdf"}


async def content_file(request: Request) -> Response:
    """The file ``path`` of the course, or 404. Ranges work, so films can be searched."""
    library = running.portal().library
    course, path = request.path_params["course"], request.path_params["path"]
    file = await to_thread.run_sync(library.asset, course, path)
    if file is None:
        return answer(request.scope, 404, "no_file")
    ending = file.suffix.lower()
    kind = "inline" if ending in _SHOWN else "attachment"
    response = FileResponse(
        file,
        media_type=_SHOWN.get(ending) or _DOWNLOADED.get(ending, "application/octet-stream"),
        headers={
            "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": FILE_POLICY,
            "Cache-Control": "private, no-cache",  # the gate is asked each time
        },
        stat_result=await to_thread.run_sync(file.stat),
    )
    if request.headers.get("if-none-match") == response.headers["etag"]:
        kept = ("etag", "cache-control", "content-security-policy")
        return Response(status_code=304, headers={name: response.headers[name] for name in kept})
    return response
