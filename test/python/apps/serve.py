"""python3 serve.py KIND URLS TIMEOUT: one application of a kind behind a verifier, on a free port that it prints.

The verifier's token comes in VERIFIER_TOKEN. Every view prints `view ran TARGET` first, so that a test sees which ran.
"""

import importlib
import os
import socket
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from keyhouse import Verifier


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        pass


def main() -> None:
    kind, urls, timeout = sys.argv[1:4]
    verifier = Verifier(urls.split(","), os.environ["VERIFIER_TOKEN"], timeout=float(timeout))
    module, _slash, mode = kind.partition("/")
    app = importlib.import_module(f"{module}_app").make(verifier, mode)
    if any(name in kind for name in ("fastapi", "asgi", "async")):
        import uvicorn

        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        print(f"port {listening.getsockname()[1]}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).run([listening])
    elif "flask" in kind:
        from werkzeug.serving import make_server as make_flask_server

        server = make_flask_server("127.0.0.1", 0, app, threaded=True)
        print(f"port {server.server_port}", flush=True)
        server.serve_forever()
    else:
        server = make_server("127.0.0.1", 0, app, Threaded, Quiet)
        print(f"port {server.server_port}", flush=True)
        server.serve_forever()


main()
