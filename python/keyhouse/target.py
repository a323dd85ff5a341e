"""The request target as the application will read it, for the rules of routes to judge."""

from __future__ import annotations

from typing import Optional
from urllib.parse import quote, unquote_to_bytes

_PLAIN = "/~!$&'()*+,;=:@-._"


def target_of(path: bytes, query: str, raw: Optional[str]) -> str:
    """Path and query as they were sent, if they decode to `path`, by which the application routes; else `path` itself.

    `path` is decoded, with the mount prefix. With `raw` its escapes are seen, and a rule can refuse a needless one;
    without it, what an escape became is what the application sees too.
    """
    sent = None if raw is None else raw.partition("?")[0]
    if sent is not None and sent.isascii() and unquote_to_bytes(sent) == path:
        spelled = sent
    else:
        spelled = quote(path, safe=_PLAIN)
    return f"{spelled}?{query}" if query else spelled
