"""monitor key: what a caller may send and until when is settled when the key is made."""


def test_a_key_is_made_for_some_channels_and_until_the_end_of_a_day(monitor):
    told = monitor("key", "add", "平台", "--channel", "hotline", "--until", "2099-12-31", "--json")

    assert told.json()["channels"] == ["hotline"]
    assert told.json()["expires_at"].startswith("2100-01-01T00:00:00+08:00")


def test_an_unknown_channel_and_a_day_that_is_over_are_refused(monitor):
    assert monitor("key", "add", "甲", "--channel", "telex").code == 1
    assert monitor("key", "add", "乙", "--until", "2001-01-01").code == 1
