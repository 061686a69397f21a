"""Gates: what only one place of the house may do, read from the syntax tree."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.tree import code, named, parsed

GATE = "monitor/services/lifecycle.py"
MIGRATIONS = "monitor/storage/migrations/"
STORAGE = "monitor/storage/"
DAY_ARITHMETIC = {"monitor/domain/deadlines.py", "monitor/domain/workdays.py"}
# The demonstration invents when things happened; nothing is judged by it.
INVENTED_LIVES = "monitor/cli/demonstration"
# Rows, not pages: a page may well have a key "state" in what it draws.
ROW_KEEPERS = ("monitor/storage/", "monitor/steps/", "monitor/services/", "monitor/tasks")
HISTORY_STATEMENT = re.compile(r'\b(update|delete\s+from|truncate(\s+table)?)\s+"?event\b', re.I)

Sin = Callable[[ast.AST], bool]


def called(node: ast.AST) -> str:
    """The last name of what is called: `commit` for `session.commit(...)`."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def names(node: ast.expr, wanted: str) -> bool:
    """Whether an argument is a class or one of its columns."""
    while isinstance(node, ast.Attribute):
        if node.attr == wanted:
            return True
        node = node.value
    return isinstance(node, ast.Name) and node.id == wanted


def commits(node: ast.AST) -> bool:
    return called(node) == "commit"


def assigned(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from target.elts if isinstance(target, ast.Tuple) else [target]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        yield node.target


def sets_state(node: ast.AST) -> bool:
    for target in assigned(node):
        if isinstance(target, ast.Attribute) and target.attr == "state":
            # An import run has a state of its own, and is always called `run`.
            return not names(target.value, "run")
        if isinstance(target, ast.Subscript) and is_word(target.slice, "state"):
            return True
    if not isinstance(node, ast.Call):
        return False
    if called(node) == "setattr":
        return len(node.args) > 1 and is_word(node.args[1], "state")
    given = any(keyword.arg == "state" for keyword in node.keywords)
    return given and called(node) in {"Order", "values", "model_copy", "sqlmodel_update"}


def is_word(node: ast.AST, word: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == word


def lists_orders(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if called(node) == "select":
        return any(names(argument, "Order") for argument in node.args)
    return called(node) in {"get", "get_one", "query"} and any(
        isinstance(argument, ast.Name) and argument.id == "Order" for argument in node.args
    )


def rewrites_history(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(HISTORY_STATEMENT.search(node.value))
    return (
        isinstance(node, ast.Call)
        and called(node) in {"update", "delete"}
        and any(names(argument, "Event") for argument in node.args)
    )


def counts_days(node: ast.AST) -> bool:
    return called(node) == "timedelta" and any(
        keyword.arg in {"days", "weeks"} for keyword in getattr(node, "keywords", [])
    )


def sets_a_limit_in_days(node: ast.AST) -> bool:
    # The day before, the day after and a number that came from elsewhere are steps, not limits.
    return counts_days(node) and any(
        isinstance(part, ast.Constant) and part.value not in {0, 1} for part in ast.walk(node)
    )


def sinners(sin: Sin, *, but: Callable[[str], bool] = lambda _name: False) -> list[str]:
    return [
        f"{named(path)}:{getattr(node, 'lineno', 0)}"
        for path in code("monitor/", "classifiers/")
        if not but(named(path))
        for node in ast.walk(parsed(path))
        if sin(node)
    ]


def test_only_the_database_commits():
    def may(name: str) -> bool:
        return name in {"monitor/storage/db.py", MIGRATIONS + "env.py"}

    assert sinners(commits, but=may) == []


def test_only_the_gate_sets_a_state():
    def may(name: str) -> bool:
        return name == GATE or name.startswith(MIGRATIONS) or not name.startswith(ROW_KEEPERS)

    assert sinners(sets_state, but=may) == []


def test_doors_do_not_touch_a_state_either():
    attribute_only = [
        f"{named(path)}:{target.lineno}"
        for path in code("monitor/")
        if not named(path).startswith(ROW_KEEPERS)
        for node in ast.walk(parsed(path))
        for target in assigned(node)
        if isinstance(target, ast.Attribute)
        and target.attr == "state"
        and not names(target.value, "run")
    ]

    assert attribute_only == []


def test_only_storage_lists_orders():
    assert sinners(lists_orders, but=lambda name: name.startswith(STORAGE)) == []


def test_nobody_rewrites_history():
    assert sinners(rewrites_history) == []


def test_no_limit_in_days_stands_in_python():
    def may(name: str) -> bool:
        return name in DAY_ARITHMETIC or name.startswith(INVENTED_LIVES)

    assert sinners(sets_a_limit_in_days, but=may) == []


def test_only_the_event_stream_is_asynchronous():
    functions = [
        (named(path), node)
        for path in code("monitor/", "classifiers/")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.AsyncFunctionDef)
    ]
    endpoints = [name for name, node in functions if node.decorator_list]

    # Below the endpoints the web is an ASGI application, which has no other form.
    assert [name for name, _ in functions if not name.startswith("monitor/web/")] == []
    assert len(endpoints) <= 1


@pytest.mark.parametrize(
    ("sin", "guilty", "innocent"),
    [
        (commits, "session.commit()", "session.flush()"),
        (sets_state, "order.state = 'x'", "app.state.rate = 1"),
        (sets_state, "order.state, n = 'x', 1", "run.state, n = 'x', 1"),
        (sets_state, "row['state'] = 'x'", "row['section'] = 'x'"),
        (sets_state, "a, order.state = 1, 'x'", "a, b = order.state, 'x'"),
        (sets_state, "setattr(order, 'state', 'x')", "setattr(order, 'title', 'x')"),
        (sets_state, "Order(state='x')", "check(state='x')"),
        (sets_state, "update(Order).values(state='x')", "update(Order).values(title='x')"),
        (lists_orders, "select(Order).where(x)", "select(Clock)"),
        (lists_orders, "select(orders.Order.id)", "orders.get(session, number)"),
        (lists_orders, "session.get(Order, key)", "session.get(Clock, key)"),
        (rewrites_history, "delete(Event)", "delete(Session)"),
        (rewrites_history, "update(history.Event).values(a=1)", "select(Event)"),
        (rewrites_history, "text('DELETE FROM event')", "text('SELECT * FROM event')"),
        (counts_days, "timedelta(days=n)", "timedelta(hours=2)"),
        (sets_a_limit_in_days, "timedelta(days=-5)", "timedelta(days=-1)"),
        (sets_a_limit_in_days, "timedelta(weeks=2)", "timedelta(days=offset)"),
    ],
)
def test_each_gate_sees_its_sin(sin, guilty, innocent):
    assert any(sin(node) for node in ast.walk(ast.parse(guilty)))
    assert not any(sin(node) for node in ast.walk(ast.parse(innocent)))


def test_the_gate_itself_is_looked_at():
    assert Path(GATE).name in {path.name for path in code("monitor/services/")}
