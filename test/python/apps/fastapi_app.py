from fastapi import APIRouter, Body, Depends, FastAPI, Request

from keyhouse.asgi import KeyhouseMiddleware
from keyhouse.fastapi import Keyhouse


def ran(request: Request, **more):
    print(f"view ran {request.url.path}?{request.url.query}", flush=True)
    identity = request.state.keyhouse
    return {"owner": None if identity is None else identity.owner["external_id"], **more}


def make(verifier, mode):
    app = FastAPI()
    router = APIRouter()
    if mode == "rules":
        app.add_middleware(KeyhouseMiddleware, verifier=verifier, by_route=True)
        requires = lambda **_asked: lambda: None
    else:
        requires = Keyhouse(app, verifier).requires

    @app.get("/v1/servers")
    def servers(request: Request, _identity=Depends(requires(permission="servers:read"))):
        return ran(request, can=request.state.keyhouse.can("servers:write"))

    create_needs = requires(all_of=["servers:read", "servers:write"], cost=2)

    @router.post("/v1/servers", dependencies=[Depends(create_needs)])
    def create(request: Request, body: str = Body(media_type="text/plain")):
        return ran(request, bytes=len(body))

    @app.get("/v1/servers/{name}", dependencies=[Depends(requires(permission="servers:read"))])
    def server(request: Request, name: str):
        return ran(request, name=name)

    either_needs = requires(any_of=["disks:read", "servers:read"], cost=0)

    @app.get("/v1/either", dependencies=[Depends(either_needs)])
    async def either(request: Request):
        return ran(request)

    @app.get("/v1/optional", dependencies=[Depends(requires(all_of=[], optional=True))])
    async def optional(request: Request):
        return ran(request)

    @app.get("/v1/test", dependencies=[Depends(requires(all_of=[], environment="test"))])
    async def test(request: Request):
        return ran(request)

    @app.get("/v1/keyed", dependencies=[Depends(requires(all_of=[], headers=["X-API-Key"]))])
    async def keyed(request: Request):
        return ran(request)

    @app.get("/v1/broken", dependencies=[Depends(requires(all_of=[]))])
    async def broken():
        raise RuntimeError("the view is broken")

    app.include_router(router)
    return app
