# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A project that tries all of the emulator: four HID devices with 20 report ids in one collection, I2C, pins, drive."""

BOOT_PY = """
import usb_hid, usb_midi, supervisor
usb_midi.disable()
supervisor.set_usb_identification("Maker", "Four devices", vid=0x1209, pid=0x0001)
HEAD = b"\\x06\\x00\\xff\\x09\\x01\\xa1\\x01\\x15\\x00\\x26\\xff\\x00\\x75\\x08"
def items(rid, n):
    return b"".join(bytes((0x85, rid, 0x09, 0x01, 0x95, n, kind, 0x02)) for kind in (0x81, 0x91, 0xB1))
devices = []
for g in range(4):
    ids = tuple(range(0x10 + 5 * g, 0x15 + 5 * g))
    sizes = tuple(63 if i == 0x10 else 4 + (i & 7) for i in ids)
    d = b"".join(items(i, n) for i, n in zip(ids, sizes))
    d = (HEAD if g == 0 else b"") + d + (b"\\xc0" if g == 3 else b"")
    devices.append(usb_hid.Device(report_descriptor=d, usage_page=0xFF00, usage=1, report_ids=ids,
                                  in_report_lengths=sizes, out_report_lengths=sizes))
usb_hid.enable(tuple(devices))
print("boot.py done")
"""

CODE_PY = """
import board, busio, digitalio, memorymap, microcontroller, neopixel_write, supervisor, time, usb_hid
supervisor.runtime.autoreload = False
while not supervisor.runtime.serial_connected:
    pass
time.sleep(0.05)
print("READY nvm", microcontroller.nvm[0])
i2c = busio.I2C(board.GP1, board.GP0, frequency=100000)
i2c.try_lock()
pixel = digitalio.DigitalInOut(board.NEOPIXEL)
pixel.switch_to_output()
button = digitalio.DigitalInOut(board.GP8)
button.switch_to_input(pull=digitalio.Pull.UP)
pressed = seen = None
polls = [(d.get_last_received_report, 0x10 + 5 * g + k) for g, d in enumerate(usb_hid.devices) for k in range(5)]
report = bytes((0xC0, 0xFF, 0xEE)) + bytes(range(60))
usb_hid.devices[0].send_report(report, 0x10)
# GET_REPORT is answered from the device object's IN buffer, which no Python call fills: write it in RAM.
ram = memorymap.AddressRange(start=0x20000000, length=0x42000)
at = id(usb_hid.devices[0]) + 8 - 0x20000000
at = int.from_bytes(ram[at:at + 4], "little") - 0x20000000
ram[at:at + 63] = report
def attempt(name, f, *args):
    try:
        print(name, "ok", f(*args) or "")
    except OSError as e:
        print(name, "errno", e.errno)
while True:
    for get, rid in polls:
        r = get(rid)
        if r is None:
            continue
        print("report %02x" % rid, len(r), r[:4].hex())
        if rid == 0x11:
            attempt("write", i2c.writeto, r[0], r[1:4])
        elif rid == 0x12:
            back = bytearray(4)
            attempt("read", i2c.writeto_then_readfrom, r[0], r[1:2], back)
            print("got", back.hex())
        elif rid == 0x13:
            neopixel_write.neopixel_write(pixel, r[:3])
        elif rid == 0x14:
            print("scan", i2c.scan())
        elif rid == 0x1f:
            microcontroller.nvm[0] = r[0]
            print("nvm set")
        elif rid == 0x23:
            usb_hid.devices[3].send_report(r, 0x23)
    try:
        with open("/drop.hex", "rb") as f:
            content = f.read()
    except OSError as e:
        content = None
    if content != seen:
        seen = content
        print("file", None if content is None else (len(content), content[-8:]))
    if button.value != pressed:
        pressed = button.value
        print("button", pressed)
"""


class Picky:
    """Takes a write only when it ends in an even byte."""

    def write(self, data: bytes) -> bool:
        return data[-1] % 2 == 0

    def read(self, n: int) -> bytes:
        return b"\x55" * 4
