"""A page with one form of each kind, to try the guard on."""

from typing import Annotated

from fastapi import FastAPI, Form
from pydantic import BaseModel

from monitor.domain.errors import Refused, Stale
from monitor.domain.vocabulary import Role
from monitor.web.deps import Ctx, Number, PublicCtx, Seen
from monitor.web.guard import desk_router, machine_router, public_router


class Note(BaseModel):
    """A form as pages declare it."""

    text: str
    tags: list[str] = []


def add_toys(app: FastAPI) -> None:
    """Give the application its toy page."""
    staff, public, machine = desk_router(Role.DUTY), public_router(), machine_router()

    @staff.post("/desk/note")
    def note(ctx: Ctx, form: Annotated[Note, Form()]) -> dict[str, object]:
        return {"text": form.text, "tags": form.tags}

    @staff.post("/desk/orders/{number}/toy")
    def stale(ctx: Ctx, number: Number, seen: Seen, text: Annotated[str, Form()]) -> None:
        raise Stale("周（zhou）在 10:02 改过这张工单：签收。", remedy="请看对照后，在新版上继续。")

    @public.post("/write")
    def write(ctx: PublicCtx, text: Annotated[str, Form()]) -> dict[str, str]:
        return {"text": text}

    @machine.post("/api/v1/toy")
    def take(ctx: Ctx, note: Note) -> str:
        raise Refused("够了。")

    for router in (staff, public, machine):
        app.include_router(router)


def post(client, path="/desk/note", shown_on="/desk/me", headers=None, **fields):
    data = {"csrf_token": client.token(shown_on), "text": "a", **fields}
    return client.post(path, data=data, headers=headers)
