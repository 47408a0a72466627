# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual FXCore: what it answers to a host that does everything right, and to one that does not."""

import pytest

from host_tests.boards.hand_clock import Clock
from host_tests.boards.programs.generate import blocks, random_program, to_hex
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import (
    FACTORY_IMAGE,
    LOCKED_UP,
    OFF,
    PROGRAMMING,
    RESET_IMAGE,
    RUN,
    RUNNING_FROM_RAM,
    Image,
    with_sum,
)
from host_tests.boards.virtual.i2c.bus import AddressNak, Bus, DataNak

ENTER, EXIT, RETURN_0, EXEC = b"\xa5\x5a\x30", b"\x5a\xa5", b"\x0e\x00", b"\x0d\x00"
CREG, MREG, SFR = b"\x01\x0f", b"\x04\x7f", b"\x02\x0b"
PROGRAM = blocks(to_hex(random_program(1, 5)))
PRG = b"\x08\x04"  # five instructions


class Host:
    """A programmer with a chip on a virtual bus."""

    def __init__(self, **knobs) -> None:
        self.clock = Clock()
        self.bus = Bus(self.clock)
        self.chip = VirtualFXCore(now_ms=self.clock.now_ms, **knobs)
        self.bus.attach(0x30, self.chip)

    def send(self, *writes: bytes) -> None:
        for data in writes:
            self.bus.write(0x30, data)
            self.clock.advance(20)

    def status(self) -> bytes:
        return self.bus.read(0x30, 12)

    def code(self) -> int:
        return self.status()[1]

    def upload(self, image: Image = PROGRAM, prg: bytes = PRG) -> None:
        self.send(ENTER, CREG, image.creg, MREG, image.mreg, SFR, image.sfr, prg, image.program)

    def burn(self, slot: int) -> None:
        self.bus.write(0x30, bytes((0x0C, slot)))
        self.clock.advance(200)


@pytest.fixture
def host() -> Host:
    return Host()


def test_a_new_chip_runs_a_program_of_its_flash(host):
    assert (host.chip.mode, host.chip.state, host.chip.running) == (RUN, 0x00, None)
    assert host.chip.slots == [FACTORY_IMAGE] * 16
    assert host.chip.writes == [0] * 16


def test_each_block_shows_in_the_status(host):
    host.send(ENTER)
    assert host.status() == bytes.fromhex("00 00 a5 5a ff ff 01 00 78 56 34 12")
    seen = []
    for command, block in ((CREG, PROGRAM.creg), (MREG, PROGRAM.mreg), (SFR, PROGRAM.sfr), (PRG, PROGRAM.program)):
        host.send(command, block)
        status = host.status()
        assert status[2:4] == command
        seen.append((status[0], status[1], host.chip.state))
    assert seen == [(0x09, 0, 0x08), (0x0D, 0, 0x08), (0x0F, 0, 0x08), (0x1F, 0, 0x10)]
    assert host.chip.complaints == []


def test_a_program_runs_from_ram_until_return_and_exit(host):
    host.upload()
    host.send(EXEC)
    assert host.chip.mode == RUNNING_FROM_RAM
    assert host.chip.running == PROGRAM
    host.send(RETURN_0)
    assert (host.chip.mode, host.chip.state, host.chip.running) == (PROGRAMMING, 0x00, None)
    host.send(EXIT)
    assert host.chip.mode == RUN
    assert host.chip.complaints == []
    assert [event.step for event in host.chip.history] == (
        "ENTER_PRG XFER_CREG CREG XFER_MREG MREG XFER_SFR SFR XFER_PRG PRG EXEC_FROM_RAM RETURN_0 EXIT_PRG".split()
    )


def test_a_thousand_and_twenty_four_instructions_fit(host):
    image = blocks(to_hex(random_program(2, 1024)))
    host.upload(image, b"\x0b\xff")
    assert host.code() == 0x00
    host.send(EXEC)
    assert host.chip.running == image


def test_a_slot_is_burnt_in_200_ms_and_counted(host):
    host.upload()
    host.bus.write(0x30, b"\x0c\x03")
    assert host.chip.flashing
    assert host.chip.slots[3] is None
    host.clock.advance(199)
    with pytest.raises(AddressNak):
        host.bus.write(0x30, RETURN_0)
    host.clock.advance(1)
    assert host.status()[:6] == b"\x1f\x00\x0c\x03\xff\xff"
    assert host.chip.slots[3] == PROGRAM
    assert host.chip.writes == [0, 0, 0, 1] + [0] * 12
    host.send(RETURN_0, EXIT)
    assert host.chip.mode == RUN


def test_talking_to_it_within_the_200_ms_is_complained_about(host):
    host.upload()
    host.bus.write(0x30, b"\x0c\x03")
    host.clock.advance(100)
    assert not host.bus.probe(0x30)
    assert host.chip.complaints == ["not silent while the flash is written"]


@pytest.mark.parametrize("error", [0x17, 0x1F, 0x27, 0x2F, 0x37, 0x3F])
def test_a_flash_error_leaves_the_slot_damaged(host, error):
    host.chip.flash_error(3, error)
    host.upload()
    host.burn(3)
    status = host.status()
    assert status[1] == error
    assert status[4:6] == b"\xf7\xff"
    assert host.chip.slots[3] is None
    assert host.chip.writes[3] == 1


def test_the_next_command_takes_a_flash_error_out_of_the_status(host):
    host.chip.flash_error(3, 0x17)
    host.upload()
    host.burn(3)
    host.send(RETURN_0)
    assert host.status()[:4] == b"\x00\x00" + RETURN_0


def test_a_flash_error_can_be_scripted_for_one_burn(host):
    host.chip.fail_next("WRITE_PRG", 0x27)
    host.upload()
    host.burn(3)
    assert (host.code(), host.chip.slots[3]) == (0x27, None)
    host.burn(3)
    assert (host.code(), host.chip.slots[3]) == (0x00, PROGRAM)
    assert host.chip.complaints == []


def test_a_dead_slot_bit_does_not_show_a_good_burn():
    host = Host(dead_bits={3})
    host.upload()
    host.burn(3)
    assert host.status()[1] == 0
    assert host.status()[4:6] == b"\xf7\xff"
    assert host.chip.slots[3] == PROGRAM


def test_an_empty_slot_has_no_bit_until_it_is_burnt():
    host = Host(empty=range(1, 16))
    host.upload()
    assert host.status()[4:6] == b"\x01\x00"
    host.burn(9)
    assert host.status()[4:6] == b"\x01\x02"


@pytest.mark.parametrize(
    ("writes", "code"),
    [
        ((b"\x07\x00",), 0xFF),  # unknown
        ((b"\x03\x1b",), 0xFF),  # XFER_CMB
        ((b"\x01",), 0xFE),
        ((b"\x0e\x00\x00",), 0xFE),
        ((b"\x04\xff",), 0xFD),  # an older document's XFER_MREG
        ((b"\x02\x0c",), 0xFD),
        ((PRG, PROGRAM.program, b"\x0c\x10"), 0xFD),  # no slot 16
        ((PRG, PROGRAM.program, b"\x0d\x01"), 0xFD),
        ((b"\x0e\x01",), 0xFD),
        ((EXEC,), 0xFC),
        ((b"\x0c\x03",), 0xFC),
        ((CREG, PROGRAM.creg, EXEC), 0xFC),
        ((CREG, PROGRAM.creg[:-1] + bytes((PROGRAM.creg[-1] ^ 1,))), 0x80),
    ],
)
def test_a_wrong_command_or_block_has_its_code_and_no_effect(host, writes, code):
    host.send(ENTER, *writes)
    assert host.code() == code
    assert host.chip.mode == PROGRAMMING
    assert host.chip.writes == [0] * 16
    assert len(host.chip.complaints) == 1


def test_a_block_with_a_wrong_sum_is_not_received_and_may_be_sent_again(host):
    host.send(ENTER, CREG, PROGRAM.creg, MREG, bytes(512) + b"\x01\x00")
    assert host.status()[:2] == b"\x09\x80"
    host.send(MREG, PROGRAM.mreg)
    assert host.status()[:2] == b"\x0d\x00"


def test_a_block_announced_again_counts_only_when_it_has_come(host):
    host.upload()
    assert host.status()[0] == 0x1F
    host.send(PRG)
    assert host.status()[0] == 0x0F
    host.send(PROGRAM.program)
    assert host.status()[0] == 0x1F


@pytest.mark.parametrize(("knob", "state"), [(0xFE, 0x09), (0x80, 0x09), (0x40, 0x00)])
@pytest.mark.parametrize("length", [1, 3, 513, 515, 600])
def test_a_block_of_wrong_length_ends_as_the_knob_says(knob, state, length):
    host = Host(wrong_length=knob)
    host.send(ENTER, CREG, PROGRAM.creg, MREG, bytes(length))
    assert host.status()[:2] == bytes((state, knob))
    host.send(RETURN_0, EXIT)
    assert host.chip.mode == RUN


def test_a_program_longer_than_announced_is_named_when_transfers_fault():
    host = Host(wrong_length=0x40)
    host.send(ENTER, PRG, with_sum(bytes(24)))
    assert host.code() == 0x4F


def test_return_and_exit_are_heard_while_a_block_is_expected(host):
    host.send(ENTER, MREG, RETURN_0)
    assert host.status()[:4] == b"\x00\x00" + RETURN_0
    host.send(MREG, EXIT)
    assert host.chip.mode == RUN


def chunks(block: bytes) -> list[bytes]:
    return [block[i : i + 32] for i in range(0, len(block), 32)]


def test_a_block_in_chunks_is_refused_unless_the_knob_allows_it(host):
    host.send(ENTER, CREG, *chunks(PROGRAM.creg))
    assert host.status()[0] == 0x00
    host = Host(chunks=True)
    host.send(ENTER, CREG, *chunks(PROGRAM.creg))
    assert host.status()[:2] == b"\x09\x00"
    assert host.chip.complaints == []


def test_the_last_chunk_may_look_like_a_command():
    data = bytes(63) + b"\x0e"
    host = Host(chunks=True)
    host.send(ENTER, CREG, *chunks(with_sum(data)))
    assert with_sum(data).endswith(RETURN_0)
    assert host.status()[:2] == b"\x09\x00"


def test_an_unfinished_block_in_chunks_is_given_up_by_return():
    host = Host(chunks=True)
    host.send(ENTER, MREG, bytes(32), RETURN_0, CREG, PROGRAM.creg)
    assert host.status()[:2] == b"\x09\x00"


def test_only_enter_with_its_own_address_is_heard_in_run(host):
    for data in (b"\xa5\x5a\x31", b"\xa5\x5a", CREG, EXEC):
        host.send(data)
        assert host.chip.mode == RUN
    assert len(host.chip.complaints) == 4
    host.chip.knobs.match_address = False
    host.send(b"\xa5\x5a\x31")
    assert host.chip.mode == PROGRAMMING


def test_return_and_exit_do_no_harm_in_run(host):
    host.send(RETURN_0, EXIT)
    assert host.chip.mode == RUN
    assert host.chip.complaints == []


@pytest.mark.parametrize(("accepted", "mode"), [(False, RUNNING_FROM_RAM), (True, PROGRAMMING)])
def test_enter_while_running_from_ram_is_a_knob(accepted, mode):
    host = Host(enter_during_ram_run=accepted)
    host.upload()
    host.send(EXEC, ENTER)
    assert host.chip.mode == mode
    assert host.chip.complaints == ["ENTER_PRG while running from RAM"]


def test_status_outside_programming_mode_is_garbage(host):
    host.upload()
    host.send(EXEC)
    assert {host.status() for _ in range(3)} == {b"\xff" * 12, bytes(12), b"\x80" * 12}
    assert host.chip.garbage_reads == 3
    host.chip.knobs.garbage = b"sixteen bits"
    assert host.status() == b"sixteen bits"


@pytest.mark.parametrize(
    ("step", "writes"),
    [
        ("ENTER_PRG", (ENTER,)),
        ("XFER_CREG", (ENTER, CREG)),
        ("CREG", (ENTER, CREG, PROGRAM.creg)),
        ("XFER_PRG", (ENTER, PRG)),
        ("PRG", (ENTER, PRG, PROGRAM.program)),
        ("EXEC_FROM_RAM", (ENTER, PRG, PROGRAM.program, EXEC)),
    ],
)
@pytest.mark.parametrize("code", [0xFF, 0xFE, 0xFD, 0xFC, 0x80, 0x40, 0x4F])
def test_every_step_can_be_made_to_fail_once(host, step, writes, code):
    host.chip.fail_next(step, code)
    host.send(*writes)
    assert host.status()[:2] == bytes((0x10 if step == "EXEC_FROM_RAM" and code & 0xF0 != 0x40 else 0x00, code))
    assert host.chip.mode == PROGRAMMING
    assert host.chip.complaints == []
    host.send(RETURN_0, EXIT)
    host.upload()
    host.send(EXEC)
    assert host.chip.running == PROGRAM


@pytest.mark.parametrize(
    ("knob", "expected"), [("ff", b"\xff" * 12), ("00", bytes(12)), ("id", None), ("serial", None)]
)
def test_the_status_can_turn_implausible_at_any_read(knob, expected):
    host = Host(status=knob, status_from=1)
    host.send(ENTER)
    good = host.status()
    assert good == host.chip.status_bytes()
    bad = host.status()
    if expected is not None:
        assert bad == expected
    else:
        place = slice(6, 8) if knob == "id" else slice(8, 12)
        assert bad[place] != good[place] != host.status()[place] != bad[place]
        assert bad[:6] == good[:6]


def test_a_status_can_be_refused_while_writes_are_not():
    host = Host(status="nak", status_from=1)
    host.send(ENTER)
    assert host.status() == host.chip.status_bytes()
    with pytest.raises(AddressNak):
        host.status()
    host.send(CREG, PROGRAM.creg)
    assert host.chip.status_bytes()[0] == 0x09


def test_writes_to_a_busy_flash_may_be_lost():
    host = Host(while_flashing="ignore")
    host.upload()
    host.bus.write(0x30, b"\x0c\x03")
    host.send(RETURN_0, EXIT)
    assert host.chip.mode == PROGRAMMING
    assert host.status() == b"\xff" * 12
    host.clock.advance(200)
    assert host.code() == 0x00


def test_a_busy_flash_may_answer_before_it_is_done():
    host = Host(while_flashing="ack", flash_ms=400)
    host.chip.fail_next("WRITE_PRG", 0x1F)
    host.upload()
    host.burn(3)
    assert host.status()[1:6] == b"\x00\x0c\x03\xf7\xff"
    assert host.chip.complaints == []
    host.clock.advance(200)
    assert host.status()[1:6] == b"\x1f\x0c\x03\xf7\xff"


@pytest.mark.parametrize(
    ("knob", "exits"), [("", [RUN, RUN]), ("until_return_0", [PROGRAMMING, RUN]), ("until_reset", [PROGRAMMING] * 2)]
)
def test_it_may_stay_in_programming_mode_after_a_burn(knob, exits):
    host = Host(stuck_after_write=knob)
    host.upload()
    host.burn(3)
    host.send(EXIT)
    seen = [host.chip.mode]
    host.send(RETURN_0, EXIT)
    assert [*seen, host.chip.mode] == exits
    host.bus.supply(False)
    host.bus.supply(True)
    assert host.chip.mode == RUN


def test_power_off_loses_the_program_in_ram_but_not_the_flash(host):
    host.upload()
    host.burn(3)
    host.send(EXEC)
    host.chip.power_off()
    assert (host.chip.mode, host.chip.running) == (OFF, None)
    assert not host.bus.probe(0x30)
    host.chip.power_on()
    assert (host.chip.mode, host.chip.running, host.chip.slots[3]) == (RUN, None, PROGRAM)
    host.send(ENTER, EXEC)
    assert host.code() == 0xFC
    host.send(PRG, PROGRAM.program, EXEC)
    assert host.chip.running == RESET_IMAGE._replace(program=PROGRAM.program)


def test_power_off_during_a_burn_damages_the_slot(host):
    host.upload()
    host.bus.write(0x30, b"\x0c\x03")
    host.clock.advance(199)
    host.chip.power_off()
    host.clock.advance(1000)
    host.chip.power_on()
    assert host.chip.slots[3] is None
    assert host.chip.slots.count(None) == 1


def test_a_chip_without_a_good_slot_is_lost(host):
    for slot in range(16):
        host.chip.flash_error(slot, 0x17)
        host.upload()
        host.burn(slot)
        host.send(RETURN_0, EXIT)
    assert host.chip.mode == RUN
    host.chip.power_off()
    host.chip.power_on()
    assert host.chip.mode == LOCKED_UP
    assert not host.bus.probe(0x30)


@pytest.mark.parametrize(("step", "pause"), [("ENTER_PRG", 20), ("XFER_CREG", 5), ("CREG", 10)])
@pytest.mark.parametrize("too_short_by", [0, 1])
def test_short_pauses_are_complained_about_on_request(step, pause, too_short_by):
    host = Host(pause_percent=100)
    for write in (ENTER, CREG, PROGRAM.creg):
        host.bus.write(0x30, write)
        if host.chip.history[-1].step == step:
            break
        host.clock.advance(20)
    host.clock.advance(pause - too_short_by)
    host.status()
    assert host.chip.complaints == [f"only {pause - 1} ms after {step}"] * too_short_by


def test_a_byte_can_be_refused_by_the_chip_itself():
    host = Host(nak_byte=lambda data: len(data) == 40)
    host.send(ENTER, CREG)
    with pytest.raises(DataNak) as refused:
        host.bus.write(0x30, PROGRAM.creg)
    assert refused.value.at == 39
    assert host.code() == 0xFE
    assert not hasattr(VirtualFXCore(), "ack")


def test_the_order_and_way_no_known_host_uses_is_complained_about(host):
    host.send(ENTER, PRG, PROGRAM.program, CREG, PROGRAM.creg, ENTER)
    assert host.chip.complaints == ["CREG after the program", "ENTER_PRG in programming mode"]
    host.chip.complaints.clear()
    host.upload()
    host.send(EXEC, EXIT)
    assert host.chip.complaints[-1] == "EXIT_PRG without RETURN_0 while running from RAM"
    assert host.chip.mode == RUN


def test_the_reset_values_of_the_registers_are_those_of_the_facts():
    host = Host()
    host.send(ENTER, PRG, PROGRAM.program, EXEC)
    running = host.chip.running
    assert running is not None
    assert running.sfr[:4] == bytes.fromhex("4a29a514")
    assert running.sfr[-4:] == bytes.fromhex("0000c406")
    assert (running.creg, running.mreg) == (bytes(66), bytes(514))
