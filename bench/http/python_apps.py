"""Two small applications for a comparison, each with the check in front of it where KEYHOUSE_URL says whom to ask."""

import json
import os

from keyhouse import Verifier
from keyhouse.asgi import KeyhouseMiddleware as AsgiMiddleware
from keyhouse.wsgi import KeyhouseMiddleware as WsgiMiddleware

SERVERS = json.dumps({"servers": [{"name": "web-1"}]}).encode()
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(SERVERS)))]
ENCODED = [(name.lower().encode(), value.encode()) for name, value in HEADERS]


def wsgi(environ, start_response):
    start_response("200 OK", list(HEADERS))
    return [SERVERS]


async def asgi(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": list(ENCODED)})
    await send({"type": "http.response.body", "body": SERVERS})


url = os.environ.get("KEYHOUSE_URL", "")
if url:
    verifier = Verifier([url], os.environ["VERIFIER_TOKEN"])
    wsgi = WsgiMiddleware(wsgi, verifier, permission="servers:read")
    asgi = AsgiMiddleware(asgi, verifier, permission="servers:read")
