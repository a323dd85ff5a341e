"""Kept connections to one Keyhouse, each exchange with an end. Threads may share them; a forked child begins with none."""

from __future__ import annotations

import io
import os
import socket
import ssl
import time
from collections import deque
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Deque, Mapping, Optional, Tuple
from urllib.parse import urlsplit

ANSWER_BYTES_MAX = 1024 * 1024
IDLE_SECONDS_MAX = 10.0
"""Less than the 15 s after which Keyhouse ends an idle connection."""
IDLE_CONNECTIONS_MAX = 64


class Place:
    """One Keyhouse by its URL. Raises ValueError for a URL that is not plainly `http(s)://host[:port][/path]`."""

    def __init__(self, url: str, path: str, context: Optional[ssl.SSLContext]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("A URL of Keyhouse begins with http:// or https:// and names a host.")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("A URL of Keyhouse has no user name, query or fragment.")
        is_tls = parts.scheme == "https"
        self.name = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.hostname
        self._port = parts.port or (443 if is_tls else 80)
        self._path = parts.path.rstrip("/") + path
        self._context = (context or ssl.create_default_context()) if is_tls else None
        self._idle: Deque[Tuple[float, _Connection]] = deque()
        self._process = os.getpid()

    def post(self, body: bytes, headers: Mapping[str, str], deadline: float) -> Tuple[int, bytes]:
        """Status and body of the answer, all of it before `deadline` on the monotonic clock.

        A kept connection that ends before it has answered anything is replaced once: Keyhouse has most likely closed it
        while it was idle. Raises OSError or HTTPException.
        """
        kept = self._take()
        if kept is not None:
            try:
                return self._exchange(kept, body, headers, deadline)
            except (ConnectionError, ssl.SSLError):
                if kept.has_answered:
                    raise
        fresh = _Connection(self._host, self._port, self._context)
        return self._exchange(fresh, body, headers, deadline)

    def close(self) -> None:
        """Ends the kept connections."""
        while self._idle:
            self._idle.pop()[1].close()

    def _take(self) -> Optional["_Connection"]:
        if self._process != os.getpid():
            # Two processes that read from one connection would be given each other's answers.
            self._idle = deque()
            self._process = os.getpid()
        while True:
            try:
                since, connection = self._idle.pop()
            except IndexError:
                return None
            if time.monotonic() - since < IDLE_SECONDS_MAX:
                return connection
            connection.close()

    def _exchange(
        self, connection: "_Connection", body: bytes, headers: Mapping[str, str], deadline: float
    ) -> Tuple[int, bytes]:
        is_reusable = False
        try:
            connection.begin(deadline)
            connection.request("POST", self._path, body, dict(headers))
            response = connection.getresponse()
            answer = response.read(ANSWER_BYTES_MAX + 1)
            if len(answer) > ANSWER_BYTES_MAX:
                raise HTTPException("the answer is too long")
            is_reusable = response.isclosed() and not response.will_close
            return response.status, answer
        finally:
            if is_reusable and len(self._idle) < IDLE_CONNECTIONS_MAX:
                self._idle.append((time.monotonic(), connection))
            else:
                connection.close()


class _Connection(HTTPConnection):
    """A connection whose every step looks at one deadline; the time-out of a socket begins anew with every byte."""

    def __init__(self, host: str, port: int, context: Optional[ssl.SSLContext]) -> None:
        super().__init__(host, port)
        self._context = context
        self._deadline = 0.0
        self.has_answered = False
        self.default_port = 80 if context is None else 443
        self.response_class = self._response  # type: ignore[assignment]

    def begin(self, deadline: float) -> None:
        self._deadline = deadline
        self.has_answered = False
        if self.sock is not None:
            self.sock.settimeout(self._left())

    def connect(self) -> None:
        last: Optional[OSError] = None
        for family, kind, protocol, _name, address in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        ):
            opened = socket.socket(family, kind, protocol)
            try:
                opened.settimeout(self._left())
                opened.connect(address)
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.settimeout(self._left())
                if self._context is not None:
                    opened = self._context.wrap_socket(opened, server_hostname=self.host)
                opened.settimeout(self._left())
                self.sock = opened
                return
            except OSError as error:
                opened.close()
                last = error
        raise last or OSError("the host has no address")

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left

    def _response(self, sock: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        return HTTPResponse(_Readable(self, sock), *args, **kwargs)  # type: ignore[arg-type]


class _Readable:
    """What HTTPResponse needs of a socket."""

    def __init__(self, connection: _Connection, sock: socket.socket) -> None:
        self._connection = connection
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._connection, self._sock))


class _Reader(io.RawIOBase):
    def __init__(self, connection: _Connection, sock: socket.socket) -> None:
        super().__init__()
        self._connection = connection
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Optional[int]:
        self._sock.settimeout(self._connection._left())
        size = self._raw.readinto(buffer)
        if size:
            self._connection.has_answered = True
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()
