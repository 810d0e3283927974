"""Who may use the service: everyone on loopback; elsewhere users of a password file, or of a trusted proxy."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import logging
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from qa_service.errors import SettingsError
from qa_service.settings import Settings
from qa_service.web.problems import problem

logger = logging.getLogger(__name__)
OPEN_PATHS = frozenset({"/healthz", "/readyz"})


@dataclass(frozen=True)
class AccessPolicy:
    """What a request must show: a password, a proxy's word, or nothing."""

    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    user_header: str | None = None
    proxies: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether everyone may enter."""
        return not self.passwords and self.user_header is None

    def user_of(self, headers: Headers, peer: str | None) -> str | None:
        """The user that a request comes from; None where it shows no right credentials."""
        if self.user_header is not None and peer in self.proxies:
            users = headers.getlist(self.user_header)
            if len(users) == 1 and users[0].strip():
                return users[0].strip()
        return self._user_by_password(headers.get("authorization", ""))

    def _user_by_password(self, authorization: str) -> str | None:
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic" or not self.passwords:
            return None
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None
        expected = self.passwords.get(user)
        same = hmac.compare_digest(password.encode(), (expected or "\0").encode())
        return user if same and expected is not None else None


def access_policy(settings: Settings) -> AccessPolicy:
    """The policy that the settings ask for; SettingsError where more than loopback would be open to everyone."""
    policy = AccessPolicy(
        passwords=read_passwords(settings.password_file) if settings.password_file else {},
        user_header=settings.trusted_user_header,
        proxies=frozenset(settings.trusted_proxies),
    )
    if policy.is_open and not is_loopback(settings.host):
        raise SettingsError(
            f"Setting host cannot be {settings.host!r} without access control: everyone could read the articles. "
            "Set QA_PASSWORD_FILE or QA_TRUSTED_USER_HEADER, or serve on 127.0.0.1 behind a proxy."
        )
    return policy


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_passwords(path: Path) -> dict[str, str]:
    """The passwords by user from lines of `user:password`; lines that begin with # are left out."""
    try:
        text, mode = path.read_text(encoding="utf-8-sig"), path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        message = f"password_file {path} cannot be read: {error}. Give a file of user:password lines."
        raise SettingsError(message) from None
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        logger.warning("%s can be read by others than its owner: chmod 600 keeps the passwords secret", path)
    passwords: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        user, colon, password = line.partition(":")
        if not (user and colon and password):
            raise SettingsError(f"Line {number} of password_file {path} is not user:password. Mend or remove it.")
        passwords[user] = password
    if not passwords:
        raise SettingsError(f"password_file {path} names no user. Add a line user:password.")
    return passwords


class AccessControl:
    """Answers 401 to requests without right credentials, on every route but the health checks."""

    def __init__(self, app: ASGIApp, *, policy: AccessPolicy, root: str) -> None:
        self._app = app
        self._policy = policy
        self._open = {f"{root}{path}" for path in OPEN_PATHS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the request through with its user noted, or answers it."""
        if scope["type"] == "lifespan" or self._policy.is_open or scope["path"] in self._open:
            await self._app(scope, receive, send)
            return
        user = self._policy.user_of(Headers(scope=scope), scope.get("peer"))
        if scope["type"] == "http" and user is not None:
            scope.setdefault("state", {})["user"] = user
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        challenge = {"www-authenticate": 'Basic realm="articles", charset="UTF-8"'} if self._policy.passwords else {}
        response = problem(401, "Sign in to use this service.", headers=challenge)
        await response(scope, receive, send)
