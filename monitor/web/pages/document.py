"""The machine door explained to people: read from its OpenAPI document, without any script."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from monitor.web.deps import PublicReading
from monitor.web.guard import public_router
from monitor.web.navigation import Page, show_public

router = public_router()


@router.get("/api/v1/docs")
def document(request: Request, ctx: PublicReading) -> Response:
    """Every address of the API with its fields and answers."""
    whole: dict[str, Any] = request.app.openapi()
    shapes = whole.get("components", {}).get("schemas", {})
    return show_public(
        request, ctx, "document.html", title="接口说明", paths=whole["paths"], shapes=shapes
    )


PAGE = Page(router, "接口说明")
