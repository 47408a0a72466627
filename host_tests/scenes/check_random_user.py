# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""More random users than `make test` has: `make test-random-user`."""

import pytest

from host_tests.scenes.left_alone import assert_all_is_well

SEEDS = 500


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_a_user_does_in_the_end_all_is_as_the_drive_and_the_last_event_say(seed):
    assert_all_is_well(seed)
