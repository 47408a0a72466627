# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The delay memory as a picture: its blocks, where a program writes into them and where it reads."""

from dataclasses import dataclass
from html import escape

from fxasm import decoder
from fxasm.contents import words
from fxasm.disassembler import WRITERS, Block
from fxcore.program import Program
from sandboxfx.usage import DELAY_WORDS

# Okabe and Ito's colours, which people with any kind of colour vision can tell apart, as (fill, text on it).
COLOURS = (
    ("#56b4e9", "#000"),
    ("#e69f00", "#000"),
    ("#009e73", "#fff"),
    ("#f0e442", "#000"),
    ("#0072b2", "#fff"),
    ("#d55e00", "#fff"),
    ("#cc79a7", "#000"),
)
MOVING = ("CHR", "PITCH", "INTERP")
ROW_WORDS = 4096
WORDS_PER_PIXEL = 4
LEFT, TOP = 64, 64
ROW_HEIGHT, ROW_STEP = 34, 54
LEGEND_STEP = 22
CHARACTER = 7.5  # width of one at the size of a block's name
TEXT_COLUMNS = 64
KEY = "&#9660; is written, | is read, |&#8594; is read from there on"
WHOLE_MS = 1000 / 48000


@dataclass(frozen=True)
class Tap:
    """A place in the delay memory that an instruction names."""

    address: int
    writes: bool
    moves: bool = False  # it reads from there on, wherever an LFO, a ramp or a register says


def taps(program: Program) -> list[Tap]:
    """Returns the places that a program's instructions name, each once, by address."""
    found = set()
    for word in words(program):
        mnemonic, operands = decoder.decode(word) or ("", [])
        found |= {Tap(number, mnemonic in WRITERS, mnemonic in MOVING) for kind, number in operands if kind == "a"}
    return sorted(found, key=lambda tap: (tap.address, tap.writes, tap.moves))


def as_text(blocks: list[Block], places: list[Tap]) -> str:
    """Returns the memory as lines of text: a bar, and each block with its addresses, length and taps."""
    lines = [_headline(blocks), "", f"[{_bar(blocks)}]", ""]
    width = max((len(name) for name, _, _ in blocks), default=0)
    for i, (name, start, end) in enumerate(blocks):
        length = end - start + 1
        line = f"{_sign(i)} {name:<{width}}  {start:>5}..{end:<5}  {length:>6,} words  {length * WHOLE_MS:>7.1f} ms"
        lines.append(f"{line}  {_taps_text(start, end, places)}".rstrip())
    return "\n".join(lines) + "\n"


def as_svg(blocks: list[Block], places: list[Tap], title: str) -> str:
    """Returns the memory as an SVG picture: rows of 4,096 words, the blocks in colours, taps as marks, a legend."""
    rows = DELAY_WORDS // ROW_WORDS
    legend_top = TOP + rows * ROW_STEP + 16
    width, height = LEFT + ROW_WORDS // WORDS_PER_PIXEL + 32, legend_top + max(1, len(blocks)) * LEGEND_STEP + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26" font-size="17" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="46">{_headline(blocks)}; {KEY}</text>',
    ]
    for row in range(rows):
        y = TOP + row * ROW_STEP + 12
        parts.append(f'<text x="{LEFT - 8}" y="{y + 22}" text-anchor="end" fill="#555">{row * ROW_WORDS}</text>')
        parts.append(_rectangle(LEFT, y, ROW_WORDS / WORDS_PER_PIXEL, "#eee"))
    for i, block in enumerate(blocks):
        parts += _svg_block(i, block)
        parts.append(_svg_legend(i, block, places, legend_top))
    parts += [_svg_tap(tap) for tap in places]
    return "\n".join([*parts, "</svg>", ""])


def _headline(blocks: list[Block]) -> str:
    used = sum(end - start + 1 for _, start, end in blocks)
    share = used * 100 / DELAY_WORDS
    return f"delay memory: {used:,} of {DELAY_WORDS:,} words ({share:.1f} %), {used * WHOLE_MS:.0f} ms at 48 kHz"


def _sign(i: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 26]


def _bar(blocks: list[Block]) -> str:
    """One character for each 512 words: the block that has most of them."""
    share = DELAY_WORDS // TEXT_COLUMNS
    cells = []
    for column in range(TEXT_COLUMNS):
        first, last = column * share, (column + 1) * share - 1
        inside = [(min(end, last) - max(start, first) + 1, -i) for i, (_, start, end) in enumerate(blocks)]
        words_, negative = max(inside, default=(0, 0))
        cells.append(_sign(-negative) if words_ > 0 else "·")
    return "".join(cells)


def _taps_text(start: int, end: int, places: list[Tap]) -> str:
    inside = [tap for tap in places if start <= tap.address <= end]
    written = [f"+{tap.address - start}" for tap in inside if tap.writes]
    read = [f"+{tap.address - start}" for tap in inside if not tap.writes and not tap.moves]
    moving = [f"+{tap.address - start}" for tap in inside if tap.moves]
    kinds = (("written at", written), ("read at", read), ("read from there on:", moving))
    return ", ".join(f"{what} {_few(where)}" for what, where in kinds if where)


def _few(offsets: list[str]) -> str:
    return " ".join(offsets) if len(offsets) <= 6 else " ".join([*offsets[:5], f"and {len(offsets) - 5} more"])


def _svg_block(i: int, block: Block) -> list[str]:
    """The block, row by row, with its name in the widest piece."""
    name, start, end = block
    fill, ink = COLOURS[i % len(COLOURS)]
    parts, widest = [], (0.0, 0.0, 0.0)
    for row in range(start // ROW_WORDS, end // ROW_WORDS + 1):
        first, last = max(start, row * ROW_WORDS), min(end, (row + 1) * ROW_WORDS - 1)
        x, y = _place(first)
        width = (last - first + 1) / WORDS_PER_PIXEL
        parts.append(_rectangle(x, y, width, fill))
        widest = max(widest, (width, x, y))
    width, x, y = widest
    if width > len(name) * CHARACTER + 6:
        parts.append(
            f'<text x="{x + width / 2:.1f}" y="{y + 22:.1f}" text-anchor="middle" fill="{ink}">{escape(name)}</text>'
        )
    return parts


def _svg_legend(i: int, block: Block, places: list[Tap], top: float) -> str:
    name, start, end = block
    y = top + i * LEGEND_STEP
    length = end - start + 1
    text = f"{start}..{end}, {length:,} words, {length * WHOLE_MS:.1f} ms"
    where = _taps_text(start, end, places)
    return (
        _rectangle(LEFT, y, 14, COLOURS[i % len(COLOURS)][0], 14)
        + f'<text x="{LEFT + 24}" y="{y + 12}"><tspan font-weight="bold">{escape(name)}</tspan>  {text}'
        + (f"; {where}</text>" if where else "</text>")
    )


def _svg_tap(tap: Tap) -> str:
    x, y = _place(tap.address)
    if tap.writes:
        return f'<path d="M {x - 5:.1f} {y - 9} h 10 l -5 9 z"/>'
    if tap.moves:
        return f'<path d="M {x:.1f} {y + ROW_HEIGHT} V {y - 6} h 9 m -3 -3 l 3 3 l -3 3" fill="none" stroke="#000"/>'
    return f'<path d="M {x:.1f} {y - 7} v {ROW_HEIGHT + 7}" stroke="#000"/>'


def _place(address: int) -> tuple[float, float]:
    row, column = divmod(address, ROW_WORDS)
    return LEFT + column / WORDS_PER_PIXEL, TOP + row * ROW_STEP + 12


def _rectangle(x: float, y: float, width: float, fill: str, height: float = ROW_HEIGHT) -> str:
    return (
        f'<rect x="{x:.2f}" y="{y:.1f}" width="{max(width, 0.75):.2f}" height="{height}" fill="{fill}" stroke="#555"/>'
    )
