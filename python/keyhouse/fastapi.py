"""Puts Keyhouse in front of the routes of a FastAPI application.

FastAPI reads a declared body before it asks any dependency. Therefore a middleware finds the route first and takes the
decision that its dependency then hands out; in mounted applications and routers that FastAPI keeps apart, into which it
does not see, the dependency decides.
"""

from typing import Any, Callable, Dict, Iterator, List, Optional

from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.routing import Match

from .asgi import App, Receive, Scope, Send, adding, seen_in_scope, send_refusal
from .asks import Asks, asks
from .decision import Allowed, Identity, Refusal, Refused
from .verifier import Verifier

_DECIDED = "keyhouse.decided"
AddressOf = Callable[[Scope], Optional[str]]


class Keyhouse:
    """`Depends(keyhouse.requires(permission="…"))` gives a route the identity, also on `request.state.keyhouse`.

    Made once, before the application starts. `ip` gives the client's address from the scope, where the application
    stands behind a proxy.
    """

    def __init__(self, app: FastAPI, verifier: Verifier, *, ip: Optional[AddressOf] = None) -> None:
        self._verifier = verifier
        self._ip = ip
        app.add_middleware(_Early, application=app)
        app.add_exception_handler(Refusal, _answer)

    def requires(self, **asked: Any) -> "Requires":
        """A dependency. Asks as `keyhouse.asks` takes them."""
        return Requires(self._verifier, asks(**asked), self._ip)


class Requires:
    """A dependency that lets a request on with its identity, or raises `Refusal`."""

    def __init__(self, verifier: Verifier, asked: Asks, ip: Optional[AddressOf]) -> None:
        self._verifier = verifier
        self._asks = asked
        self._ip = ip

    async def __call__(self, connection: HTTPConnection) -> Optional[Identity]:
        return (await self.decide(connection.scope)).identity

    async def decide(self, scope: Scope) -> Allowed:
        """The decision about this request, taken once. Raises Refusal."""
        decided: Dict[int, Allowed] = scope.setdefault(_DECIDED, {})
        if id(self) not in decided:
            seen = seen_in_scope(scope, self._ip)
            decision = await self._verifier.decide_async(seen, self._asks)
            if isinstance(decision, Refused):
                raise Refusal(decision)
            decided[id(self)] = decision
            scope.setdefault("state", {})["keyhouse"] = decision.identity
        return decided[id(self)]


class _Early:
    def __init__(self, app: App, application: FastAPI) -> None:
        self.app = app
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        decided: Dict[int, Allowed] = scope.setdefault(_DECIDED, {})
        try:
            for requires in self._needed(scope):
                await requires.decide(scope)
        except Refusal as refusal:
            return await send_refusal(scope, send, refusal.refused)

        async def send_with(message: Any) -> None:
            # Here, and not before: a dependency of a mounted application decides later.
            to = send
            for allowed in decided.values():
                to = adding(to, allowed.headers)
            await to(message)

        await self.app(scope, receive, send_with)

    def _needed(self, scope: Scope) -> List[Requires]:
        for route in self._application.router.routes:
            if route.matches(scope)[0] == Match.FULL:
                return list(_requirements(getattr(route, "dependant", None)))
        return []


def _requirements(dependant: Any) -> Iterator[Requires]:
    for inner in getattr(dependant, "dependencies", ()):
        if isinstance(inner.call, Requires):
            yield inner.call
        yield from _requirements(inner)


async def _answer(_request: Any, refusal: Any) -> Response:
    refused = refusal.refused
    response = Response(refused.body, refused.status)
    for name, value in refused.headers:
        response.headers[name] = value
    return response
