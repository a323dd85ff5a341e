from flask import Flask, g, jsonify, request

from keyhouse.flask import Keyhouse


def ran(**more):
    print(f"view ran {request.full_path}", flush=True)
    identity = g.keyhouse
    return jsonify(owner=None if identity is None else identity.owner["external_id"], **more)


def make(verifier, mode):
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    keyhouse = Keyhouse(verifier)
    requires = keyhouse.requires
    if mode == "rules":
        keyhouse.before_request(app, by_route=True)
        requires = lambda **_asked: lambda view: view

    @app.get("/v1/servers")
    @requires(permission="servers:read")
    def servers():
        return ran(can=g.keyhouse.can("servers:write"))

    @app.post("/v1/servers")
    @requires(all_of=["servers:read", "servers:write"], cost=2)
    def create():
        return ran(bytes=len(request.get_data()))

    @app.get("/v1/servers/<name>")
    @requires(permission="servers:read")
    def server(name):
        return ran(name=name)

    @app.get("/v1/either")
    @requires(any_of=["disks:read", "servers:read"], cost=0)
    async def either():
        return ran()

    @app.get("/v1/optional")
    @requires(all_of=[], optional=True)
    def optional():
        return ran()

    @app.get("/v1/test")
    @requires(all_of=[], environment="test")
    def test():
        return ran()

    @app.get("/v1/keyed")
    @requires(all_of=[], headers=["X-API-Key"])
    def keyed():
        return ran()

    @app.get("/v1/broken")
    @requires(all_of=[])
    def broken():
        raise RuntimeError("the view is broken")

    return app
