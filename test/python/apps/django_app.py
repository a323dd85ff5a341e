import sys

import django
from django.conf import settings
from django.http import JsonResponse
from django.urls import path


def make(verifier, mode):
    is_async, rules = mode.startswith("async"), mode.endswith("rules")
    middleware = ["django.middleware.csrf.CsrfViewMiddleware"]
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="for tests",
        KEYHOUSE_VERIFIER=verifier,
        MIDDLEWARE=["keyhouse.django.KeyhouseMiddleware"] if rules else middleware,
        LOGGING_CONFIG=None,
    )
    django.setup()
    from keyhouse.django import requires

    def ran(request, **more):
        print(f"view ran {request.get_full_path()}", flush=True)
        identity = request.keyhouse
        owner = None if identity is None else identity.owner["external_id"]
        return JsonResponse({"owner": owner, **more})

    def answer(request, name=None):
        if request.method == "POST":
            return ran(request, bytes=len(request.body))
        if request.path == "/v1/broken":
            raise RuntimeError("the view is broken")
        return ran(
            request, can=request.keyhouse is not None and request.keyhouse.can("servers:write")
        )

    async def answer_async(request, name=None):
        return answer(request, name)

    view = answer_async if is_async else answer
    bare = lambda **_asked: lambda view: view
    asks = bare if rules else requires
    read = asks(permission="servers:read")(view)
    write = asks(all_of=["servers:read", "servers:write"], cost=2)(view)

    def servers(request):
        return (write if request.method == "POST" else read)(request)

    async def servers_async(request):
        return await (write if request.method == "POST" else read)(request)

    both = servers_async if is_async else servers
    both.csrf_exempt = True
    sys.modules[__name__].urlpatterns = [
        path("v1/servers", both),
        path("v1/servers/<name>", read),
        path("v1/either", asks(any_of=["disks:read", "servers:read"], cost=0)(view)),
        path("v1/optional", asks(all_of=[], optional=True)(view)),
        path("v1/test", asks(all_of=[], environment="test")(view)),
        path("v1/keyed", asks(all_of=[], headers=["X-API-Key"])(view)),
        path("v1/broken", asks(all_of=[])(view)),
    ]
    if is_async:
        from django.core.asgi import get_asgi_application

        return get_asgi_application()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()
