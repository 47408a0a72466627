# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a source has given names to: labels, aliases of registers, constants, blocks of delay memory."""

from fxasm import registers, words
from fxasm.errors import PAUSE, PENDING, SPOILT, SourceFault, show
from fxasm.exact import even, whole
from fxasm.expression import Expression

MEMORY = 32768
SPOILT_VALUE = (SPOILT,)
PENDING_VALUE = (PENDING,)
# Two small numbers in one: the bank and the number of a register, the first address and the length of a block.
BANK = 1024
# No character of a name; a minus is one, though such a name cannot be used inside of an expression.
BAD = b"()<>|&+*/^"
FIRST = 32768


class Names:
    """`labels`: name -> address. `aliases`: name -> bank * BANK + number. `constants`: name -> int, or (numerator,
    denominator, flags of Expression). `blocks`: name -> first address * FIRST + length; until `allocate` it is
    -1 - length. A name whose definition is wrong has None: it is known, and what uses it is not wrong.

    A constant or block that cannot be evaluated yet is (line, column, text, True for .EQU.I). A SourceFault has `at` -1
    where the name itself is wrong, else it is counted in the value's text.

    :param table: dict, or Table, which is smaller and slower
    """

    def __init__(self, table=dict):
        self.labels = table()
        self.aliases = {}
        self.constants = table()
        self.blocks = {}
        self.order = []  # of the blocks: name, line, column
        self.memory = 0  # words of the blocks
        self.expression = Expression(self)

    def value(self, name, lengths):
        """Returns what Expression wants to know of a name: int, (numerator, denominator, flags), (PENDING,) or
        (SPOILT,) where there is no value, and None where there is no such name."""
        value = self.constants.get(name)
        if value is not None:
            return value if type(value) is int or len(value) == 3 else PENDING_VALUE
        if name[0] in b"0123456789.":
            return SPOILT_VALUE if name in self.constants else None
        value = self._of_block(name, lengths)
        if value is None:
            value = SPOILT_VALUE if name in self.constants else words.find(name)
        return value

    def add_label(self, name, address):
        """Takes a label's name; raises SourceFault."""
        if self.labels.get(name) is not None:
            raise SourceFault("duplicate-label", name, -1)
        self.labels[name] = address

    def spoil(self, name):
        """What was to define the name is wrong: what uses it is not."""
        self.constants.setdefault(name)
        self.aliases.setdefault(name)

    def spoil_label(self, words):
        if len(words) == 1:
            self.labels.setdefault(words[0])

    def add_alias(self, name, text):
        """Gives the register `text` another name; raises SourceFault."""
        if name in self.aliases:
            raise SourceFault("duplicate-alias", name, -1)
        if registers.find(name):
            raise SourceFault("name-is-register", name, -1)
        self.aliases[name] = None
        register = registers.find(text)
        if register is None:
            detail = "an alias has no alias" if text in self.aliases else ""
            raise SourceFault("unknown-register", text, 0, detail)
        code = register[0] * BANK + register[1]
        for other in self.aliases:
            if self.aliases[other] == code:
                detail = "{} is its name already".format(show(other))
                raise SourceFault("duplicate-alias", text, 0, detail)
        self.aliases[name] = code

    def add(self, table, name, column, definition):
        """Takes a constant or block; evaluates it now, if all that it uses is known. Raises SourceFault.

        :param int column: that of the name
        :param tuple definition: (line, column, text, True to cut off what is behind the point)
        """
        self._check_name(table, name)
        value = None
        try:
            value = self._evaluate(table, definition)
        except SourceFault as fault:
            if fault.code == PAUSE:
                raise
            if fault.code == PENDING or fault.code == "undefined-symbol":
                value = definition
            elif fault.code != SPOILT:
                table[name] = None
                raise
        table[name] = value
        if table is self.blocks:
            self.order += [name, definition[0], column]

    def evaluate_pending(self, table, name):
        """Returns the name that has to be evaluated first, or None; raises SourceFault."""
        definition = table[name]
        try:
            table[name] = self._evaluate(table, definition)
        except SourceFault as fault:
            if fault.code == PENDING:
                return fault.text
            if fault.code != PAUSE:
                table[name] = None
            if fault.code != SPOILT:
                raise
        return None

    def table_of(self, name):
        """Returns (table, name) of a constant or block, for any of a block's three names."""
        if name in self.constants:
            return self.constants, name
        return self.blocks, name if name in self.blocks else name[:-1]

    def allocate(self, i):
        """Gives the block at self.order[i] its place in the delay memory; raises SourceFault."""
        name = self.order[i]
        if self.blocks[name] is None:
            return
        length = -1 - self.blocks[name]
        self.blocks[name] = None
        if self.memory + length + 1 > MEMORY:
            detail = "{} words are used already, and there are {}".format(self.memory, MEMORY)
            raise SourceFault("memory-total", name, -1, detail)
        self.blocks[name] = self.memory * FIRST + length
        self.memory += length + 1

    def _check_name(self, table, name):
        known = name in self.constants or self._of_block(name, True) is not None
        if not known and table is self.blocks:
            known = name + b"#" in self.constants or name + b"!" in self.constants
        if known:
            raise SourceFault("duplicate-symbol", name, -1)
        if registers.find(name):
            raise SourceFault("name-is-register", name, -1)
        if words.find(name) is not None:
            raise SourceFault("name-is-reserved", name, -1)
        if name.isdigit() or name[:2] == b"0X" or name[:1] == b".":
            raise SourceFault("bad-name", name, -1)
        for character in name:
            if character in BAD:
                raise SourceFault("bad-name", name, -1)

    def _of_block(self, name, lengths):
        packed = self.blocks.get(name)
        end = 0
        if packed is None:
            end = name[-1]
            if end == 0x23 or end == 0x21:
                if name[:-1] not in self.blocks:
                    return None
                packed = self.blocks[name[:-1]]
            elif name not in self.blocks:
                return None
            if packed is None:
                return SPOILT_VALUE
        if type(packed) is not int:
            return PENDING_VALUE
        is_length = end == 0x21 or lengths and not end
        if packed < 0:
            return -1 - packed if is_length else PENDING_VALUE
        if is_length:
            return packed % FIRST
        return packed // FIRST + (packed % FIRST if end else 0)

    def _evaluate(self, table, definition):
        """Returns what the table keeps."""
        text = definition[2]
        expression = self.expression
        value = expression.evaluate(text, True)
        if table is self.blocks:
            return -1 - _length(value, text)
        if definition[3]:
            return whole(value)
        if type(value) is int:
            return (value, 1, expression.flags) if expression.flags else value
        return value[0], value[1], expression.flags


def _length(value, text):
    """The length of a block."""
    value = even(value)
    if value < 0:
        raise SourceFault("memory-size", text, 0, "the length is {}".format(value))
    if value >= MEMORY:
        raise SourceFault("memory-total", text, 0, "{} words; there are {}".format(value + 1, MEMORY))
    return value
