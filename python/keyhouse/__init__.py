"""Keyhouse for Python: asks a Keyhouse elsewhere whether a request may pass, and answers the others in its words.

Owns the question, finding the credential in what a framework gives, and the answer's way back; one module for each
framework. Refuses to remember a decision, to read a body before it is taken, and to show a token. Needs the standard
library alone; a framework's module imports that framework.
"""

from .asks import Asks, asks
from .decision import Allowed, Identity, Refusal, Refused
from .verifier import Seen, Verifier

__all__ = ["Allowed", "Asks", "Identity", "Refusal", "Refused", "Seen", "Verifier", "asks"]
