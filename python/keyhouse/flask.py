"""Puts Keyhouse in front of the views of a Flask application."""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable, Optional, TypeVar, Union, cast

from flask import Blueprint, Flask, Response, after_this_request, current_app, g, request

from .asks import Asks, asks
from .decision import Headers, Refused, with_headers
from .verifier import Verifier
from .wsgi import AddressOf, seen_in_environ

View = TypeVar("View", bound=Callable[..., Any])


class Keyhouse:
    """`requires` in front of one view, `before_request` in front of all of an application or a blueprint.

    The identity is on `g.keyhouse`, None where credentials are optional and were not ours. `ip` gives the client's
    address from the environ, where the application stands behind a proxy.
    """

    def __init__(self, verifier: Verifier, *, ip: Optional[AddressOf] = None) -> None:
        self._verifier = verifier
        self._ip = ip

    def requires(self, **asked: Any) -> Callable[[View], View]:
        """Decorates a view, below `@app.route`. Asks as `keyhouse.asks` takes them."""
        checked = asks(**asked)

        def decorate(view: View) -> View:
            @wraps(view)
            def protected(*args: Any, **kwargs: Any) -> Any:
                refusal = self._refusal(checked)
                if refusal is not None:
                    return refusal
                return current_app.ensure_sync(view)(*args, **kwargs)

            return cast(View, protected)

        return decorate

    def before_request(self, app: Union[Flask, Blueprint], **asked: Any) -> None:
        """Decides before any view of the application or blueprint, unknown paths included."""
        checked = asks(**asked)
        app.before_request(lambda: self._refusal(checked))

    def _refusal(self, checked: Asks) -> Optional[Response]:
        decision = self._verifier.decide(seen_in_environ(request.environ, self._ip), checked)
        if isinstance(decision, Refused):
            refusal = Response(decision.body, decision.status)
            _set(refusal, decision.headers)
            return refusal
        g.keyhouse = decision.identity
        added = decision.headers

        def add(response: Response) -> Response:
            merged = with_headers(response.headers.to_wsgi_list(), added)
            response.headers.clear()
            response.headers.extend(merged)
            return response

        after_this_request(add)
        return None


def _set(response: Response, headers: Headers) -> None:
    for name, value in headers:
        response.headers[name] = value
