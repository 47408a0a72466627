# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The HEX files that lie beside their sources: `python -m host_tests.boards.programs.committed` writes them anew."""

from pathlib import Path

from host_tests.boards.programs.generate import FOLDER, NAMES
from sandboxfx import assemble_file

EXAMPLES = Path(__file__).parents[3] / "examples"


def cloud_source() -> str:
    """The source of `cloud`: a thousand echoes, spread over 0.7 s at 32 kHz, other ones on each side."""
    lines = [*CLOUD_HEAD.splitlines()]
    for side in range(2):
        lines += ["", f"; side {side}", "        clracc64"]
        for tap in range(TAPS[side]):
            place = 900 + 42 * tap + (side * 17 + tap * tap * 13) % 41
            upside_down = (tap * 37 + side * 11) % 64 % 3 == 1
            lines.append(f"        machid  {LOUDNESS[tap * 4 // TAPS[side]][upside_down]}, cloud+{place}")
        lines += ["        sat64   acc32", f"        cpy_sc  out{side}, acc32"]
    return "\n".join(lines) + "\n"


TAPS = (506, 505)  # with the rest: 1,024 instructions
# Of the four quarters of the cloud, upright and upside down: 3, 2, 2 and 1 128ths. All together stay below the
# eightfold headroom of MACHID.
LOUDNESS = (("0.025", "-0.022"), ("0.017", "-0.014"), ("0.017", "-0.014"), ("0.009", "-0.006"))
CLOUD_HEAD = """\
; SPDX-License-Identifier: MIT
; SPDX-FileCopyrightText: FXCore Sandbox contributors
;
; cloud: a sound goes in, and a cloud of about a thousand quiet echoes comes out, some of them upside down; it grows
; thinner for two thirds of a second (at 32 kHz) and is gone. Nothing of the sound itself is heard. The left and the
; right side have different echoes. Written by committed.py; as many instructions as the chip can hold.

        .mem    cloud   24000

        cpy_cs  r0, in0
        cpy_cs  r1, in1
        sra     r0, 1
        cpy_cc  r0, acc32
        sra     r1, 1
        adds    r0, acc32
        wrdel   cloud, acc32"""


def committed() -> dict[Path, str]:
    """The HEX files of the sources here and of the examples for users, with their content."""
    sources = [*(FOLDER / f"{name}.fxc" for name in NAMES), *sorted(EXAMPLES.glob("*.fxc"))]
    return {path.with_suffix(".hex"): assemble_file(path).hex for path in sources}


def main() -> None:
    (FOLDER / "cloud.fxc").write_text(cloud_source(), encoding="ascii")
    for path, text in committed().items():
        path.write_text(text, encoding="ascii")
        print(path.name)


if __name__ == "__main__":
    main()
