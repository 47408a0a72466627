# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A program as the chip takes it: four blocks, each followed by its 16-bit sum, low byte first."""

from binascii import crc32

from fxcore.coverage import Coverage
from fxcore.errors import HEX_ADDRESS, HEX_OVERLAP, PROGRAM_EMPTY, PROGRAM_SIZE, SECTION_HOLE, SECTION_SUM, Fault

SUM_LENGTH = 2
WORD_LENGTH = 4
MAX_INSTRUCTIONS = 1024
# How many bytes are added up in one go: about 2 ms on the device.
SUM_SLICE = 1024


class Section:
    """Where a section lies in the HEX file, and where in a Program's image."""

    def __init__(self, name, base, data_length, offset, default=b""):
        self.name = name
        self.base = base
        self.offset = offset
        self.default = default  # reset values; zeros where there are none
        self.data_length = data_length
        self.end = offset + data_length + SUM_LENGTH


# Reset values of the special function registers: POTn_K 10, MAXTEMPO 0x7FFF and the five reload values.
SFR_DEFAULT = (
    b"\x4a\x29\xa5\x14" + bytes(24) + b"\xff\x7f\x00\x00" + bytes(4)
    + b"\xa0\x8c\xe0\x01\xe0\x01\x60\x09\xc0\x03\x00\x00"
)  # fmt: skip

MREG = Section("MREG", 0x0000, 128 * WORD_LENGTH, 0)
CREG = Section("CREG", 0x0800, 16 * WORD_LENGTH, MREG.end)
SFR = Section("SFR", 0x1000, 12 * WORD_LENGTH, CREG.end, SFR_DEFAULT)
PRG = Section("program", 0x1800, MAX_INSTRUCTIONS * WORD_LENGTH, SFR.end)
REGISTERS = (MREG, CREG, SFR)
SECTIONS = (MREG, CREG, SFR, PRG)
IMAGE_LENGTH = PRG.end


class Program:
    """The checked blocks of one program.

    `instructions` is 0 until a ProgramBuilder has filled it; `crc` (CRC-32) and `length` (bytes) are over all four
    blocks and tell one program from another. `image` is the buffer; the longest program has 4,728 bytes.
    """

    def __init__(self, image):
        self.image = image
        self.instructions = 0
        self.crc = 0
        self.length = 0

    def block(self, section):
        """Returns the memoryview that goes to the chip in one write: data and sum."""
        end = section.end if section is not PRG else self.length
        return memoryview(self.image)[section.offset : end]


class ProgramBuilder:
    """Collects the records of one file in a Program and checks the whole.

    `put` fits HexReader. A refusal is a Fault that names the line.
    """

    def __init__(self):
        self._seen = Coverage(IMAGE_LENGTH)
        self._last_line, self.defaulted = {}, []
        self._other, self.program = None, Program(bytearray(IMAGE_LENGTH))

    def hand_over(self):
        """Returns the program, which is the caller's until he asks for the next one; it is filled again after that."""
        self.reserve()
        self.program, self._other = self._other, self.program
        return self._other

    def reserve(self):
        """Makes the buffer that `hand_over` will need, while there is room for it."""
        self._other = self._other or Program(bytearray(IMAGE_LENGTH))

    def start(self):
        """Begins a new program, in the buffer of an old one."""
        program = self.program
        program.instructions = program.crc = program.length = 0
        _clear(program.image)
        self._seen.clear()
        self._last_line.clear()
        self.defaulted.clear()
        self._section = None
        # The records in a row: where in the image they begin and end, the address and line that they have come to.
        self._run = self._end = self._next = self._line = self._highest = 0  # nothing is seen from _highest on

    def put(self, address, data, line):
        """Takes one record. Data seen twice must be the same."""
        length = len(data)
        if not length:
            return
        section, start = self._section, self._end  # where it goes if it goes on where the last one ended
        if address != self._next or start < self._highest or section is None or start + length > section.end:
            self._end_run()
            self._section = section = _section_at(address, length, line)
            self._run = start = section.offset + address - section.base
            if start < self._highest and self._seen.any(start, start + length):
                self._refuse_other_data(start, data, address, line)
        end = start + length
        self.program.image[start:end] = data
        self._end, self._next, self._line = end, address + length, line

    def _end_run(self):
        if self._section is not None:
            self._seen.add(self._run, self._end)
            self._highest = max(self._highest, self._end)
            self._last_line[self._section.name] = self._line

    def finish(self):
        """Generator: checks and completes the sections, in slices of a few ms; raises Fault. Afterwards the program is
        ready, and `defaulted` lists the sections the file did not have."""
        self._end_run()
        for section in REGISTERS:
            yield from self._finish_registers(section)
        length = self._program_length()
        yield from self._check_sum(PRG, PRG.offset + length - SUM_LENGTH)
        program = self.program
        program.length = PRG.offset + length
        program.crc = crc32(memoryview(program.image)[: program.length])
        program.instructions = (length - SUM_LENGTH) // WORD_LENGTH

    def _refuse_other_data(self, start, data, address, line):
        for i in range(len(data)):
            if self._seen.has(start + i) and self.program.image[start + i] != data[i]:
                raise Fault(HEX_OVERLAP, "address {:04X} is given twice, differently".format(address + i), line)

    def _finish_registers(self, section):
        data_end = section.end - SUM_LENGTH
        image = self.program.image
        if section.name not in self._last_line:
            image[section.offset : section.offset + len(section.default)] = section.default
            self.defaulted.append(section.name)
        elif self._seen.any(data_end, section.end):
            yield from self._check_sum(section, data_end)
            return
        elif not self._seen.all(section.offset, data_end):
            raise self._fault(SECTION_HOLE, section, "{} has a gap and no sum that would prove zeros there")
        total = yield from self.add_up(section.offset, data_end)
        image[data_end] = total & 0xFF
        image[data_end + 1] = total >> 8

    def _program_length(self):
        """Returns the bytes of the program section, sum included."""
        length = self._seen.last(PRG.end) + 1 - PRG.offset
        if length <= SUM_LENGTH:
            raise self._fault(PROGRAM_EMPTY, PRG, "the {} has no instruction")
        if (length - SUM_LENGTH) % WORD_LENGTH:
            raise self._fault(PROGRAM_SIZE, PRG, "the {} is no whole number of instructions and a sum")
        return length

    def _check_sum(self, section, data_end):
        image = self.program.image
        total = yield from self.add_up(section.offset, data_end)
        given = image[data_end] | image[data_end + 1] << 8
        if total != given or not self._seen.all(data_end, data_end + SUM_LENGTH):
            if not self._seen.all(section.offset, data_end + SUM_LENGTH):
                raise self._fault(SECTION_HOLE, section, "{} has a gap, and its sum does not hold with zeros there")
            detail = "{{}} has the sum {:04X}, its bytes add up to {:04X}".format(given, total)
            raise self._fault(SECTION_SUM, section, detail)

    def add_up(self, start, end):
        """Generator: returns the 16-bit sum of the image's bytes."""
        window = memoryview(self.program.image)
        total = 0
        while start < end:
            stop = min(start + SUM_SLICE, end)
            total += sum(window[start:stop])
            start = stop
            yield
        return total & 0xFFFF

    def _fault(self, code, section, detail):
        return Fault(code, detail.format(section.name), self._last_line.get(section.name, 0))


def _section_at(address, length, line):
    for section in SECTIONS:
        if section.base <= address and address + length <= section.base + section.data_length + SUM_LENGTH:
            return section
    raise Fault(HEX_ADDRESS, "address {:04X} ({} bytes) is outside every section".format(address, length), line)


def _clear(buffer):
    """Fills with zeros: what is done is copied, so that next to nothing is allocated."""
    window = memoryview(buffer)
    done = 8
    window[:done] = bytes(done)
    while done < len(window):
        window[done : 2 * done] = window[: len(window) - done][:done]
        done *= 2
