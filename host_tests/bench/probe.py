# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What is put into copies of the device's files to measure it from inside; the device's own files stay untouched."""

# name of the file -> what is replaced in it
CHANGES = {
    "sandbox/hardware.py": (
        ("        self.listdir = os.listdir\n", "        self.listdir = first_look\n"),
        ("\nclass Line:\n", """
marks = []


def first_look(path):
    if not marks:
        marks.append(digitalio.DigitalInOut(board.GP29))
        marks[0].switch_to_output(True)
    return os.listdir(path)


class Line:
"""),
    ),
    "sandbox/main.py": (
        ("            while True:\n                app.poll()\n", """\
            import board
            import digitalio

            asked = digitalio.DigitalInOut(board.GP28)
            asked.switch_to_input(digitalio.Pull.UP)
            probe = None
            while True:
                if not asked.value:
                    if probe is None:
                        from bench_probe import make_probe

                        probe = make_probe(app)
                    probe.answer(asked)
                app.poll()
"""),
    ),
}  # fmt: skip

# GP29 goes up at the first look at the drive. GP28 from outside asks for what PROBE measures; it is loaded only then.
FIRST_LOOK_PIN, ASK_PIN = 29, 28

PROBE = '''
import gc

gc.collect()
before = gc.mem_free()

from supervisor import ticks_ms
from time import monotonic_ns

TURNS = 2000


def make_probe(app):
    probe = Probe(app)
    gc.collect()
    probe.cost = before - gc.mem_free()
    return probe


class Probe:
    """Answers a low level on GP28 with lines on the console. `cost`: the bytes that the probe itself takes."""

    def __init__(self, app):
        self.app = app
        self.cost = 0
        intake = app._uploader._intake
        self.load = type(intake).load
        type(intake).load = lambda intake, name: self.timed(intake, name)

    def answer(self, asked):
        while not asked.value:
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
    """The same device, as source, with the probe."""
    changed = {"bench_probe.py": PROBE.encode()}
    for name, replacements in CHANGES.items():
        code = files[name].decode()
        for old, new in replacements:
            assert code.count(old) == 1, f"{name} has changed, and the bench does not find {old!r} in it"
            code = code.replace(old, new)
        changed[name] = code.encode()
    return {**files, **changed}
