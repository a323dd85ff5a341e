"""The answer about one request: who it is, or what to send instead of asking the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Tuple

Headers = Tuple[Tuple[str, str], ...]


@dataclass(frozen=True)
class Identity:
    """Whose token it is and what it may do, as `POST /v1/tokens/verify` says it."""

    id: str
    lineage_id: str
    name: str
    environment: Optional[str]
    owner: Mapping[str, Any]
    workspace: Mapping[str, Any]
    metadata: Mapping[str, Any]
    effective_permissions: Tuple[str, ...]
    rate_limit: Optional[Mapping[str, Any]]
    request_id: str

    def can(self, permission: str) -> bool:
        """Whether the token may do this too, beyond what the route asked."""
        resource, _colon, action = permission.partition(":")
        if not action or action == "*":
            return False
        held = self.effective_permissions
        return permission in held or f"{resource}:*" in held


@dataclass(frozen=True)
class Allowed:
    """The request may pass. `identity` is None where credentials are optional and were not ours."""

    identity: Optional[Identity]
    headers: Headers = ()


@dataclass(frozen=True)
class Refused:
    """What to send, in the words of the profile. The application is not asked."""

    status: int
    headers: Headers
    body: bytes
    code: str
    request_id: str
    foreign: bool = False
    """The request carries no credential of ours: an application with other ways to sign in may try those."""


class Refusal(Exception):
    """Carries a refusal through a framework that answers by exceptions. Its text is the code alone."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused


def with_headers(own: List[Tuple[str, str]], added: Headers) -> List[Tuple[str, str]]:
    """The application's own fields and ours. What it set itself stays; the names in `Vary` add up."""
    names = {name.lower() for name, _value in own}
    vary = [value for name, value in own if name.lower() == "vary"]
    merged = list(own)
    for name, value in added:
        if name.lower() != "vary":
            if name.lower() not in names:
                merged.append((name, value))
        elif value.lower() not in (one.strip().lower() for one in ",".join(vary).split(",")):
            merged = [pair for pair in merged if pair[0].lower() != "vary"]
            merged.append(("Vary", ", ".join([*vary, value])))
    return merged
