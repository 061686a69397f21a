"""The menu of pages, in the order of the screen; a page that is not named here does not exist.

A new page adds its name to the import and its PAGE to the tuple. Where two pages could answer one
address, the one that stands first does.
"""

from monitor.web.navigation import Page
from monitor.web.pages import (
    account,
    admin,
    attachments,
    bulk,
    dashboard,
    document,
    drafts,
    feedback,
    handbook,
    inbox,
    letter,
    letter_files,
    login,
    moves,
    order,
    printing,
    public,
    register,
    review,
    rules,
    search,
    section,
    sheet_import,
    status,
    views,
)

PAGES: tuple[Page, ...] = (
    inbox.PAGE,
    section.PAGE,
    search.PAGE,
    views.PAGE,
    bulk.PAGE,
    printing.PAGE,
    order.PAGE,
    moves.PAGE,
    attachments.PAGE,
    review.PAGE,
    feedback.PAGE,
    register.PAGE,
    drafts.PAGE,
    sheet_import.PAGE,
    dashboard.PAGE,
    admin.PAGE,
    rules.PAGE,
    handbook.PAGE,
    account.PAGE,
    login.PAGE,
    document.PAGE,
    public.PAGE,
    letter.PAGE,
    letter_files.PAGE,
    status.PAGE,
)
