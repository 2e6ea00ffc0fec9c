"""``python -m portal serve``: run the portal until it is told to stop."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from contextlib import suppress
from tempfile import TemporaryFile

from portal import settings as portal_settings
from portal.settings import Settings, SettingsError
from portal.settings.existing import database_of, reason

HELP = "运行系统 / run the portal"
EXAMPLE = "python -m portal serve --host 0.0.0.0 --port 8501"

_LARGEST_MESSAGE = 2 * 1024 * 1024  # bytes from a browser at once
_PING_S = 30
_FINISH_S = 10  # for requests in progress, once it is told to stop
_BACKLOG = 2048
# option -> setting
_FLAGS = {"host": "host", "port": "port", "data": "data_dir", "content": "content_dir"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--host", help="监听的地址 / address to listen on")
    parser.add_argument("--port", help="监听的端口 / port to listen on")
    parser.add_argument("--data", metavar="DIR", help="数据文件夹 / folder of the records")
    parser.add_argument(
        "--content",
        metavar="DIR",
        help="含 courses/ 和 quizzes/ 的文件夹 / folder that holds courses/ and quizzes/",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C. Returns 0, or 1 with a sentence when it cannot start."""
    settings = settings_of(arguments)
    return 1 if settings is None else serve(settings)


def settings_of(arguments: argparse.Namespace, **fixed: str) -> Settings | None:
    """The settings for these options; None, with a sentence, when they are wrong.

    ``fixed`` are settings that the command itself decides. The application reads its settings by
    itself, in this process and in any other: what was given goes on through the environment.
    """
    given = {name: getattr(arguments, flag, None) for flag, name in _FLAGS.items()} | fixed
    try:
        settings = portal_settings.load(overrides=given)
        _usable(settings)
    except (SettingsError, OSError) as error:
        print(reason(error), file=sys.stderr)
        return None
    os.environ.update(
        {f"PORTAL_{name.upper()}": str(value) for name, value in given.items() if value is not None}
    )
    return settings


def serve(settings: Settings, application: str = "portal.asgi:app") -> int:
    """Serve ``application`` as ``settings`` say."""
    try:
        listener = _listen(settings)
    except OSError as error:
        print(_why_not(settings, error), file=sys.stderr)
        return 1
    with listener:
        return _run(application, listener, _address(settings, listener))


def _usable(settings: Settings) -> None:
    """Raises SettingsError for content that is nowhere, a data folder that nothing can be written
    to (it is made where there is none), or records that no database can hold."""
    if not settings.content_dir.is_dir():
        raise SettingsError(
            f"--content = '{settings.content_dir}': 没有这个文件夹 / there is no such folder"
        )
    path = settings.data_dir / settings.database
    if path.exists() and path.stat().st_size:  # an empty one is filled when it is opened
        database_of(settings)
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        raise SettingsError(
            f"--data = '{settings.data_dir}': 写不进这个文件夹 / cannot write to this folder: "
            f"{error.strerror}\n换一个文件夹，或让运行本系统的用户可以写它 / "
            "choose another one, or let the user who runs the portal write to it"
        ) from error


def _run(application: str, listener: socket.socket, address: str) -> int:
    """Serve on ``listener`` until told to stop; says where it is once it can be reached."""
    import uvicorn

    from portal.actions import accounts
    from portal.web import running

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(_welcome(address, accounts.setup_link(running.portal())), flush=True)

    server = Server(
        uvicorn.Config(
            application,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            lifespan="on",
            ws_max_size=_LARGEST_MESSAGE,
            ws_ping_interval=_PING_S,
            ws_ping_timeout=_PING_S,
            ws_per_message_deflate=False,
            proxy_headers=False,  # the application does it, from its own setting
            server_header=False,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=_FINISH_S,
            backlog=_BACKLOG,
        )
    )
    with suppress(KeyboardInterrupt):  # uvicorn has ended in good order and raises it again
        server.run(sockets=[listener])
    return 0 if server.started else 1


def _welcome(address: str, setup_token: str | None) -> str:
    lines = [f"治理学堂 / Governance Academy  {address}"]
    if setup_token:
        lines += [
            "还没有管理员。用这个一次性链接设置第一位管理员（24 小时内有效）：",
            "There is no administrator yet. Make the first one with this one-time link (24 hours):",
            f"  {address}/account/setup?token={setup_token}",
        ]
    return "\n".join([*lines, "按 Ctrl-C 停止 / Ctrl-C to stop"])


def _listen(settings: Settings) -> socket.socket:
    """A socket bound before anything is loaded, so that a taken port is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(_BACKLOG)  # another server may hold the port without listening yet
        listener.set_inheritable(True)
    except BaseException:
        listener.close()
        raise
    return listener


def _why_not(settings: Settings, error: OSError) -> str:
    place = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{place} 已被别的程序占用。停掉它，或换一个端口：--port {settings.port + 1}\n"
            f"{place} is taken by another program. Stop it, or choose another port: "
            f"--port {settings.port + 1}"
        )
    if error.errno == errno.EACCES:
        return (
            f"没有权限监听 {place}。用 1024 以上的端口，前面放反向代理。\n"
            f"Not allowed to listen on {place}. Use a port above 1024 behind a reverse proxy."
        )
    return f"不能监听 {place} / cannot listen on {place}: {error.strerror}"


def _address(settings: Settings, listener: socket.socket) -> str:
    """What to type into a browser."""
    if settings.base_url:
        return settings.base_url
    everywhere = settings.host in ("0.0.0.0", "::", "127.0.0.1", "::1")  # noqa: S104 (compared)
    host = "localhost" if everywhere else settings.host
    port = listener.getsockname()[1]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
