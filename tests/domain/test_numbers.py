"""Order numbers, look-up codes, ids."""

import math
from datetime import UTC, date, datetime, timedelta
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import numbers


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_a_number_is_recognised_and_grows_as_needed(day, position):
    number = numbers.order_number(day, position)

    assert numbers.is_order_number(number)
    assert number == f"HY{day:%Y%m%d}-{position:03d}"


def test_a_look_up_code_has_at_least_sixty_bits_in_four_clear_groups():
    code = numbers.new_lookup_code()

    groups = code.split(" ")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert not set(code) & set("0O1IL2Z5S8BUV")
    assert 16 * math.log2(len(numbers._LETTERS)) >= 60


@given(st.binary(min_size=32, max_size=32))
def test_the_same_seed_gives_the_same_code(seed):
    assert numbers.lookup_code(seed) == numbers.lookup_code(seed)


@given(st.text(alphabet=" -—_", max_size=3))
def test_a_code_is_read_however_it_is_typed(gap):
    code = numbers.new_lookup_code()

    assert numbers.normalise_code(code.lower().replace(" ", gap)) == code.replace(" ", "")


def test_later_ids_sort_behind_earlier_ones():
    now = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
    ids = [numbers.new_id(now + timedelta(milliseconds=step)) for step in range(50)]

    assert [str(one) for one in ids] == sorted(str(one) for one in ids)


def test_phones_are_compared_by_their_digits():
    assert numbers.normalise_phone("+86 138-0000-0123") == "13800000123"


@given(st.sets(st.integers(0, 2**30 - 1), min_size=2, max_size=40))
def test_ids_of_one_moment_sort_by_their_position(positions):
    now = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
    ids = [numbers.new_id(now, position) for position in sorted(positions)]

    assert [str(one) for one in ids] == sorted(str(one) for one in ids)
    assert all((one.version, one.variant) == (7, RFC_4122) for one in ids)
    assert numbers.new_id(now, 7) != numbers.new_id(now, 7)
