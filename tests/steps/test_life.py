"""Random moves by random people over a real desk: each moves or says why, and all stays true."""

import os
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from monitor.domain import lifecycle
from monitor.domain.vocabulary import State
from monitor.domain.workdays import SHANGHAI
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from tests.steps.conftest import MORNING, Office, founded
from tests.steps.walker import DEEDS, PEOPLE, Walker

NINE = datetime(2026, 9, 21, 9, 0, tzinfo=SHANGHAI)
NIGHTLY = settings.get_current_profile_name() == "nightly"
SEEDS = st.integers(min_value=0, max_value=2**32)


@pytest.fixture(scope="module")
def home(tmp_path_factory, migrated_file) -> Path:
    """The home of an office that was founded and has no order yet."""
    place = tmp_path_factory.mktemp("life")
    shutil.copy(migrated_file, place / "desk.sqlite")
    kept = Settings(home=place)
    database = Database(kept.url, synchronous="OFF")
    founded(kept, database)
    database.dispose()
    return place


def test_random_lives_stay_lawful(home):
    walked: Counter[str] = Counter()
    refused: Counter[str] = Counter()

    class Life(RuleBasedStateMachine):
        """One office; every rule draws a seed, so that what failed can be made small."""

        def __init__(self) -> None:
            super().__init__()
            self.folder = TemporaryDirectory()
            place = Path(self.folder.name) / "home"
            shutil.copytree(home, place)
            kept = Settings(home=place)
            self.database = Database(kept.url, synchronous="OFF")
            keys = open_keys(kept.key_path)
            self.office = Office(Desk(kept, self.database, keys, lambda: MORNING))
            self.walker = Walker(self.office, NINE)

        @initialize(consents=st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=3))
        def begin(self, consents) -> None:
            for consent in consents:
                self.walker.receive(consent=consent)

        @rule(seed=SEEDS)
        def anybody_tries_anything(self, seed) -> None:
            dice = Random(seed)
            number = dice.choice(self.walker.numbers)
            self._try(number, dice.choice(PEOPLE), dice.choice(sorted(DEEDS)), dice)

        @rule(seed=SEEDS)
        def somebody_does_his_work(self, seed) -> None:
            self._work(Random(seed))

        @rule(seed=SEEDS)
        def work_goes_on(self, seed) -> None:
            dice = Random(seed)
            for _ in range(8):
                self._work(dice)

        @rule(seed=SEEDS)
        def somebody_sends_an_old_page(self, seed) -> None:
            dice = Random(seed)
            number = dice.choice(self.walker.numbers)
            who, move = dice.choice(PEOPLE), dice.choice(sorted(DEEDS))
            assert not self.walker.attempt(number, who, move, dice, stale=True)

        def _work(self, dice: Random) -> None:
            number = dice.choice(self.walker.numbers)
            order = self.walker.watch.order(number)
            mine = [
                (who, move.name)
                for who in PEOPLE
                for move, reason in lifecycle.offered(
                    State(order.state), self.walker.acting[who], order.section, order.co_sections
                )
                if reason is None and move.name in DEEDS and move.name not in {"retract", "note"}
            ]
            if mine:
                who, move = dice.choice(mine)
                self._try(number, who, move, dice)

        def _try(self, number: str, who: str, move: str, dice: Random) -> None:
            if self.walker.attempt(number, who, move, dice):
                self.walker.look_again()

        def teardown(self) -> None:
            self.walker.verify()
            walked.update(self.walker.moved)
            refused.update(self.walker.refused)
            # A night is long: how far it got is told as it goes.
            if told := os.environ.get("LIFE_TOLD"):
                counts = f"{walked.total()} {walked}\n{refused.total()} {refused}\n"
                Path(told).write_text(counts, "utf-8")
            self.database.dispose()
            self.folder.cleanup()

    bounds = (
        settings()
        if NIGHTLY
        else settings(max_examples=6, stateful_step_count=40, derandomize=True)
    )
    run_state_machine_as_test(
        Life, settings=settings(bounds, suppress_health_check=list(HealthCheck))
    )

    assert walked
