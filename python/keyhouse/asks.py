"""What a route asks of a request, checked when the route is declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Mapping, Optional, Tuple

_PERMISSION = re.compile(r"[a-z][a-z0-9_-]{0,31}:[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True)
class Asks:
    """The part of the question that does not depend on the request."""

    question: Mapping[str, object]
    by_route: bool
    optional: bool
    headers: Tuple[str, ...]


def asks(
    *,
    permission: Optional[str] = None,
    all_of: Optional[Iterable[str]] = None,
    any_of: Optional[Iterable[str]] = None,
    by_route: bool = False,
    environment: Optional[str] = None,
    cost: Optional[int] = None,
    headers: Iterable[str] = (),
    optional: bool = False,
) -> Asks:
    """Says what the token must be allowed to do, as every integration takes it by keyword.

    One of `permission`, `all_of` and `any_of` is needed, where `all_of=[]` says aloud that any valid token will do; or
    `by_route=True`, and the route rules of the profile in force say it. `environment` is `live` unless told, `cost` 1,
    and 0 asks without spending. `headers` are further headers that carry the bare token; `optional` lets requests
    without a credential of ours pass. Raises TypeError for asks that ask nothing, in two ways, or for no permission.
    """
    names = tuple(name.lower() for name in _listed("headers", headers))
    if by_route:
        said = ("permission", permission), ("all_of", all_of), ("any_of", any_of)
        for name, value in (*said, ("environment", environment), ("cost", cost)):
            if value is not None:
                raise TypeError(f"With by_route the rules of the profile say what {name} would.")
        return Asks({}, True, optional, names)
    if permission is None and all_of is None and any_of is None:
        raise TypeError(
            "Say what the token must be allowed to do: permission, all_of or any_of. all_of=[] takes any valid token,"
            " and by_route=True leaves it to the rules of the profile."
        )
    needed = ([] if permission is None else [permission]) + _listed("all_of", all_of or ())
    either = _listed("any_of", any_of or ())
    for one in needed + either:
        if not isinstance(one, str) or _PERMISSION.fullmatch(one) is None:
            raise TypeError(f"{one!r} is not a permission of the form resource:action.")
    if environment not in (None, "live", "test"):
        raise TypeError(f"environment is live or test, not {environment!r}.")
    if cost is not None and (isinstance(cost, bool) or not isinstance(cost, int) or cost < 0):
        raise TypeError(f"cost must be a whole number from 0, not {cost!r}.")
    question = {
        "all_of": needed,
        "any_of": either,
        "environment": environment or "live",
        "cost": 1 if cost is None else cost,
    }
    return Asks(question, False, optional, names)


def _listed(name: str, values: Iterable[str]) -> "list[str]":
    if isinstance(values, str):
        raise TypeError(f"{name} takes a list, not one text.")
    return list(values)
