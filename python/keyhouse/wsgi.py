"""Puts Keyhouse in front of any WSGI application (PEP 3333)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from .asks import asks
from .decision import Refused, with_headers
from .target import target_of
from .verifier import Seen, Verifier

Environ = Dict[str, Any]
AddressOf = Callable[[Any], Optional[str]]


class KeyhouseMiddleware:
    """Lets a request on when its token may do what is asked, with the identity in `environ["keyhouse"]`.

    Otherwise it answers itself, without reading the body. Asks as `keyhouse.asks` takes them; `ip` gives the client's
    address from the environ, where the application stands behind a proxy. Without it the connection's own counts.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        verifier: Verifier,
        *,
        ip: Optional[AddressOf] = None,
        **asked: Any,
    ) -> None:
        self._app = app
        self._verifier = verifier
        self._asks = asks(**asked)
        self._ip = ip

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        decision = self._verifier.decide(seen_in_environ(environ, self._ip), self._asks)
        if isinstance(decision, Refused):
            start_response(status_line(decision.status), list(decision.headers))
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else decision.body]
        environ["keyhouse"] = decision.identity
        added = decision.headers

        def start(status: str, headers: List[Tuple[str, str]], *error: Any) -> Any:
            return start_response(status, with_headers(headers, added), *error)

        return self._app(environ, start)


def seen_in_environ(environ: Environ, ip: Optional[AddressOf] = None) -> Seen:
    """What an environ tells of a request: one value for each name, in which lines of the same name are joined.

    A server that keeps one of two lines and drops the other hides that from every application behind it.
    """
    sent = [key for key in environ if key.startswith("HTTP_")]
    lines = [(key[5:].replace("_", "-"), environ[key]) for key in sent]
    # With the client's own word for where the application is mounted, the rest is what it routes by.
    mount = "" if "HTTP_SCRIPT_NAME" in environ else environ.get("SCRIPT_NAME", "")
    path = (mount + environ.get("PATH_INFO", "")) or "/"
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    return Seen(
        method=environ["REQUEST_METHOD"],
        target=target_of(path.encode("latin-1"), environ.get("QUERY_STRING", ""), raw),
        lines=lines,
        ip=environ.get("REMOTE_ADDR") if ip is None else ip(environ),
        joined=True,
    )


def status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Refused"
