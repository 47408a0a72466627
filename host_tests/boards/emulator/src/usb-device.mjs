// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: FXCore Sandbox contributors
// The RP2040 USB controller in device mode, modelled at transaction level (datasheet 4.1). The host
// side calls setup() / inToken() / outToken(); the firmware side sees registers and dual-port RAM.
import { BasePeripheral } from '../core/peripherals/peripheral.js';

// Buffer control, one half-word per buffer
const LENGTH = 0x3ff, AVAILABLE = 1 << 10, STALL = 1 << 11, RESET_SELECT = 1 << 12, DATA1 = 1 << 13, FULL = 1 << 15;
// Endpoint control
const EP_ENABLE = 31, EP_DOUBLE = 1 << 30, EP_INT_PER_BUFFER = 1 << 29, EP_INT_PER_2 = 1 << 28;
// SIE_STATUS / SIE_CTRL
const VBUS = 1, LINE_J = 1 << 2, SUSPENDED = 1 << 4, RESUME = 1 << 11, CONNECTED = 1 << 16, SETUP_RECEIVED = 1 << 17, BUS_RESET = 1 << 19;
const PULLUP = 1 << 16;
// Registers
const ADDR_ENDP = 0x00, MAIN_CTRL = 0x40, SOF_RD = 0x48, SIE_CTRL = 0x4c, SIE_STATUS = 0x50, BUFF_STATUS = 0x58,
  BUFF_CPU_SHOULD_HANDLE = 0x5c, EP_ABORT = 0x60, EP_ABORT_DONE = 0x64, EP_STALL_ARM = 0x68, USB_MUXING = 0x74, USB_PWR = 0x78,
  INTR = 0x8c, INTE = 0x90, INTF = 0x94, INTS = 0x98;
const INT_BUFF = 1 << 4, INT_BUS_RESET = 1 << 12, INT_SUSPEND = 1 << 14, INT_RESUME = 1 << 15, INT_SETUP = 1 << 16, INT_SOF = 1 << 17, INT_ABORT = 1 << 18;
const USBCTRL_IRQ = 5;

export class UsbDeviceController extends BasePeripheral {
  host = null; // gets onConnect() / onDisconnect()

  constructor(mcu, name) {
    super(mcu, name);
    this.clear();
  }
  clear() {
    Object.assign(this, { address: 0, mainCtrl: 0, sieCtrl: 0, sieStatus: 0, buffStatus: 0, stallArm: 0, inte: 0, intf: 0,
      frame: 0, sofPending: false, abort: 0, abortDone: 0, power: 0, muxing: 0, other: new Map(),
      bufferSelect: new Uint8Array(32) }); // which half of a double buffer is next, by buffer-control index
  }
  hardwareReset() {
    const was = this.connected();
    this.clear();
    this.updateInterrupt();
    if (was) this.host?.onDisconnect();
  }

  // ---- firmware side ----
  get intr() {
    return (this.buffStatus ? INT_BUFF : 0) | (this.sieStatus & BUS_RESET ? INT_BUS_RESET : 0)
      | (this.sieStatus & SETUP_RECEIVED ? INT_SETUP : 0) | (this.sieStatus & RESUME ? INT_RESUME : 0)
      | (this.sieStatus & SUSPENDED ? INT_SUSPEND : 0) | (this.sofPending ? INT_SOF : 0) | (this.abortDone ? INT_ABORT : 0);
  }
  get ints() { return ((this.intr & this.inte) | this.intf) >>> 0; }
  updateInterrupt() { this.rp2040.setInterrupt(USBCTRL_IRQ, !!this.ints); }
  readUint32(offset) {
    switch (offset) {
      case ADDR_ENDP: return this.address;
      case MAIN_CTRL: return this.mainCtrl;
      case SOF_RD:
        this.sofPending = false;
        this.updateInterrupt();
        return this.frame;
      case SIE_CTRL: return this.sieCtrl;
      case SIE_STATUS: // VBUS comes from the overrides in USB_PWR
        return (this.sieStatus | LINE_J | (this.sieCtrl & PULLUP ? CONNECTED : 0) | ((this.power & 12) === 12 ? VBUS : 0)) >>> 0;
      case BUFF_STATUS: return this.buffStatus >>> 0;
      case BUFF_CPU_SHOULD_HANDLE: return 0;
      case EP_ABORT: return this.abort >>> 0;
      case EP_ABORT_DONE: return this.abortDone >>> 0;
      case EP_STALL_ARM: return this.stallArm;
      case USB_MUXING: return this.muxing;
      case USB_PWR: return this.power;
      case INTR: return this.intr >>> 0;
      case INTE: return this.inte;
      case INTF: return this.intf;
      case INTS: return this.ints;
      default: return this.other.get(offset) ?? 0;
    }
  }
  writeUint32(offset, value) {
    const ones = this.rawWriteValue; // for write-1-to-clear registers, whatever the atomic alias
    switch (offset) {
      case ADDR_ENDP: this.address = value & 0x7f; break;
      case MAIN_CTRL: this.mainCtrl = value; break;
      case SIE_CTRL: {
        const was = this.sieCtrl & PULLUP, now = value & PULLUP;
        this.sieCtrl = value & ~(1 << 12);
        if (!was && now) this.host?.onConnect();
        if (was && !now) { // the device sees its own unpulled lines as a bus reset
          this.host?.onDisconnect();
          this.sieStatus |= BUS_RESET;
        }
        break;
      }
      case SIE_STATUS: this.sieStatus &= ~ones; break;
      case BUFF_STATUS: this.buffStatus &= ~ones; break;
      case EP_ABORT:
        this.abort = value;
        this.abortDone |= value;
        break;
      case EP_ABORT_DONE: this.abortDone &= ~ones; break;
      case EP_STALL_ARM: this.stallArm = value & 3; break;
      case USB_MUXING: this.muxing = value; break;
      case USB_PWR: this.power = value; break;
      case INTE: this.inte = value; break;
      case INTF: this.intf = value; break;
      default: this.other.set(offset, value);
    }
    this.updateInterrupt();
  }
  /** Called by the core for each word the firmware writes to the dual-port RAM. */
  DPRAMUpdated(offset, value) {
    if (offset >= 0x80 && offset < 0x100 && value & RESET_SELECT) this.bufferSelect[(offset - 0x80) >> 2] = 0;
  }

  // ---- bus side ----
  connected() { return !!(this.mainCtrl & 1 && this.sieCtrl & PULLUP); }
  busReset() {
    this.address = 0;
    this.stallArm = 0;
    this.sieStatus |= BUS_RESET;
    this.updateInterrupt();
  }
  startOfFrame() {
    this.frame = (this.frame + 1) & 0x7ff;
    if (!(this.inte & INT_SOF)) return;
    this.sofPending = true;
    this.updateInterrupt();
  }
  setup(packet) {
    this.rp2040.usbDPRAM.set(packet, 0);
    this.stallArm = 0;
    this.sieStatus |= SETUP_RECEIVED;
    this.updateInterrupt();
  }
  /** Where endpoint ep's next packet lives; null when the endpoint is not enabled. */
  buffer(ep, out) {
    const ram = this.rp2040.usbDPRAMView;
    const control = ep === 0 ? (1 << EP_ENABLE) | EP_INT_PER_BUFFER | 0x100 : ram.getUint32(8 * ep + (out ? 4 : 0), true);
    if (!(control >>> EP_ENABLE)) return null;
    const index = 2 * ep + (out ? 1 : 0), double = ep && control & EP_DOUBLE;
    const select = double ? this.bufferSelect[index] : 0;
    const register = ram.getUint32(0x80 + 4 * index, true);
    const aborted = !!(this.abort & (1 << index));
    return {
      aborted,
      control, index, double, select,
      stalled: !!(register & STALL) && !!(ep || this.stallArm & (out ? 2 : 1)),
      flags: (register >>> (16 * select)) & 0xffff,
      base: (control & 0xffc0) + 64 * select,
      store: (flags) => ram.setUint32(0x80 + 4 * index, ((register & ~(0xffff << (16 * select))) | (flags << (16 * select))) >>> 0, true),
    };
  }
  finish(buffer, notify) {
    if (buffer.double) this.bufferSelect[buffer.index] ^= 1;
    if (!notify) return;
    this.buffStatus |= 1 << buffer.index;
    this.updateInterrupt();
  }
  inToken(ep) {
    const b = this.buffer(ep, false);
    if (!b) return { status: 'timeout' };
    if (b.stalled) return { status: 'stall' };
    if (b.aborted || !(b.flags & AVAILABLE) || !(b.flags & FULL)) return { status: 'nak' };
    const data = this.rp2040.usbDPRAM.slice(b.base, b.base + (b.flags & LENGTH));
    b.store(b.flags & ~(AVAILABLE | FULL));
    const everySecond = b.double && b.control & EP_INT_PER_2 && !(b.control & EP_INT_PER_BUFFER);
    this.finish(b, !everySecond || b.select === 1);
    return { status: 'ack', data };
  }
  outToken(ep, data, toggle) {
    const b = this.buffer(ep, true);
    if (!b) return { status: 'timeout' };
    if (b.stalled) return { status: 'stall' };
    if (b.aborted || !(b.flags & AVAILABLE) || b.flags & FULL) return { status: 'nak' };
    if (toggle !== (b.flags & DATA1 ? 1 : 0)) return { status: 'ack' }; // repeated packet: acknowledged and dropped
    const count = Math.min(data.length, b.flags & LENGTH);
    this.rp2040.usbDPRAM.set(data.subarray(0, count), b.base);
    b.store((b.flags & ~(AVAILABLE | LENGTH)) | FULL | count);
    this.finish(b, true);
    return { status: 'ack' };
  }
}
