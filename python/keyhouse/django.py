"""Puts Keyhouse in front of the views of a Django application, synchronous and asynchronous.

Settings: `KEYHOUSE_VERIFIER`, a `keyhouse.Verifier`; `KEYHOUSE_ADDRESS`, a function from the request to the client's
address, where the application stands behind a proxy; `KEYHOUSE_ASKS`, what the middleware asks, `{"by_route": True}`
unless told.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import Any, Callable, TypeVar, Union, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from .asgi import seen_in_scope
from .asks import Asks, asks
from .decision import Allowed, Refused, with_headers
from .verifier import Seen, Verifier
from .wsgi import seen_in_environ

View = TypeVar("View", bound=Callable[..., Any])


def requires(**asked: Any) -> Callable[[View], View]:
    """Decorates a view, outside every other decorator. Asks as `keyhouse.asks` takes them.

    The identity is on `request.keyhouse`. A view that takes no other credential needs no CSRF token either: no page of
    another origin can make a browser send a bearer token.
    """
    made = asks(**asked)

    def decorate(view: View) -> View:
        protected = _in_front(view, made)
        if not made.optional:
            protected.csrf_exempt = True
        return cast(View, protected)

    return decorate


@sync_and_async_middleware  # type: ignore[misc]
def KeyhouseMiddleware(get_response: Callable[[HttpRequest], Any]) -> Callable[..., Any]:
    """Decides about every request, also of paths without a view. Stands above whatever reads the body."""
    made = asks(**getattr(settings, "KEYHOUSE_ASKS", {"by_route": True}))
    return cast("Callable[..., Any]", _in_front(get_response, made))


def _in_front(view: Callable[..., Any], made: Asks) -> Any:
    if asyncio.iscoroutinefunction(view):

        @wraps(view)
        async def protected_async(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            verifier = _verifier()
            decision = await verifier.decide_async(_seen(request), made)
            if isinstance(decision, Refused):
                return _refusal(request, decision)
            request.keyhouse = decision.identity
            return _with(await view(request, *args, **kwargs), decision)

        return protected_async

    @wraps(view)
    def protected(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        verifier = _verifier()
        decision = verifier.decide(_seen(request), made)
        if isinstance(decision, Refused):
            return _refusal(request, decision)
        request.keyhouse = decision.identity
        return _with(view(request, *args, **kwargs), decision)

    return protected


def _verifier() -> Verifier:
    verifier = getattr(settings, "KEYHOUSE_VERIFIER", None)
    if not isinstance(verifier, Verifier):
        raise TypeError("The setting KEYHOUSE_VERIFIER is a keyhouse.Verifier.")
    return verifier


def _seen(request: HttpRequest) -> Seen:
    address = getattr(settings, "KEYHOUSE_ADDRESS", None)
    ip = None if address is None else lambda _source: address(request)
    scope = getattr(request, "scope", None)
    return seen_in_environ(request.environ, ip) if scope is None else seen_in_scope(scope, ip)


def _refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    body = b"" if request.method == "HEAD" else refused.body
    response = HttpResponse(body, status=refused.status)
    for name, value in refused.headers:
        response[name] = value
    return response


def _with(response: Union[HttpResponse, Any], allowed: Allowed) -> Any:
    merged = with_headers(list(response.items()), allowed.headers)
    for name, value in merged:
        response[name] = value
    return response
