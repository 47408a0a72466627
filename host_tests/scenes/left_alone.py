# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What must be true of a board that has been left alone: the chip plays and holds what the drive and the last event
say, or a sentence says why not; the light says what is."""

from collections.abc import Iterator

from host_tests.boards.pedal import image
from host_tests.boards.virtual.fxcore.parts import RUN, RUNNING_FROM_RAM
from host_tests.scenes.random_user import (
    OUTPUT,
    SLOTS,
    RandomUser,
    images,
    is_broken,
)

LEFT_ALONE_MS = 20000  # when the bridge is idle: a broken file is told, all that waited is done
SHOWN_MS = 3500  # the light has shown all that it shows
NOTICED_MS = 3000
LOST = "what a PC program had loaded no longer runs"


def assert_all_is_well(seed: int) -> None:
    """Lets this user live, and complains with his story if something is wrong in the end."""
    user = RandomUser(seed)
    with user.board:
        user.live()
        assert wrongs(user) == [], "\n".join([*user.story, user.board.console])


def wrongs(user: RandomUser) -> list[str]:
    """Leaves the board alone; one sentence for each thing that is wrong then."""
    user.board.run(user.timeout_ms + LEFT_ALONE_MS)
    return [*_ram(user), *_slots(user), *_light(user), *_manners(user)]


def _told(user: RandomUser, name: str) -> bool:
    """Has an error been told with this file's name since it changed?"""
    return any(name in line for line in user.changed[name].errors)


def _noticed(user: RandomUser, at_ms: float) -> bool:
    """What happened on the drive then has been noticed before any PC program spoke again."""
    return not any(at_ms - user.timeout_ms < request < at_ms + NOTICED_MS for request in user.requests)


def _ram(user: RandomUser) -> Iterator[str]:
    chip, text, changed = user.board.chip, user.file(OUTPUT), user.changed[OUTPUT].at_ms
    if chip.mode not in (RUN, RUNNING_FROM_RAM):
        yield f"the chip is in mode {chip.mode}"
    plays = images().get(chip.running, "nothing" if chip.running is None else "garbage")
    ran = user.ran if user.ran and user.ran[0].at_ms > user.booted.at_ms else None
    if user.unseen > max(changed, user.booted.at_ms, ran[0].at_ms if ran else 0):
        return  # README, limits
    pc_is_later = ran is not None and ran[0].at_ms > changed
    ended = ran is not None and (LOST in ran[0].text or user.stopped > ran[0].at_ms)
    if ran is not None and chip.running == image(ran[1]):
        if not pc_is_later and text and not is_broken(text) and not _told(user, OUTPUT):
            yield f"{plays} plays although output.hex has changed since"
    elif text and not is_broken(text) and chip.running == image(text):
        if pc_is_later and _noticed(user, changed) and _noticed(user, user.booted.at_ms):
            yield "output.hex plays although a PC program came later"
    elif chip.running is None:
        if pc_is_later and not ended:
            yield "nothing plays although a PC program ran something, and that it was lost is not told"
        if not pc_is_later and text and not is_broken(text) and not _told(user, OUTPUT):
            yield "nothing plays although output.hex is good"
    elif not is_broken(text):
        yield f"{plays} plays, which is not on the drive"
    if is_broken(text) and not pc_is_later and not _told(user, OUTPUT):
        yield "that output.hex is broken is not told"


def _slots(user: RandomUser) -> Iterator[str]:
    for name, slot in SLOTS.items():
        text, told = user.file(name), _told(user, name)
        if is_broken(text) and not told:
            yield f"that {name} is broken is not told"
        if text and not is_broken(text):
            burnt_by_pc = user.burnt[slot] > user.changed[name].at_ms
            if user.board.slot(slot) != image(text) and not burnt_by_pc and not told:
                yield f"slot {slot:X} holds {images().get(user.board.slot(slot), 'something else')}, not {name}"
        if user.board.chip.writes[slot] > user.copies[slot] + 2 * user.pc_burns[slot]:
            yield f"slot {slot:X} was burnt without need"


def _light(user: RandomUser) -> Iterator[str]:
    since = user.board.note()
    user.board.run(SHOWN_MS)
    expected = [] if user.board.chip.running is None else ["red"]
    if "amber" in since.colours:
        if not user.booted.errors:
            yield "the light shows an error that was not told"
    elif since.colours != expected and since.colours != (["red"] if user.unseen else []):
        yield f"the light shows {since.colours} while the chip plays {images().get(user.board.chip.running)}"


def _manners(user: RandomUser) -> Iterator[str]:
    if "Traceback" in user.board.console:
        yield "the program failed"
    yield from (line for line in user.board.chip.complaints if "flash" in line)
