"""The counters that a monitoring system reads."""

from tests.web import casefile

TOKEN = {"authorization": "Bearer watching"}


def test_orders_are_counted_by_state_in_one_question(desk, visitor, count_queries):
    for _ in range(3):
        casefile.letter(desk)
    casefile.in_hand(desk)

    with count_queries() as asked:
        told = visitor().get("/metrics", headers=TOKEN).text

    assert "# TYPE desk_orders gauge\n" in told
    for line in ('{state="triage"} 3', '{state="in_hand"} 1', '{state="archived"} 0'):
        assert f"desk_orders{line}\n" in told
    assert len([one for one in asked if 'FROM "order" GROUP BY' in one.replace("\n", "")]) == 1
