"""Picks the field lines that may carry a credential. Keyhouse looks for it in them, with the rules of every other door."""

from __future__ import annotations

import re
from typing import Dict, List, Sequence, Tuple

Lines = Sequence[Tuple[str, str]]

FIELD_LINES_MAX = 100
"""More field lines than this and the list may have been cut by the server that read it."""

VALUE_CHARACTERS_MAX = 4096
"""Longer than any credential, so that what is cut off can make none."""

_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_PARAMETER = re.compile(r"[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*=")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def credential_lines(lines: Lines, further: Sequence[str]) -> List[Tuple[str, str]]:
    """Of each name two lines at most: that there are two is all there is to say of more."""
    left: Dict[str, int] = dict.fromkeys(("authorization", *further), 2)
    picked: List[Tuple[str, str]] = []
    for name, value in lines:
        lower = name.translate(_ASCII_LOWER)
        if left.get(lower, 0) > 0:
            left[lower] -= 1
            picked.append((name, value[:VALUE_CHARACTERS_MAX]))
    return picked


def is_joined(lines: Lines) -> bool:
    """Whether a server has joined two `Authorization` lines with a comma, as WSGI has it.

    After the comma of one line only a parameter of its scheme may stand (Digest). A comma behind `Bearer` needs no look
    here: it is refused whatever it separates.
    """
    for name, value in lines:
        if name.translate(_ASCII_LOWER) != "authorization" or "," not in value:
            continue
        first, *rest = _QUOTED.sub("q", value).split(",")
        if not first.strip(" \t") or not all(map(_PARAMETER.match, rest)):
            return True
    return False
