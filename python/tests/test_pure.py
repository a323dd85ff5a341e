"""What needs no network: asks, lines, targets, verdicts, headers."""

import json
import unittest

from keyhouse import asks
from keyhouse.decision import Identity, Refused, with_headers
from keyhouse.lines import credential_lines, is_joined
from keyhouse.target import target_of
from keyhouse.verdict import NoVerdict, read_verdict, unavailable

TOKEN = {
    "id": "tok_1",
    "lineage_id": "lin_1",
    "name": "ci",
    "environment": "live",
    "owner": {"external_id": "user-42"},
    "workspace": {"external_id": "org-7"},
    "metadata": {},
    "effective_permissions": ["servers:read", "disks:*"],
}
ACCEPT = {
    "allowed": True,
    "code": "ok",
    "request_id": "req_1",
    "headers": {"X-Request-Id": "req_1", "Vary": "Authorization"},
    "token": TOKEN,
    "rate_limit": None,
}
REFUSAL = {
    "allowed": False,
    "code": "invalid_token",
    "request_id": "req_2",
    "response": {"status": 401, "headers": {"X-A": "b"}, "body": {"detail": "h\u00e9"}},
}


class AsksTest(unittest.TestCase):
    def test_say_what_is_needed_and_what_it_costs(self) -> None:
        made = asks(permission="servers:read", all_of=["servers:write"], headers=["X-API-Key"])
        self.assertEqual(made.question["all_of"], ["servers:read", "servers:write"])
        self.assertEqual((made.question["environment"], made.question["cost"]), ("live", 1))
        self.assertEqual(made.headers, ("x-api-key",))
        self.assertEqual(asks(all_of=[], cost=0, environment="test").question["cost"], 0)

    def test_refuse_to_ask_nothing_in_two_ways_or_for_what_is_no_permission(self) -> None:
        for wrong in (
            {},
            {"permission": "servers"},
            {"permission": "servers:*"},
            {"all_of": "servers:read"},
            {"any_of": [1]},
            {"by_route": True, "all_of": []},
            {"by_route": True, "cost": 1},
            {"by_route": True, "environment": "live"},
            {"all_of": [], "environment": "prod"},
            {"all_of": [], "cost": -1},
            {"all_of": [], "cost": 0.5},
            {"all_of": [], "cost": True},
            {"all_of": [], "headers": "X-API-Key"},
        ):
            with self.assertRaises(TypeError, msg=str(wrong)):
                asks(**wrong)


class LinesTest(unittest.TestCase):
    def test_send_of_each_name_two_lines_at_most(self) -> None:
        lines = [
            ("AUTHORIZATION", "a"),
            ("Cookie", "c"),
            ("authorization", "b"),
            ("x-api-key", "k"),
        ]
        self.assertEqual(credential_lines(lines, []), [lines[0], lines[2]])
        self.assertEqual(credential_lines(lines * 3, ["x-api-key"])[2:], [lines[3], lines[3]])
        self.assertEqual(len(credential_lines([("Authorization", "a" * 9000)], [])[0][1]), 4096)
        # The Kelvin sign is no letter K of ASCII.
        self.assertEqual(credential_lines([("\u212aey", "a")], ["key"]), [])

    def test_row_2_see_that_a_server_has_joined_two_lines(self) -> None:
        for joined in (
            "Basic dTpw,Bearer t",
            "Basic dTpw, Bearer t",
            "Basic dTpw,",
            ",Bearer t",
            'Digest a="b",Bearer t',
            'Digest a="b", Negotiate',
            "Negotiate,Basic dTpw",
        ):
            self.assertTrue(is_joined([("authorization", joined)]), joined)
        for single in (
            "",
            "Bearer t",
            'Digest username="u", realm="a, Bearer b"',
            'Digest username="u", qop=auth, uri="/a,b"',
            "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;range, Signature=c",
        ):
            self.assertFalse(is_joined([("AUTHORIZATION", single)]), single)
        self.assertFalse(is_joined([("accept", "a, b")]))


class TargetTest(unittest.TestCase):
    def test_is_what_was_sent_where_that_is_what_the_application_reads(self) -> None:
        self.assertEqual(target_of(b"/a b", "q=1", "/a%20b?q=1"), "/a%20b?q=1")
        self.assertEqual(target_of(b"/servers", "", "/%73ervers"), "/%73ervers")

    def test_row_39_is_otherwise_the_path_that_the_application_reads(self) -> None:
        self.assertEqual(target_of(b"/admin", "", "/public"), "/admin")
        self.assertEqual(target_of(b"/admin", "", "http://a.example/admin"), "/admin")
        self.assertEqual(target_of(b"/a%2fb", "", None), "/a%252fb")
        self.assertEqual(target_of(b"/a\\b?\x00\xe9", "x=%zz", None), "/a%5Cb%3F%00%E9?x=%zz")


class VerdictTest(unittest.TestCase):
    def test_reads_an_accept_with_identity_and_headers(self) -> None:
        allowed = read_verdict(json.dumps(ACCEPT).encode())
        identity = allowed.identity
        assert isinstance(identity, Identity)
        self.assertEqual((identity.owner["external_id"], identity.request_id), ("user-42", "req_1"))
        self.assertIn(("X-Request-Id", "req_1"), allowed.headers)
        held = ["servers:read", "servers:write", "disks:x", "disks:*", "disks:", "disks"]
        self.assertEqual(
            [identity.can(one) for one in held], [True, False, True, False, False, False]
        )

    def test_reads_a_refusal_as_it_is_to_be_sent(self) -> None:
        refused = read_verdict(json.dumps(REFUSAL).encode())
        assert isinstance(refused, Refused)
        self.assertEqual((refused.status, refused.body), (401, '{"detail":"h\u00e9"}'.encode()))
        self.assertEqual(refused.headers, (("X-A", "b"), ("Content-Length", "16")))
        self.assertFalse(refused.foreign)

    def test_takes_nothing_else_for_a_verdict(self) -> None:
        for part in ("allowed", "code", "request_id", "headers", "token", "rate_limit"):
            for whole in (ACCEPT, REFUSAL):
                if part not in whole:
                    continue
                for value in (None, 1, "x", [], {}, True, False):
                    changed = {**whole, part: value}
                    is_whole = (part, value) == ("rate_limit", None) or isinstance(
                        whole[part], type(value)
                    )
                    if is_whole and part in ("headers", "rate_limit", "request_id"):
                        continue
                    if whole is REFUSAL and part == "code" and value == "x":
                        continue
                    if value is whole[part] or (part == "rate_limit" and value == {}):
                        continue
                    with self.assertRaises(NoVerdict, msg=f"{part}={value!r}"):
                        read_verdict(json.dumps(changed).encode())
        for part in TOKEN:
            short = {key: value for key, value in TOKEN.items() if key != part}
            with self.assertRaises(NoVerdict, msg=part):
                read_verdict(json.dumps({**ACCEPT, "token": short}).encode())
        for answer in (b"", b"{", b"[]", b"true", b"\xff", b"[" * 100_000):
            with self.assertRaises(NoVerdict):
                read_verdict(answer)

    def test_row_75_says_503_in_its_own_words_or_in_the_companys(self) -> None:
        refused = unavailable(None, "req_3")
        self.assertEqual(json.loads(refused.body)["code"], "authority_unavailable")
        self.assertIn(("Content-Type", "application/problem+json"), refused.headers)
        self.assertEqual(unavailable({"error": "later"}, "req_4").body, b'{"error":"later"}')


class HeadersTest(unittest.TestCase):
    def test_leave_the_applications_own_and_add_the_names_in_vary(self) -> None:
        own = [("Content-Type", "a/b"), ("vary", "Origin"), ("X-Request-Id", "its own")]
        added = (("X-Request-Id", "req_1"), ("Vary", "Authorization"), ("RateLimit", "r"))
        self.assertEqual(
            with_headers(own, added),
            [
                ("Content-Type", "a/b"),
                ("X-Request-Id", "its own"),
                ("Vary", "Origin, Authorization"),
                ("RateLimit", "r"),
            ],
        )
        once = with_headers([("Vary", "authorization, Origin")], (("Vary", "Authorization"),))
        self.assertEqual(once, [("Vary", "authorization, Origin")])


if __name__ == "__main__":
    unittest.main()
