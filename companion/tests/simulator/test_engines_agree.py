# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The engine as plain Python and as compiled code: the same bits on everything. check_engines.py tries 300 programs."""

import pytest

from tests.simulator.random_programs import play


@pytest.mark.parametrize("seed", range(8))
def test_plain_and_compiled_give_the_same_bits(seed):
    assert play("plain", seed, 40, 600) == play("compiled", seed, 40, 600)
