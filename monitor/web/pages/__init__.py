"""The menu of pages, in the order of the screen; a page that is not named here does not exist.

A new page adds its name to the import and its PAGE to the tuple. Where two pages could answer one
address, the one that stands first does.
"""

from monitor.web.navigation import Page
from monitor.web.pages import account, document, login

PAGES: tuple[Page, ...] = (
    account.PAGE,
    login.PAGE,
    document.PAGE,
)
