# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual board's drive: what a program on the board sees while a PC writes."""

import pytest

from host_tests.boards.virtual.signals import BoardError

WATCH = """
import os
supervisor.runtime.autoreload = False
seen = None
def look():
    try:
        size, mtime = os.stat("/a.hex")[6:8]
    except OSError as e:
        return "errno", e.errno
    try:
        with open("/a.hex", "rb") as f: return size, f.read()
    except OSError as e:
        return size, "errno", e.errno
while True:
    {cure}
    now = look()
    if now != seen: print("saw", *now)
    seen = now
    supervisor.ticks_ms()
"""
FRESH, NAIVE = WATCH.format(cure='os.listdir("/lib")'), WATCH.format(cure="pass")


def sightings(board):
    return [line[4:] for line in board.console.splitlines() if line.startswith("saw")]


def test_the_root_looks_old_until_another_directory_is_read(run_code):
    naive, fresh = run_code(NAIVE), run_code(FRESH)
    for board in (naive, fresh):
        board.run_until("saw errno 2")
        board.drive.write("a.hex", b"new")
        board.run(5000)
    assert sightings(naive) == ["errno 2"]
    assert sightings(fresh)[-1] == "3 b'new'"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("fat-first", ["3 b'old'", "3 b'new'", "5 b'newer'"]),
        ("data-first", ["3 b'old'", "3 b'new'", "5 b'newer'"]),
        ("dir-first", ["3 b'old'", "5 b'old\\xff\\xff'", "5 b'newer'"]),
        ("empty-first", ["3 b'old'", "0 b''", "5 b'newer'"]),
    ],
)
def test_entry_chain_and_data_become_true_one_after_the_other(run_code, order, expected):
    board = run_code(FRESH, {"a.hex": b"old"})
    board.run_until("saw 3")
    board.drive.write("a.hex", b"newer", order=order, pace_ms=20)
    board.run(50)
    assert sightings(board) == expected


def test_a_new_file_listed_before_its_chain_cannot_be_read(run_code):
    board = run_code(FRESH)
    board.run_until("saw errno 2")
    half = board.drive.write("a.hex", bytes(2000), order="dir-first", partial=1)
    board.run(100)
    assert sightings(board)[-1] == "2000 errno 5"
    assert half.pending
    half.resume()
    board.run(100)
    assert sightings(board)[-1].startswith("2000 b'")


def test_a_half_copy_stays_half(run_code):
    board = run_code(FRESH)
    board.run_until("saw errno 2")
    half = board.drive.write("a.hex", b"A" * 1000, order="dir-first", block=1, partial=3)
    board.run(1000)
    assert sightings(board)[-1] == f"1000 {b'A' * 512 + bytes([255]) * 488!r}"
    board.power_cycle()
    board.run_until(lambda b: len(sightings(b)) > 2)
    assert sightings(board)[-1].endswith("\\xff'")
    half.resume()
    assert board.drive.read("a.hex") == b"A" * 1000


@pytest.mark.parametrize(
    ("order", "left"), [("fat-first", None), ("dir-first", b"B" * 4096 + b"\xff" * 904), ("empty-first", b"")]
)
@pytest.mark.parametrize("cut", ["power_cycle", "reset"])
def test_the_last_block_of_a_copy_is_lost_if_the_power_fails_at_once(run_code, order, left, cut):
    board = run_code(
        "while True: supervisor.ticks_ms()", boot="import supervisor\nsupervisor.runtime.autoreload = False"
    )
    board.run(3000)
    board.drive.write("a.hex", b"B" * 5000, order=order)
    getattr(board, cut)()
    board.run(3000)
    seen = board.files.entry("a.hex")
    assert (None if seen is None else bytes(seen.data[: seen.size]).ljust(seen.size, b"\xff")) == left


@pytest.mark.parametrize("what", ["is old", "is followed by a read"])
def test_a_block_that_is_a_second_old_or_has_been_read_is_in_flash(run_code, what):
    reading = "import os\nwhile True: os.listdir('/lib')" if what == "is followed by a read" else ""
    board = run_code(
        reading or "while True: supervisor.ticks_ms()", boot="import supervisor\nsupervisor.runtime.autoreload = False"
    )
    board.run(3000)
    board.drive.write("a.hex", b"new")
    board.run(10 if reading else 1100)
    board.power_cycle()
    board.run(3000)
    assert board.drive.read("a.hex") == b"new"


def test_deleting_and_renaming(run_code):
    board = run_code(FRESH, {"b.hex": b"b"})
    board.run_until("saw errno 2")
    board.drive.rename("b.hex", "A.HEX")
    board.run(50)
    assert sightings(board)[-1] == "1 b'b'"
    board.drive.delete("a.hex")
    board.run(50)
    assert sightings(board)[-1] == "errno 2"
    assert "A.HEX" not in board.drive.list()


def test_times_are_even_seconds_of_the_pc(run_code):
    code = """
        import os
        supervisor.runtime.autoreload = False
        while os.listdir("/lib") == []: print(os.stat("/lib")[0], os.stat("/A.hex")[7:9])
    """
    board = run_code(code, {"a.hex": b""})
    board.run_until("16384 (1735689600, 1735689600)")
    board.run(5500 - board.now_ms)
    board.drive.write("a.hex", b"x")
    board.run_until("16384 (1735689604, 1735689604)")


def test_python_cannot_write_while_the_pc_can_but_boot_py_can(run_code):
    boot = "with open('/from_boot.txt', 'w') as f: f.write('hello')\n"
    board = run_code("""
        import os
        for attempt in (lambda: open("/x", "w"), lambda: os.remove("/code.py")):
            try: attempt()
            except OSError as e: print("errno", e.errno)
    """, boot=boot)  # fmt: skip
    board.run_until("Code done")
    assert board.console.count("errno 30") == 2
    assert board.drive.read("from_boot.txt") == b"hello"


def test_a_drive_given_to_python_is_not_the_hosts(run_code):
    boot = "import storage\nstorage.remount('/', readonly=False)\n"
    board = run_code("with open('/log', 'w') as f: f.write('x')\n", boot=boot)
    board.run_until("Code done")
    assert board.drive.read("log") == b"x"
    with pytest.raises(BoardError, match="the host cannot write"):
        board.drive.write("a.hex", b"")


def test_a_host_write_restarts_the_program_unless_auto_reload_is_off(run_code):
    code = "import time\nprint('started')\nwhile True: time.sleep(0.01)\n"
    restarted = run_code(code)
    left_alone = run_code(code, boot="import supervisor\nsupervisor.runtime.autoreload = False\n")
    for board in (restarted, left_alone):
        board.run_until("started")
        board.drive.write("a.hex", b"x")
        board.run(3000)
    assert restarted.console.count("started") > 1
    assert left_alone.console.count("started") == 1


def test_the_label_is_written_only_before_usb_starts(run_code):
    boot = """
        import storage
        storage.getmount("/").label = "pedal"
    """
    board = run_code(
        "import storage\nprint(storage.getmount('/').label)\nstorage.getmount('/').label = 'X'\n", boot=boot
    )
    board.run_until("OSError: [Errno 30]")
    assert "PEDAL" in board.console
    assert (board.volume.label, board.volume.label_writes) == ("PEDAL", 1)


def test_getenv_reads_the_settings(run_code):
    board = run_code("import os\nprint(os.getenv('N'), os.getenv('S'), os.getenv('NONE', 'default'))\n",
                     settings={"N": 5, "S": "text"})  # fmt: skip
    board.run_until("5 text default")


def test_without_vices_it_is_a_folder_that_any_program_writes_to(run_code):
    board = run_code(NAIVE, vices=False)
    board.run_until("saw errno 2")
    (board.drive.folder / "A.hex").write_bytes(b"copied")
    board.run_until("saw 6 b'copied'")
    board.drive.write("a.hex", b"written")
    board.run_until("saw 7 b'written'")
    assert board.drive.read("A.HEX") == b"written"
