"""Sending mail by SMTP: one connection for many letters, and what a letter may hold.

Headers are made by the standard library's ``EmailMessage``, which refuses line breaks in them;
addresses are checked before (``core.addresses``). Nothing of a password or an answer of the server
beyond its code and text is ever shown.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from types import TracebackType
from typing import Any, Literal

from portal.core.addresses import is_address

Security = Literal["starttls", "tls", "none"]
TIMEOUT_S = 20.0


UNSURE = (
    "交出邮件后断线，可能已送达 / cut off after the letter was handed over; it may have arrived"
)


class MailFailed(Exception):
    """A letter did not go out; the text says why. ``for_all``: no other will either.

    ``maybe_sent``: the server had the letter and hung up before it said that it took it. To send it
    again may be to send it twice.
    """

    def __init__(self, text: str, *, for_all: bool = False, maybe_sent: bool = False) -> None:
        super().__init__(text)
        self.for_all = for_all
        self.maybe_sent = maybe_sent


@dataclass(frozen=True, slots=True)
class Server:
    """The mail server, and the address that letters come from."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext | None = None  # None: the system's authorities


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text to one person."""

    to: str
    subject: str
    text: str


class Outbox:
    """An open line to the server: ``with Outbox(server) as outbox: outbox.send(letter, now)``.

    Connects with the first letter, and once more when the server hangs up between two of them.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Outbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._line.close()

    def send(self, letter: Letter, now: datetime) -> None:
        """Hand the letter over to the server. Raises MailFailed."""
        message = compose(letter, self._server.sender, now)
        try:
            self._connected().send_message(message)
        except _CutOffAfterwards:
            self._line = None
            raise MailFailed(UNSURE, for_all=True, maybe_sent=True) from None
        except smtplib.SMTPServerDisconnected:
            self._line = None
            self._once_more(message)
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailed(_said(error), for_all=_is_for_all(error)) from None

    def _once_more(self, message: EmailMessage) -> None:
        try:
            self._connected().send_message(message)
        except _CutOffAfterwards:
            self._line = None
            raise MailFailed(UNSURE, for_all=True, maybe_sent=True) from None
        except (smtplib.SMTPException, OSError) as error:
            self._line = None
            raise MailFailed(_said(error), for_all=_is_for_all(error)) from None

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            try:
                self._line = _connect(self._server)
            except (smtplib.SMTPException, OSError) as error:
                raise MailFailed(_said(error), for_all=True) from None
        return self._line


def compose(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """The letter as a message. Raises MailFailed for an address or subject that is none."""
    if not is_address(letter.to):
        raise MailFailed("not an e-mail address")
    if any(ord(ch) < 32 or ord(ch) == 127 for ch in letter.subject):
        raise MailFailed("a control character in the subject")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    message.set_content(letter.text)
    return message


# Private functions


class _CutOffAfterwards(smtplib.SMTPException):
    """The line went dead after the letter was on its way and before the server answered."""


class _Plain(smtplib.SMTP):
    """Tells a line that was cut before the letter from one that was cut after it."""

    _replies = 0

    def getreply(self) -> tuple[int, bytes]:
        reply = super().getreply()
        self._replies += 1
        return reply

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._replies = 0
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected:
            if self._replies:  # 354: the server was ready, and the letter was sent
                raise _CutOffAfterwards from None
            raise


class _Secured(_Plain, smtplib.SMTP_SSL):
    """The same from the first byte behind TLS."""


def _connect(server: Server) -> smtplib.SMTP:
    context = server.context or ssl.create_default_context()
    line: smtplib.SMTP
    if server.security == "tls":
        line = _Secured(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        line = _Plain(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.security == "starttls":
            line.starttls(context=context)  # raises when the server does not offer it
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _is_for_all(error: Exception) -> bool:
    """Whether it is about the line or the sender, not about this letter."""
    return isinstance(
        error,
        smtplib.SMTPAuthenticationError
        | smtplib.SMTPConnectError
        | smtplib.SMTPServerDisconnected
        | smtplib.SMTPSenderRefused
        | smtplib.SMTPHeloError,
    ) or not isinstance(error, smtplib.SMTPException)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {_text(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(str(error).split()) or type(error).__name__


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())
