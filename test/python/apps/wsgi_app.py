import json

from keyhouse.wsgi import KeyhouseMiddleware


def make(verifier, _mode):
    def app(environ, start_response):
        print(f"view ran {environ['PATH_INFO']}?{environ['QUERY_STRING']}", flush=True)
        start_response("200 OK", [("Content-Type", "application/json"), ("Vary", "Origin")])
        return [json.dumps({"owner": environ["keyhouse"].owner["external_id"]}).encode()]

    return KeyhouseMiddleware(app, verifier, by_route=True)
