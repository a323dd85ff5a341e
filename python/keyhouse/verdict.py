"""Reads what Keyhouse answered. Whatever is not exactly a verdict is none."""

from __future__ import annotations

import json
import re
from typing import Any, Mapping, Optional, Union

from .decision import Allowed, Headers, Identity, Refused

_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE = re.compile("[\x20-\x7e\x80-\xff\t]*")


class NoVerdict(Exception):
    """What came back is no verdict. The text says why and holds nothing of the answer."""


def read_verdict(answer: bytes) -> Union[Allowed, Refused]:
    """The decision in the body of a 200. Raises NoVerdict."""
    try:
        verdict = json.loads(answer)
        if verdict["allowed"] is True and verdict["code"] == "ok":
            return _allowed(verdict)
        if verdict["allowed"] is False:
            return _refused(verdict)
    except (ValueError, TypeError, LookupError, RecursionError):
        pass
    raise NoVerdict("the answer is no verdict")


def unavailable(body: Optional[object], request_id: str) -> Refused:
    """The refusal of a door that cannot ask, in the neutral profile's words unless the company has given its own."""
    problem = {
        "type": "https://keyhouse.example/errors/authority_unavailable",
        "title": "Authentication unavailable",
        "status": 503,
        "code": "authority_unavailable",
        "detail": "This token cannot be checked at the moment. Retry after 5 s.",
        "retry_after": 5,
        "request_id": request_id,
    }
    kind = "application/problem+json" if body is None else "application/json"
    headers = (
        ("Content-Type", kind),
        ("Cache-Control", "no-store"),
        ("Retry-After", "5"),
        ("Vary", "Authorization"),
        ("X-Request-Id", request_id),
    )
    text = _json(problem if body is None else body)
    return Refused(503, _measured(headers, text), text, "authority_unavailable", request_id)


def _allowed(verdict: Mapping[str, Any]) -> Allowed:
    token = verdict["token"]
    limit = verdict["rate_limit"]
    request_id = _text(verdict["request_id"])
    identity = Identity(
        id=_text(token["id"]),
        lineage_id=_text(token["lineage_id"]),
        name=_text(token["name"]),
        environment=None if token["environment"] is None else _text(token["environment"]),
        owner=_object(token["owner"]),
        workspace=_object(token["workspace"]),
        metadata=_object(token["metadata"]),
        effective_permissions=tuple(_text(one) for one in token["effective_permissions"]),
        rate_limit=None if limit is None else _object(limit),
        request_id=request_id,
    )
    return Allowed(identity, _headers(verdict["headers"]))


def _refused(verdict: Mapping[str, Any]) -> Refused:
    response = verdict["response"]
    status = response["status"]
    if not isinstance(status, int) or not 400 <= status <= 599:
        raise ValueError
    body = _json(response["body"])
    return Refused(
        status,
        _measured(_headers(response["headers"]), body),
        body,
        _text(verdict["code"]),
        _text(verdict["request_id"]),
        verdict.get("foreign") is True,
    )


def _headers(value: Any) -> Headers:
    fields = _object(value).items()
    for name, value in fields:
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise ValueError
    return tuple(fields)


def _measured(headers: Headers, body: bytes) -> Headers:
    others = (pair for pair in headers if pair[0].lower() != "content-length")
    return (*others, ("Content-Length", str(len(body))))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
