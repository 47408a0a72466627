# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""i2c-tools through the kernel's own driver: everything a user types."""

import pytest

from host_tests.on_linux.bench import Bench, as_text, complaints

ABSENT = 0x2A
AT_ONCE_MS = 60
HOURS_MS = 2 * 3600 * 1000  # of the guest's time, most of which it rests
PATTERN = bytes((7 * k + 3) & 0xFF for k in range(256))


def test_the_driver_binds_and_finds_an_ft260_that_is_only_an_i2c_bridge(bench: Bench) -> None:
    assert bench.bound is not None
    for words in ("chip code: 0260 0200", "chip mode:  0x01", "i2c_enable: 0x01", "clock 100"):
        assert words in bench.bound.kernel
    assert "bus_status 0x41" in bench.bound.kernel  # the device's program is still starting
    assert "[FTDI FT260] on usb-vhci_hcd.0-1/input3" in bench.bound.kernel


def test_i2cdetect_finds_exactly_the_fxcore_and_the_eeprom(bench: Bench) -> None:
    result = bench.run("i2cdetect -y -r $BUS")
    cells = [cell for line in result.output.splitlines()[1:] for cell in line[4:].split()]
    assert result.status == 0
    assert [cell for cell in cells if cell != "--"] == ["30", "50"]
    assert len(cells) == 112
    assert result.ms < 112 * AT_ONCE_MS


@pytest.mark.parametrize(
    ("write", "read", "value"),
    [
        ("0x10 0x5a", "0x10", "0x5a"),
        ("0x10", "", "0x5a"),  # only the address, then from there
        ("0x20 0xbeef w", "0x20 w", "0xbeef"),
        ("0x90 1 2 3 4 5 6 7 8 i", "0x90 i 8", "0x01 0x02 0x03 0x04 0x05 0x06 0x07 0x08"),
    ],
)
def test_bytes_words_and_blocks_are_written_and_read(bench: Bench, write: str, read: str, value: str) -> None:
    bench.good(f"i2cset -y $BUS 0x50 {write}")
    assert bench.good(f"i2cget -y $BUS 0x50 {read}") == value


def test_a_write_and_a_read_are_one_transfer_with_a_repeated_start(bench: Bench) -> None:
    bench.model.eeprom.memory[:] = PATTERN
    assert bench.good("i2ctransfer -y $BUS w1@0x50 0x30 r3") == as_text(PATTERN[0x30:0x33])
    wrote, read = bench.model.board.i2c.log[-2:]
    assert (wrote.kind, wrote.data, wrote.stop) == ("w", b"\x30", False)
    assert (read.kind, read.data, read.stop) == ("r", PATTERN[0x30:0x33], True)


def test_250_bytes_are_read(bench: Bench) -> None:
    bench.model.eeprom.memory[:] = PATTERN
    result = bench.read(250, register=0)
    assert result.output.strip() == as_text(PATTERN[:250])
    assert not complaints(result.kernel)


@pytest.mark.parametrize(
    "command",
    [
        f"i2cset -y $BUS {ABSENT} 0x10 0x5a",
        f"i2cget -y $BUS {ABSENT} 0x10",
        f"i2ctransfer -y $BUS r1@{ABSENT}",
        f"i2ctransfer -y $BUS r60@{ABSENT}",
        f"i2ctransfer -y $BUS r120@{ABSENT}",
        f"i2ctransfer -y $BUS w60@{ABSENT} 0+",
        f"i2ctransfer -y $BUS w120@{ABSENT} 0+",
        f"i2ctransfer -y $BUS w2@{ABSENT} 0 0 r60",
    ],
)
def test_an_absent_address_fails_at_once(bench: Bench, command: str) -> None:
    result = bench.run(command)
    assert result.status != 0
    assert "failed" in result.output
    assert result.ms < AT_ONCE_MS
    assert "bus_status 0x26" in result.kernel
    bench.good("i2cget -y $BUS 0x50 0x10")


# The driver asks for the status half a millisecond after its request: an answer from before it would be a lost NAK.
# A pause between two attempts meets the device at any point of its turn.
@pytest.mark.parametrize(
    ("attempts", "pause", "command"),
    [
        (200, "usleep $((k * 317 % 9000))", f"i2cset -y $BUS {ABSENT} 1 1"),
        (50, "usleep $((k * 317 % 9000))", f"i2cget -y $BUS {ABSENT} 1"),
        (20, "usleep $((11000000 + k * 431 % 9000))", f"i2cset -y $BUS {ABSENT} 1 1"),  # longer than it stays active
    ],
    ids=["write", "read", "write-after-rest"],
)
def test_no_failure_is_taken_for_a_success(bench: Bench, attempts: int, pause: str, command: str) -> None:
    result = bench.run(f"for k in $(seq {attempts}); do {pause}; {command} 2>/dev/null || echo failed; done", HOURS_MS)
    assert result.output.split().count("failed") == attempts


def test_after_a_pause_longer_than_the_bridge_stays_active_it_works_again(bench: Bench) -> None:
    bench.run("sleep 15")
    bench.good("i2cset -y $BUS 0x50 0x10 0x77")
    assert bench.good("i2cget -y $BUS 0x50 0x10") == "0x77"


def test_the_kernels_eeprom_driver_reads_all_of_it(bench: Bench) -> None:
    bench.model.eeprom.memory[:] = PATTERN
    device = "/sys/bus/i2c/devices/i2c-$BUS"
    bench.good(f"modprobe at24; echo 24c02 0x50 > {device}/new_device")
    dump = bench.good(f"xxd -p -c 256 /sys/bus/i2c/devices/$BUS-0050/eeprom; echo 0x50 > {device}/delete_device")
    assert dump == PATTERN.hex()
