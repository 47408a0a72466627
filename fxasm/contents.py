# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a checked program holds, in numbers and names. For the PC only."""

from fxasm import registers
from fxcore.program import CREG, MREG, PRG, SFR, SFR_DEFAULT, SUM_LENGTH, Program


def words(program: Program) -> list[int]:
    """Returns the program's instruction words as a list of integers."""
    return _integers(program.block(PRG)[:-SUM_LENGTH], 4)


def presets(program: Program) -> dict[str, int]:
    """Returns what the registers hold at the program's start, where it is not the reset value; see `start_values`."""
    reset = int.from_bytes(SFR_DEFAULT, "little")
    return {
        name: value
        for name, value in start_values(program).items()
        if value != (_sfr_field(name, reset) if registers.find(name.encode())[0] == registers.SFRS else 0)
    }


def start_values(program: Program) -> dict[str, int]:
    """Returns what every register that has a preset holds at the program's start.

    :return: name in capitals to the raw unsigned value; R0..R15, then MR0..MR127, then the special function registers
    """
    values = {f"R{i}": value for i, value in enumerate(_integers(program.block(CREG)[:-SUM_LENGTH], 4))}
    values.update({f"MR{i}": value for i, value in enumerate(_integers(program.block(MREG)[:-SUM_LENGTH], 4))})
    section = int.from_bytes(bytes(program.block(SFR)[:-SUM_LENGTH]), "little")
    for row in registers.names():
        name = row.decode()
        bank, number = registers.find(row)
        if bank == registers.SFRS and registers.sfr(number)[3]:
            values[name] = _sfr_field(name, section)
    return values


def _sfr_field(name: str, section: int) -> int:
    """Returns a special function register's bits; `section` is the section's 48 bytes as one little-endian number."""
    _, _, start, width = registers.sfr(registers.find(name.encode())[1])
    return section >> start & (1 << width) - 1


def _integers(data: memoryview, size: int) -> list[int]:
    return [int.from_bytes(bytes(data[i : i + size]), "little") for i in range(0, len(data), size)]
