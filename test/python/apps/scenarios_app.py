"""The same small application in each framework: the routes of ROUTES, each with what it asks, answer with who calls."""

import json
import os
import sys

ROUTES = json.loads(os.environ.get("ROUTES", "[]"))
NAMES = {"allOf": "all_of", "anyOf": "any_of", "byRoute": "by_route"}


def asked(options):
    given = {NAMES.get(name, name): value for name, value in options.items()}
    optional = given.pop("credentials", None) == "optional"
    return {**given, "optional": optional}


def seen(target, identity):
    print(f"view ran {target}", flush=True)
    if identity is None:
        return {"by": None, "may": None}
    return {"by": identity.owner["external_id"], "may": list(identity.effective_permissions)}


def make(verifier, mode):
    return {"flask": flask, "django": django, "async": django, "fastapi": fastapi}[mode](
        verifier, mode
    )


def flask(verifier, _mode):
    from flask import Flask, g, request

    from keyhouse.flask import Keyhouse

    app = Flask(__name__)
    keyhouse = Keyhouse(verifier)
    for at, route in enumerate(ROUTES):
        view = keyhouse.requires(**asked(route["options"]))(lambda: seen(request.path, g.keyhouse))
        app.add_url_rule(route["path"], f"view_{at}", view)
    return app


def django(verifier, mode):
    import django
    from django.conf import settings
    from django.core.asgi import get_asgi_application
    from django.core.wsgi import get_wsgi_application
    from django.http import JsonResponse
    from django.urls import path

    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="for tests",
        KEYHOUSE_VERIFIER=verifier,
        LOGGING_CONFIG=None,
    )
    django.setup()
    from keyhouse.django import requires

    def view(request):
        return JsonResponse(seen(request.path, request.keyhouse))

    async def view_async(request):
        return view(request)

    chosen = view_async if mode == "async" else view
    sys.modules[__name__].urlpatterns = [
        path(route["path"][1:], requires(**asked(route["options"]))(chosen)) for route in ROUTES
    ]
    return get_asgi_application() if mode == "async" else get_wsgi_application()


def fastapi(verifier, _mode):
    from fastapi import Depends, FastAPI, Request

    from keyhouse.fastapi import Keyhouse

    app = FastAPI()
    keyhouse = Keyhouse(app, verifier)

    async def view(request: Request):
        return seen(request.url.path, request.state.keyhouse)

    for route in ROUTES:
        needs = [Depends(keyhouse.requires(**asked(route["options"])))]
        app.get(route["path"], dependencies=needs)(view)
    return app
