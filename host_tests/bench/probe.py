# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What is put into a copy of the device's code.py to measure it from inside; the device's own files stay untouched."""

LISTDIR = "        self.listdir = os.listdir\n"
HARDWARE = "\nclass Hardware:\n"
LOOP = """\
            while True:
                app.poll()
                microcontroller.watchdog.feed()
"""

# GP29 goes up at the first look at the drive. GP28 from outside asks for what PROBE measures.
FIRST_LOOK_PIN, ASK_PIN = 29, 28

LOOK = """
marks = []


def first_look(path):
    if not marks:
        marks.append(digitalio.DigitalInOut(board.GP29))
        marks[0].switch_to_output(True)
    return os.listdir(path)


class Hardware:
"""
LOOP_WITH_PROBE = """\
            import gc

            gc.collect()
            before = gc.mem_free()
            from bench_probe import Probe

            probe = Probe(app)
            gc.collect()
            probe.cost = before - gc.mem_free()
            while True:
                app.poll()
                microcontroller.watchdog.feed()
                probe.poll()
"""
PROBE = '''
import gc

import board
import digitalio
from supervisor import ticks_ms
from time import monotonic_ns

TURNS = 2000


class Probe:
    """Answers a low level on GP28 with lines on the console. `cost`: the bytes that the probe itself takes."""

    def __init__(self, app):
        self.app = app
        self.cost = 0
        self.pin = digitalio.DigitalInOut(board.GP28)
        self.pin.switch_to_input(digitalio.Pull.UP)
        intake = app._uploader._intake
        self.load = type(intake).load
        type(intake).load = lambda intake, name: self.timed(intake, name)

    def poll(self):
        if not self.pin.value:
            while not self.pin.value:
                pass
            gc.collect()
            print("FREE", gc.mem_free() + self.cost)
            self.turns()

    def turns(self):
        """Times turns; those that look at the drive are left out."""
        app, drive = self.app, self.app._drive
        counted = total = worst = 0
        for _ in range(TURNS):
            looks = drive.looks
            start = monotonic_ns()
            app.poll()
            spent = monotonic_ns() - start
            if looks == drive.looks:
                counted += 1
                total += spent
                worst = max(worst, spent)
        print("TURNS", total // counted // 1000, worst // 1000)

    def timed(self, intake, name):
        """Intake.load, with the time its slices take."""
        steps = self.load(intake, name)
        start, spent = ticks_ms(), 0
        while True:
            begun = monotonic_ns()
            try:
                next(steps)
            except StopIteration:
                break
            spent += monotonic_ns() - begun
            yield
        spent += monotonic_ns() - begun
        print("PARSED", spent // 1000000, ticks_ms() - start)
'''


def probed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same device, with the probe."""
    code = files["code.py"].decode()
    for old, new in (
        (LISTDIR, LISTDIR.replace("os.listdir", "first_look")),
        (HARDWARE, LOOK),
        (LOOP, LOOP_WITH_PROBE),
    ):
        assert code.count(old) == 1, f"code.py has changed, and the bench does not find {old!r} in it"
        code = code.replace(old, new)
    return {**files, "code.py": code.encode(), "bench_probe.py": PROBE.encode()}
