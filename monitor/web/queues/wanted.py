"""The address of the list of orders: words, filters, likeness, columns, page."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl

from pydantic import BaseModel, Field, ValidationError

from monitor.domain.errors import Incomplete
from monitor.storage.index import tokens
from monitor.web.queues.asked import LARGEST
from monitor.web.queues.rows import link

PATH = "/desk/search"
PAGES = (30, 100, 500)
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]+", re.IGNORECASE)
_NO_FILTER = frozenset({"cols", "per", "view", "all"})


class Asked(BaseModel):
    """What the address of the list may say; with a figure, the filters are the figure's."""

    q: str = Field(default="", max_length=200)
    like: str = Field(default="", max_length=32)
    state: str = Field(default="", max_length=20)
    channel: str = Field(default="", max_length=20)
    section: str = Field(default="", max_length=64)
    topic: str = Field(default="", max_length=64)
    urgency: str = Field(default="", max_length=20)
    first: str = Field(default="", max_length=10, alias="from")
    last: str = Field(default="", max_length=10, alias="to")
    late: str = Field(default="", max_length=4)
    figure: str = Field(default="", max_length=64)
    month: str = Field(default="", max_length=10)
    as_of: str = Field(default="", max_length=40)
    historical: str = Field(default="", max_length=4)
    cols: str = Field(default="", max_length=400)
    per: str = Field(default="", max_length=4)
    view: str = Field(default="", max_length=36)
    all: str = Field(default="", max_length=1)
    picked: str = Field(default="", max_length=4)
    after: str = Field(default="", max_length=32)
    n: int = Field(default=0, ge=0, le=LARGEST)

    def given(self, **changes: object) -> dict[str, object]:
        """Everything but the page, as it stands in an address."""
        told = self.model_dump(by_alias=True, exclude={"after", "n", "picked"})
        return {**told, **changes}

    def address(self, path: str = PATH, **changes: object) -> str:
        """The address of this list, with changes; its first page."""
        return link(path, **self.given(**changes))

    def kept(self, *own: str) -> dict[str, object]:
        """What a form carries along that has fields of its own for these."""
        return {name: value for name, value in self.given().items() if value and name not in own}

    @property
    def as_view(self) -> str:
        """Filters and columns alone, as a saved view holds them."""
        return link("", **self.given(view="", all="")).removeprefix("?")

    @property
    def bare(self) -> bool:
        """Whether the address asks for nothing at all."""
        return not any(self.given().values()) and not self.after

    @property
    def filters(self) -> dict[str, object]:
        """What narrows the list, without how it is drawn."""
        return {
            name: told for name, told in self.given().items() if told and name not in _NO_FILTER
        }

    @property
    def most(self) -> int:
        """How many stand on a page."""
        return int(self.per) if self.per in map(str, PAGES) else PAGES[0]

    @property
    def columns(self) -> list[str]:
        """The columns named, in their order."""
        return [code for code in self.cols.split(",") if code]

    @property
    def words(self) -> str:
        """The query with narrow letters and figures, without the blanks around it."""
        return tokens.fold(self.q).strip()

    @property
    def hits(self) -> Sequence[str]:
        """The runs of the query that a text must hold, for marking them."""
        return [self.words, *_RUN.findall(self.words)] if self.words else ()

    @property
    def says_nothing(self) -> bool:
        """Whether the query holds no character that can be looked for."""
        return bool(self.words) and not tokens.searchable(self.words)

    def figure_params(self) -> dict[str, str]:
        """The parameters that make the address of a number."""
        names = ("figure", "from", "to", "as_of", "historical", "channel", "section", "topic")
        told = self.given()
        return {name: str(told[name]) for name in (*names, "month") if told[name]}


def read(query: str) -> Asked:
    """The list that a query string asks for; Incomplete when it is none."""
    try:
        return Asked.model_validate(dict(parse_qsl(query.removeprefix("?"))))
    except ValidationError:
        raise Incomplete("这个地址不是工单列表的地址。", remedy="请回到工单页重新筛选。") from None
