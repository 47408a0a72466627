# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Frees a bus on which a target holds SDA low (I2C specification UM10204, 3.1.16)."""

PULSES = 9


def rescue(sda, scl):
    """Gives up to nine clock pulses and a STOP if SDA is held low; returns the levels afterwards.

    No waiting is needed: each call takes the interpreter longer than half a period at 100 kHz.

    :param sda, scl: open-drain lines with `low()`, `release()` and `high`
    :return: bit 0 SDA, bit 1 SCL
    """
    if scl.high and not sda.high:
        for _ in range(PULSES):
            scl.low()
            scl.release()
            if sda.high:
                break
        scl.low()
        sda.low()
        scl.release()
        sda.release()
    return (1 if sda.high else 0) | (2 if scl.high else 0)
