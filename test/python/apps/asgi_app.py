import json

from keyhouse.asgi import KeyhouseMiddleware


def make(verifier, _mode):
    async def app(scope, _receive, send):
        print(f"view ran {scope['path']}?{scope['query_string'].decode()}", flush=True)
        headers = [(b"content-type", b"application/json"), (b"vary", b"Origin")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = json.dumps({"owner": scope["state"]["keyhouse"].owner["external_id"]}).encode()
        await send({"type": "http.response.body", "body": body})

    return KeyhouseMiddleware(app, verifier, by_route=True)
