"""Puts Keyhouse in front of any ASGI application (version 3)."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, List, MutableMapping, Optional, Tuple

from .asks import asks
from .decision import Headers, Refused, with_headers
from .target import target_of
from .verifier import Seen, Verifier

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class KeyhouseMiddleware:
    """Lets a request or a WebSocket on when its token may do what is asked, with the identity in `scope["state"]`.

    Starlette and FastAPI show that as `request.state.keyhouse`. Otherwise it answers itself, before `receive` is
    called. Asks as `keyhouse.asks` takes them; `ip` gives the client's address from the scope.
    """

    def __init__(
        self,
        app: App,
        verifier: Verifier,
        *,
        ip: Optional[Callable[[Scope], Optional[str]]] = None,
        **asked: Any,
    ) -> None:
        self.app = app
        self._verifier = verifier
        self._asks = asks(**asked)
        self._ip = ip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] not in ("http", "websocket"):
            raise ValueError(f"nothing is known of connections of the type {scope['type']!r}")
        decision = await self._verifier.decide_async(seen_in_scope(scope, self._ip), self._asks)
        if isinstance(decision, Refused):
            return await send_refusal(scope, send, decision)
        scope.setdefault("state", {})["keyhouse"] = decision.identity
        await self.app(scope, receive, adding(send, decision.headers))


def seen_in_scope(scope: Scope, ip: Optional[Callable[[Scope], Optional[str]]] = None) -> Seen:
    """What a scope tells of a request: every field line as it came."""
    client = scope.get("client")
    own = client[0] if client else None
    return Seen(
        # A WebSocket begins as a GET and has no method of its own here.
        method=scope.get("method", "GET"),
        target=_target(scope),
        lines=[
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ],
        ip=own if ip is None else ip(scope),
    )


def _target(scope: Scope) -> str:
    """Servers and frameworks differ in whether `path` begins with the mount prefix; what was sent decides."""
    path, root = scope["path"], scope.get("root_path", "")
    raw = scope.get("raw_path")
    sent = None if raw is None else raw.decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    whole = path if path.startswith(root) else root + path
    for candidate in (whole, root + path):
        if sent is not None and target_of(candidate.encode(), "", sent) == sent:
            return target_of(candidate.encode(), query, sent)
    return target_of(whole.encode(), query, None)


async def send_refusal(scope: Scope, send: Send, refused: Refused) -> None:
    """Answers instead of the application. A WebSocket is closed before it opens, which clients see as a refusal."""
    headers = _encoded(list(refused.headers))
    start = {"status": refused.status, "headers": headers}
    if scope["type"] == "http":
        body = b"" if scope["method"] == "HEAD" else refused.body
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": body})
    elif "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", **start})
        await send({"type": "websocket.http.response.body", "body": refused.body})
    else:
        await send({"type": "websocket.close", "code": 1008})


def adding(send: Send, added: Headers) -> Send:
    """The same `send`, with these fields in the application's answer."""

    async def send_with(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            own = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message.get("headers", ())
            ]
            message = {**message, "headers": _encoded(with_headers(own, added))}
        await send(message)

    return send_with


def _encoded(headers: List[Tuple[str, str]]) -> List[Tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
