# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""500 words of every instruction against its second definition, on both engines: `make test-simulator`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.definition import DEFINITIONS
from tests.simulator.test_definition import compare


@pytest.mark.parametrize("mnemonic", list(DEFINITIONS))
@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_an_instruction_does_what_its_definition_says(mnemonic, data):
    compare(mnemonic, data)
