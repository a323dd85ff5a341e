"""The verifier against servers on this machine: secrets, forks, circuits, time."""

import asyncio
import json
import os
import pickle
import threading
import traceback
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, List

from keyhouse import Refused, Seen, Verifier, asks
from keyhouse.asgi import KeyhouseMiddleware
from keyhouse.verifier import FAILURES_MAX
from test_pure import ACCEPT, REFUSAL

TOKEN = "kh_live_" + "v" * 32
SEEN = Seen("GET", "/", [("Authorization", "Bearer kh_live_" + "c" * 32)], "192.0.2.1")
ANY = asks(all_of=[])


class Keyhouse:
    """A server that gives one answer and keeps what it was asked, with the connection it came on."""

    def __init__(self, verdict: Any = ACCEPT) -> None:
        asked: List[Any] = []
        self.asked = asked
        self.verdict = verdict
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((self.client_address[1], self.headers, json.loads(body)))
                answer = json.dumps(outer.verdict).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class VerifierTest(unittest.TestCase):
    def setUp(self) -> None:
        self.keyhouse = Keyhouse()
        self.addCleanup(self.keyhouse.close)
        self.verifier = Verifier([self.keyhouse.url + "/base/"], TOKEN, timeout=5)
        self.addCleanup(self.verifier.close)

    def test_asks_over_a_kept_connection_with_everything_it_was_told(self) -> None:
        made = asks(permission="servers:read", headers=["X-API-Key"])
        seen = Seen("GET", "/?token=x", [*SEEN.lines, ("Cookie", "c")], "::ffff:192.0.2.1")
        for _time in range(3):
            self.assertNotIsInstance(self.verifier.decide(seen, made), Refused)
        (port, headers, question), *others = self.keyhouse.asked
        self.assertEqual({port}, {one[0] for one in others})
        self.assertEqual(headers["Authorization"], f"Bearer {TOKEN}")
        self.assertEqual(
            question,
            {
                "headers": [list(SEEN.lines[0])],
                "further_headers": ["x-api-key"],
                "target": "/?token=x",
                "all_of": ["servers:read"],
                "any_of": [],
                "environment": "live",
                "cost": 1,
                "ip": "192.0.2.1",
            },
        )

    def test_row_39_leaves_a_question_by_route_to_the_rules_and_a_target_too_long_to_none(
        self,
    ) -> None:
        by_route = asks(by_route=True)
        for target, sent in (("/v1/servers?a=b", "/v1/servers?a=b"), ("/" + "a" * 20_000, "")):
            self.verifier.decide(Seen("PUT", target, [], None), by_route)
            question = self.keyhouse.asked[-1][2]
            route = {"method": "PUT", "target": sent}
            self.assertEqual(question, {"headers": [], "ip": None, "route": route})

    def test_rows_2_and_7_says_what_it_found_wrong_in_the_lines(self) -> None:
        many = Seen("GET", "/", [("X", "v")] * 101, None)
        joined = Seen("GET", "/", [("authorization", "Basic a,Bearer b")], None, joined=True)
        for seen, problem in ((many, "too_many"), (joined, "duplicate")):
            self.verifier.decide(seen, ANY)
            self.assertEqual(self.keyhouse.asked[-1][2]["problem"], problem)

    def test_never_remembers_a_decision(self) -> None:
        self.assertNotIsInstance(self.verifier.decide(SEEN, ANY), Refused)
        self.keyhouse.verdict = REFUSAL
        self.assertIsInstance(self.verifier.decide(SEEN, ANY), Refused)

    def test_a_forked_child_does_not_read_from_its_parents_connections(self) -> None:
        self.verifier.decide(SEEN, ANY)
        child = os.fork()
        if child == 0:
            os._exit(1 if isinstance(self.verifier.decide(SEEN, ANY), Refused) else 0)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.verifier.decide(SEEN, ANY)
        first, of_child, last = (port for port, _headers, _question in self.keyhouse.asked)
        self.assertEqual(first, last)
        self.assertNotEqual(first, of_child)

    def test_asks_a_keyhouse_that_is_gone_once_for_each_pause(self) -> None:
        self.keyhouse.close()
        with self.assertLogs("keyhouse", "WARNING") as logged:
            for _time in range(FAILURES_MAX + 3):
                self.assertIsInstance(self.verifier.decide(SEEN, ANY), Refused)
        self.assertEqual(len(logged.records), FAILURES_MAX)

    def test_shows_its_token_in_no_text(self) -> None:
        for wrong in ("", f"{TOKEN}\n", f"{TOKEN} x", TOKEN.encode(), None, "\u00e9"):
            with self.assertRaises(ValueError) as raised:
                Verifier([self.keyhouse.url], wrong)  # type: ignore[arg-type]
            self.assertNotIn(TOKEN, str(raised.exception))
        for url in (
            "ftp://a.example",
            "a.example",
            f"https://u:{TOKEN}@a.example",
            "https://a.example?b",
        ):
            with self.assertRaises(ValueError) as raised:
                Verifier([url], TOKEN)
            self.assertNotIn(TOKEN, str(raised.exception))
        shown = repr(self.verifier) + repr(vars(self.verifier)) + repr(SEEN)
        with self.assertRaises(TypeError):
            pickle.dumps(self.verifier)
        try:
            self.verifier.decide(SEEN, None)  # type: ignore[arg-type]
            raise RuntimeError
        except RuntimeError as error:
            shown += "".join(
                traceback.TracebackException.from_exception(error, capture_locals=True).format()
            )
        for secret in (TOKEN, "c" * 32):
            self.assertNotIn(secret, shown)


class AsgiTest(unittest.TestCase):
    """What no server here can bring about: WebSockets, and connections of a new type."""

    def setUp(self) -> None:
        self.keyhouse = Keyhouse(REFUSAL)
        self.addCleanup(self.keyhouse.close)
        verifier = Verifier([self.keyhouse.url], TOKEN, timeout=5)
        self.addCleanup(verifier.close)
        self.reached: List[Any] = []
        self.sent: List[Any] = []

        async def app(scope: Any, _receive: Any, _send: Any) -> None:
            self.reached.append(scope)

        self.middleware = KeyhouseMiddleware(app, verifier, by_route=True)

    def connect(self, **scope: Any) -> None:
        async def receive() -> Any:
            raise AssertionError("nothing is read before the decision")

        async def send(message: Any) -> None:
            self.sent.append(message)

        whole = {"path": "/live", "headers": [(b"authorization", b"Bearer x")], **scope}
        asyncio.run(self.middleware(whole, receive, send))

    def test_closes_a_websocket_that_may_not_before_it_opens(self) -> None:
        self.connect(type="websocket")
        self.assertEqual(self.sent, [{"type": "websocket.close", "code": 1008}])
        self.connect(type="websocket", extensions={"websocket.http.response": {}})
        self.assertEqual(self.sent[1]["status"], 401)
        self.assertEqual(self.reached, [])
        self.keyhouse.verdict = ACCEPT
        self.connect(type="websocket")
        self.assertEqual(self.reached[0]["state"]["keyhouse"].id, "tok_1")
        self.assertEqual(self.keyhouse.asked[-1][2]["route"], {"method": "GET", "target": "/live"})

    def test_lets_the_start_of_the_server_pass_and_nothing_unknown(self) -> None:
        self.connect(type="lifespan")
        self.assertEqual(len(self.reached), 1)
        with self.assertRaises(ValueError):
            self.connect(type="something new")
        self.assertEqual(len(self.reached), 1)

    def test_judges_the_path_that_the_application_reads_with_its_mount_prefix(self) -> None:
        for scope, target in (
            ({"path": "/v1/a", "raw_path": b"/v1/%61"}, "/v1/%61"),
            ({"path": "/a", "root_path": "/v1", "raw_path": b"/v1/a"}, "/v1/a"),
            ({"path": "/a", "root_path": "/v1", "raw_path": b"/other"}, "/v1/a"),
            ({"path": "/v1/a", "root_path": "/v1", "query_string": b"b=c"}, "/v1/a?b=c"),
        ):
            self.connect(type="http", method="GET", **scope)
            self.assertEqual(self.keyhouse.asked[-1][2]["route"]["target"], target)


if __name__ == "__main__":
    unittest.main()
