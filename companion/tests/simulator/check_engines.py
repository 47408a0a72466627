# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""300 random programs of all instructions, 2,000 samples each, on both engines: `make test-simulator`."""

import pytest

from tests.simulator.random_programs import play


@pytest.mark.parametrize("seed", range(1000, 1300))
def test_plain_and_compiled_give_the_same_bits(seed):
    assert play("plain", seed, 72, 2000) == play("compiled", seed, 72, 2000)
