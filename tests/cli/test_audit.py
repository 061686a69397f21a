"""`monitor audit verify` names every place that was tampered with, a line for each."""

import random
import sqlite3
from contextlib import closing

COLUMNS = ("what", "actor", "at", "details", "hash")
CHANGED = 20


def test_verify_names_each_changed_byte_and_each_chain_cut_short(monitor, sheet):
    rows = (
        f"R{n:03d},2026-10-08,补贴第{n}件,补贴没有拨款{n}。,陈试样,13800000123" for n in range(30)
    )
    monitor("import", sheet(*rows), "--channel", "hotline", "--json").json()
    dice = random.Random(9)
    with closing(sqlite3.connect(monitor.home / "desk.sqlite")) as database, database:
        query = 'SELECT number, replace(id, "-", "") FROM "order" ORDER BY number'
        known = dict(database.execute(query).fetchall())
        numbers = list(known)
        for number in numbers[:CHANGED]:
            column = dice.choice(COLUMNS)
            find = f"SELECT CAST({column} AS BLOB) FROM event WHERE chain = ?"
            [[old]] = database.execute(find, [known[number]])
            place = dice.randrange(len(old))
            new = old[:place] + bytes([old[place] ^ dice.randrange(1, 256)]) + old[place + 1 :]
            change = f"UPDATE event SET {column} = CAST(? AS TEXT) WHERE chain = ?"
            assert database.execute(change, [new, known[number]]).rowcount == 1
        for number in numbers[CHANGED:25]:
            database.execute("DELETE FROM event WHERE chain = ?", [known[number]])
        [[system, long]] = database.execute(
            "SELECT chain, max(sequence) FROM event WHERE chain LIKE 'sys:%'"
        )
        last = [system, long]
        database.execute("DELETE FROM event WHERE chain = ? AND sequence = ?", last)

    done = monitor("audit", "verify")

    lines = done.out.splitlines()
    assert done.code == 1
    assert len(lines) == 26
    for number in numbers[:CHANGED]:
        assert sum(f"工单 {number}：第 1 条事件" in line for line in lines) == 1
    for number in numbers[CHANGED:25]:
        assert f"断裂：工单 {number}：应有 1 条事件，一条也没有" in lines
    assert any(f"系统链 {system[4:]}：应有 {long} 条" in line for line in lines)
