"""backup and restore as a person runs them: two commands, each in a process of its own home."""


def test_an_office_is_backed_up_and_restored_by_two_commands(monitor, tmp_path):
    kept = monitor("backup", "--to", tmp_path / "safe.tar", "--json").json()
    other = type(monitor)(tmp_path / "other")
    (tmp_path / "other" / "keys").mkdir(parents=True)
    (tmp_path / "other" / "keys" / "desk.keys").write_bytes(
        (monitor.home / "keys" / "desk.keys").read_bytes()
    )

    back = other("restore", tmp_path / "safe.tar", "--json").json()

    assert back["tables"] == kept["tables"]
    assert back["verified"]
    again = other("restore", tmp_path / "safe.tar")
    assert (again.code, "已经有一个局" in again.err) == (1, True)
