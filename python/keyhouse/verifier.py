"""Asks a Keyhouse elsewhere about every request. Nothing is remembered between two requests but open connections."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import os
import re
import secrets
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable, Dict, Optional, Sequence, Tuple, Union

from .asks import Asks
from .connections import Place
from .decision import Allowed, Refused
from .lines import FIELD_LINES_MAX, Lines, credential_lines, is_joined
from .verdict import NoVerdict, read_verdict, unavailable

_log = logging.getLogger("keyhouse")

FAILURES_MAX = 3
"""After so many failures in a row a Keyhouse is asked by one request for each pause, until it answers."""
PAUSE_SECONDS = 1.0
THREADS_MAX = 32
TARGET_CHARACTERS_MAX = 16_384
"""A longer target is sent as none, of which no rule speaks: a part of it might be the path of another rule."""


@dataclass(frozen=True, repr=False)
class Seen:
    """A request as far as a framework gives it. Has no text of its own: `lines` hold the credential."""

    method: str
    target: str
    lines: Lines
    ip: Optional[str]
    joined: bool = False


class Verifier:
    """The check in front of an application, by `POST /v1/tokens/verify` of one of several equal Keyhouses.

    `urls` are tried in order; `token` needs `keyhouse-tokens:verify`. `timeout` is for everything together, in seconds,
    connecting and failing over included; looking a host name up is the system's and not bounded by it. Whatever fails
    is a refusal, 503. `path` is where the profile puts the operation; `unavailable_body` the company's own JSON for the
    503. Threads, event loops and processes forked later may share a verifier.
    """

    def __init__(
        self,
        urls: Sequence[str],
        token: str,
        *,
        timeout: float = 2.0,
        path: str = "/v1/tokens/verify",
        unavailable_body: Optional[object] = None,
        context: Optional[ssl.SSLContext] = None,
    ) -> None:
        if isinstance(urls, str) or not urls:
            raise TypeError("urls takes a list with at least one URL.")
        if not isinstance(token, str) or re.fullmatch(r"[\x21-\x7e]{1,512}", token) is None:
            raise ValueError("token must be one unbroken piece of text; is its variable set?")
        if not timeout > 0:
            raise ValueError("timeout must be more than 0 seconds.")
        self._authorization = _Secret(f"Bearer {token}")
        self._places = tuple(_Guarded(Place(url, path, context)) for url in urls)
        self._timeout = timeout
        self._unavailable_body = unavailable_body
        self._threads: Optional[Tuple[int, ThreadPoolExecutor]] = None

    def __repr__(self) -> str:
        return f"Verifier({', '.join(place.name for place in self._places)})"

    def decide(self, seen: Seen, asks: Asks) -> Union[Allowed, Refused]:
        """The decision about one request. Never raises on account of a request or an outage: those are refusals."""
        return self._decide(seen, asks, time.monotonic() + self._timeout)

    async def decide_async(self, seen: Seen, asks: Asks) -> Union[Allowed, Refused]:
        """The same for an event loop: a thread asks, and waiting for a free one counts towards the deadline."""
        deadline = time.monotonic() + self._timeout
        loop = asyncio.get_running_loop()
        try:
            asked = loop.run_in_executor(self._executor(), self._decide, seen, asks, deadline)
            return await asyncio.wait_for(asked, self._timeout)
        except (asyncio.TimeoutError, RuntimeError):
            return self._unavailable()

    def close(self) -> None:
        """Ends the kept connections and threads. A later question opens new ones."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads[1].shutdown(wait=False)
        for place in self._places:
            place.place.close()

    def _decide(self, seen: Seen, asks: Asks, deadline: float) -> Union[Allowed, Refused]:
        try:
            body = json.dumps(_question(seen, asks)).encode()
            decision = self._ask(body, deadline) or self._unavailable()
            is_anothers = isinstance(decision, Refused) and decision.foreign
            return Allowed(None) if asks.optional and is_anothers else decision
        except Exception as error:  # whatever else goes wrong must not become an accept
            _log.error("A request could not be checked: %s", type(error).__name__)
            return self._unavailable()

    def _ask(self, body: bytes, deadline: float) -> Union[Allowed, Refused, None]:
        headers = {
            "Authorization": self._authorization.value,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        for index, guarded in enumerate(self._places):
            now = time.monotonic()
            if now >= deadline:
                return None
            if not guarded.may_ask(now):
                continue
            share = (deadline - now) / (len(self._places) - index)
            try:
                status, answer = guarded.place.post(body, headers, now + share)
                if status == 200:
                    verdict = read_verdict(answer)
                    guarded.answered()
                    return verdict
                if status >= 500:
                    raise NoVerdict(f"status {status}")
                guarded.answered()
                _log.error(
                    "Keyhouse at %s does not answer this verifier: status %d. Does its token hold keyhouse-tokens:verify?",
                    guarded.name,
                    status,
                )
            except NoVerdict as error:
                guarded.failed(str(error))
            except Exception as error:  # an error's text may quote what was sent
                guarded.failed(type(error).__name__)
        return None

    def _unavailable(self) -> Refused:
        return unavailable(self._unavailable_body, f"req_{secrets.token_urlsafe(15)}")

    def _executor(self) -> ThreadPoolExecutor:
        threads = self._threads
        if threads is None or threads[0] != os.getpid():
            threads = (os.getpid(), ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="keyhouse"))
            self._threads = threads
        return threads[1]


class _Secret:
    """A text that shows itself to nobody who prints the variables of a frame or an object."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> str:
        raise TypeError("A verifier's token is not to be stored.")


class _Guarded:
    """A Keyhouse behind a circuit breaker."""

    def __init__(self, place: Place, clock: Callable[[], float] = time.monotonic) -> None:
        self.place = place
        self.name = place.name
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0

    def may_ask(self, now: float) -> bool:
        if self._failures < FAILURES_MAX:
            return True
        if now < self._closed_until:
            return False
        self._closed_until = now + PAUSE_SECONDS
        return True

    def answered(self) -> None:
        self._failures = 0

    def failed(self, why: str) -> None:
        self._failures += 1
        self._closed_until = self._clock() + PAUSE_SECONDS
        _log.warning("Keyhouse at %s gave no verdict: %s", self.name, why)


def _question(seen: Seen, asks: Asks) -> Dict[str, object]:
    target = "" if len(seen.target) > TARGET_CHARACTERS_MAX else seen.target
    question: Dict[str, object] = dict(asks.question)
    question["headers"] = credential_lines(seen.lines, asks.headers)
    question["ip"] = _address(seen.ip)
    if asks.headers:
        question["further_headers"] = asks.headers
    if asks.by_route:
        question["route"] = {"method": seen.method, "target": target}
    elif "?" in target:
        question["target"] = target
    if len(seen.lines) > FIELD_LINES_MAX:
        question["problem"] = "too_many"
    elif seen.joined and is_joined(seen.lines):
        question["problem"] = "duplicate"
    return question


def _address(text: Optional[str]) -> Optional[str]:
    """None for what is no address, so that restricted tokens are refused rather than the question."""
    try:
        address = ipaddress.ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)
