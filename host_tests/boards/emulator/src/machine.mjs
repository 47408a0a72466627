// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: FXCore Sandbox contributors
// The board: an RP2040 with the peripheral fixes CircuitPython needs, its flash chip, its pins, and
// the run loop that keeps instructions, PIO, alarms and host tasks on one emulated clock.
import { RP2040 } from '../core/rp2040.js';
import { SimulationClock } from '../core/clock/simulation-clock.js';
import { BasePeripheral } from '../core/peripherals/peripheral.js';
import { GPIOPinState } from '../core/gpio-pin.js';
import { WaitType } from '../core/peripherals/pio.js';
import { UsbDeviceController } from './usb-device.mjs';

const FLASH_START = 0x10000000;
const RESET_I2C0 = 1 << 3, RESET_USB = 1 << 24;
const CHIP_HAD_POR = 1 << 8, CHIP_HAD_RUN = 1 << 16;
const PAGE = 256;
const ERASE_NS = 45e6, PROGRAM_NS = 0.4e6; // typical W25Q16JV: 4 KiB sector erase, 256-byte page program
const XIP_MISS_CYCLES = 120; // about 30 SPI clocks for an 8-byte line at the divider of 4 CircuitPython sets

/** Registers that read back what was written. */
class PlainRegisters extends BasePeripheral {
  constructor(mcu, name, initial = {}) {
    super(mcu, name);
    this.values = new Map(Object.entries(initial).map(([offset, v]) => [Number(offset), v]));
  }
  readUint32(offset) { return this.values.get(offset) ?? 0; }
  writeUint32(offset, value) { this.values.set(offset, value); }
}

/** Ring oscillator: stable, with a pseudo-random RANDOMBIT (repeatable from run to run). */
class RingOscillator extends PlainRegisters {
  seed = 12345;
  readUint32(offset) {
    if (offset === 0x18) return 0x80001000;
    if (offset !== 0x1c) return super.readUint32(offset);
    this.seed = (Math.imul(this.seed, 1103515245) + 12345) >>> 0;
    return (this.seed >>> 16) & 1;
  }
}

/** Electrical level of each pin: what the chip drives, else what is outside, else the pad's pull. */
class Pins {
  /** external: pin -> 0 | 1, outside drivers that yield to the chip; kept over resets. */
  constructor(mcu, external, onChange) {
    this.mcu = mcu;
    this.external = external;
    this.onChange = onChange;
    mcu.gpio.forEach((pin, n) => pin.addListener(() => this.update(n)));
    for (const n of external.keys()) this.update(n);
  }
  level(n) {
    const pin = this.mcu.gpio[n];
    switch (pin.value) {
      case GPIOPinState.Low: return 0;
      case GPIOPinState.High: return 1;
    }
    if (this.external.has(n)) return this.external.get(n);
    if (pin.value === GPIOPinState.InputPullUp) return 1;
    if (pin.value === GPIOPinState.InputPullDown) return 0;
    return pin.rawInputValue ? 1 : 0;
  }
  drive(n, level) {
    if (level === null || level === undefined) this.external.delete(n);
    else this.external.set(n, level ? 1 : 0);
    this.update(n);
  }
  update(n) {
    const pin = this.mcu.gpio[n], level = this.level(n);
    if (pin.rawInputValue !== !!level) pin.setInputValue(!!level);
    this.onChange(n, level);
  }
}

/**
 * I2C controller: with TX_EMPTY_CTRL set (the SDK sets it), TX_EMPTY rises when a byte has left the
 * shift register, not when it enters. The SDK waits for it and then looks for an abort, so without
 * this a NAK of the last byte of a write would be reported by the next transfer.
 */
function fixTxEmpty(i2c) {
  const TX_EMPTY = 1 << 4, TX_EMPTY_CTRL = 1 << 8, STATE_STOP = 4;
  const { abort, nextCommand, completeWrite } = i2c;
  i2c.abort = (reason) => {
    abort.call(i2c, reason);
    i2c.setInterrupts(TX_EMPTY); // the FIFO has been flushed
  };
  i2c.nextCommand = () => {
    const before = i2c.intRaw & TX_EMPTY;
    nextCommand.call(i2c);
    if (!before && i2c.busy && i2c.control & TX_EMPTY_CTRL) i2c.clearInterrupts(TX_EMPTY);
  };
  i2c.completeWrite = (ack) => {
    completeWrite.call(i2c, ack);
    if (i2c.txFIFO.empty && (!i2c.busy || i2c.state === STATE_STOP)) i2c.setInterrupts(TX_EMPTY);
  };
}

export class Machine {
  /** options: bootrom (words), xipModel, onReset(kind), onFlash(kind, offset, count), components */
  constructor(options) {
    this.options = options;
    this.clock = new SimulationClock();
    this.extraNs = 0;
    this.instructions = 0;
    this.components = options.components ?? []; // each has attach(machine), called again after every reset
    this.build('power');
  }
  get ns() { return this.clock.nanosCounter; }
  get ms() { return this.ns / 1e6; }
  /** Time of the pin change being reported: exact to the cycle also inside a PIO burst. */
  get pinNs() { return this.pioNs ?? this.ns; }

  build(kind) {
    const old = this.mcu;
    this.clock.nextAlarm = null; // alarms of the old chip and of the host tasks die with it
    this.tasks?.forEach((task) => { task.dead = true; });
    this.tasks = [];
    this.halt = null;
    const mcu = this.mcu = new RP2040(this.clock);
    const quiet = () => {};
    mcu.logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    mcu.loadBootrom(this.options.bootrom);
    mcu.xipMissCycles = this.options.xipModel ? XIP_MISS_CYCLES : 0;
    if (old) mcu.flash.set(old.flash);
    if (old && kind !== 'power') mcu.sram.set(old.sram);
    this.chipReset = kind === 'power' ? CHIP_HAD_POR : kind === 'pin' ? CHIP_HAD_RUN : this.chipReset;
    this.patchPeripherals(mcu, kind, old);
    this.hookFlash(mcu);
    this.cycleNs = 1e9 / mcu.clkSys;
    mcu.addClockListener((hz) => { this.cycleNs = 1e9 / hz; });
    for (const component of this.components) component.attach(this);
    this.external ??= new Map();
    this.pins = new Pins(mcu, this.external, (n, level) => { for (const c of this.components) c.onPin?.(n, level); });
    mcu.core.PC = FLASH_START; // enter boot2 directly: the boot ROM's USB/flash search is not run
  }

  patchPeripherals(mcu, kind, old) {
    const at = mcu.peripherals;
    at[0x40060] = new RingOscillator(mcu, 'ROSC');
    at[0x40064] = new PlainRegisters(mcu, 'VREG', { 0: 0x10b1, 4: 0x91, 8: this.chipReset });
    at[0x40018] = new PlainRegisters(mcu, 'IO_QSPI');
    at[0x14000] = new PlainRegisters(mcu, 'XIP_CTRL', { 0: 3, 8: 3 });
    this.wrapRead(at[0x40000], (offset, read) => (offset === 0 ? 0x20002927 : read(offset))); // CHIP_ID of a B2 part
    this.wrapRead(mcu.sio, (offset, read) => (offset === 8 ? 0x3e : read(offset))); // GPIO_HI_IN: BOOTSEL (flash CS) not pressed
    this.usb = new UsbDeviceController(mcu, 'USB');
    mcu.usbCtrl = this.usb;
    at[0x50110] = this.usb;
    this.patchResets(at[0x4000c]);

    // The microsecond timer starts from zero at each reset.
    const start = this.ns, clock = this.clock;
    at[0x40054].clock = { get nanos() { return clock.nanosCounter - start; } };

    const watchdog = at[0x40058];
    watchdog.onWatchdogTrigger = () => { this.pendingReset = 'watchdog'; };
    if (old && kind === 'watchdog') {
      watchdog.reason = old.peripherals[0x40058].reason;
      watchdog.scratchData.set(old.peripherals[0x40058].scratchData);
    }
    // AIRCR (0xd0c): SYSRESETREQ restarts the chip.
    this.wrapRead(mcu.ppb, (offset, read) => (offset === 0xd0c ? 0xfa050000 : read(offset)));
    const ppbWrite = mcu.ppb.writeUint32.bind(mcu.ppb);
    mcu.ppb.writeUint32 = (offset, value) => {
      if (offset !== 0xd0c) ppbWrite(offset, value);
      else if (value & 4) this.pendingReset = 'sysresetreq';
    };
    for (const pio of mcu.pio) pio.run = () => {}; // stepped by our run loop, not by setTimeout
    mcu.i2c.forEach(fixTxEmpty);
  }
  wrapRead(peripheral, reader) {
    const read = peripheral.readUint32.bind(peripheral);
    peripheral.readUint32 = (offset) => reader(offset, read);
  }
  /** RESETS: the model only stores the bits; make them really reset USB and I2C. */
  patchResets(resets) {
    const write = resets.writeUint32.bind(resets);
    resets.writeUint32 = (offset, value) => {
      if (offset === 0) {
        if ((value & RESET_USB) && !(resets.reset & RESET_USB)) this.usb.hardwareReset();
        this.mcu.i2c.forEach((i2c, n) => {
          if (!(value & (RESET_I2C0 << n))) return;
          Object.assign(i2c, { enable: 0, intRaw: 0, state: 0, busy: false, stop: false, pendingRestart: false, abortSource: 0 });
          i2c.txFIFO.reset();
          i2c.rxFIFO.reset();
          i2c.checkInterrupts();
          for (const c of this.components) c.onI2cReset?.(n);
        });
      }
      write(offset, value);
      resets.reset_done = ~resets.reset & 0x1ffffff;
    };
  }

  /** Replaces the boot ROM's flash functions by BKPT traps that act on the flash array and take time. */
  hookFlash(mcu) {
    const rom = new DataView(mcu.bootrom.buffer);
    const address = {};
    for (let t = rom.getUint16(0x14, true); rom.getUint16(t, true); t += 4) {
      const code = rom.getUint16(t, true);
      address[String.fromCharCode(code & 255, code >> 8)] = rom.getUint16(t + 2, true) & ~1;
    }
    const traps = ['IF', 'EX', 'RE', 'RP', 'FC', 'CX', 'UB'];
    traps.forEach((name, k) => rom.setUint16(address[name], 0xbee0 | k, true));
    mcu.onBreak = (code) => {
      const { registers: r } = mcu.core, name = traps[code - 0xe0];
      if (!name || name === 'UB') {
        this.halt = name ? 'the firmware entered the UF2 boot loader'
          : `BKPT ${code} at 0x${mcu.core.PC.toString(16)}, called from 0x${(r[14] >>> 0).toString(16)}`;
        return;
      }
      if (name === 'RE') this.eraseFlash(r[0] & 0xffffff, r[1]);
      if (name === 'RP') this.programFlash(r[0] & 0xffffff, r[1], r[2]);
      mcu.xipTags.fill(-1);
      mcu.xipLast = -1;
      mcu.core.PC = r[14] & ~1;
    };
  }
  /** Cuts the power, and gives it back at once, before so many more steps of writing to flash from first up to end. */
  planCut(first, end, steps) { this.cut = { first, end, steps }; }
  /** A step is a sector erased or a page programmed. True: the power fails before it. */
  failsBefore(offset) {
    if (!this.cut || offset < this.cut.first || offset >= this.cut.end) return false;
    if (this.cut.steps-- > 0) return false;
    this.cut = null;
    this.pendingReset = 'power';
    return true;
  }
  eraseFlash(offset, count) {
    if (this.failsBefore(offset)) return;
    this.mcu.flash.fill(0xff, offset, offset + count);
    this.extraNs += ERASE_NS * count / 4096;
    this.options.onFlash?.('erase', offset, count);
  }
  programFlash(offset, source, count) {
    for (let page = 0; page < count; page += PAGE) {
      if (this.failsBefore(offset + page)) return;
      for (let i = page; i < page + PAGE; i++) this.mcu.flash[offset + i] &= this.mcu.readUint8(source + i);
    }
    this.extraNs += PROGRAM_NS * count / 256;
    this.options.onFlash?.('program', offset, count);
  }

  /** Bytes of SRAM or of the USB controller's memory as they are now: costs the board nothing. */
  peek(address, length) {
    return Uint8Array.from({ length }, (_, k) => this.mcu.readUint8(address + k));
  }

  /** Runs a generator as a host task: each value it yields is a delay in emulated nanoseconds. */
  spawn(generator) {
    const task = { done: false, dead: false, value: undefined, error: null };
    const alarm = this.clock.createAlarm(() => {
      if (task.dead) return;
      try {
        const step = generator.next();
        if (!step.done) return alarm.schedule(Math.max(1, step.value));
        task.value = step.value;
      } catch (e) {
        task.error = e;
      }
      task.done = true;
    });
    alarm.schedule(1);
    this.tasks.push(task);
    return task;
  }
  after(ns, callback) { this.clock.createAlarm(callback).schedule(Math.max(1, ns)); }
  reset(kind) {
    this.build(kind);
    this.options.onReset?.(kind);
  }

  /** Runs for at most maxNs emulated nanoseconds, less when stop() turns true. */
  run(maxNs, stop) {
    const clock = this.clock, until = clock.nanosCounter + maxNs;
    while (clock.nanosCounter < until && !this.halt) {
      if (this.pendingReset) {
        const kind = this.pendingReset;
        this.pendingReset = null;
        this.reset(kind);
      }
      this.runBatch(until);
      if (stop?.()) break;
    }
  }
  runBatch(until) {
    const { clock, mcu } = this, { core, pio } = mcu;
    let executed = 0;
    for (let k = 0; k < 2000; k++) {
      let dt, cycles;
      if (core.waiting) { // WFI / WFE: jump to the next alarm
        dt = Math.max(0, Math.min(clock.nextAlarm?.nanos ?? until, until) - clock.nanosCounter);
        cycles = Math.min(1000, Math.round(dt / this.cycleNs));
        if (this.pioBusy(pio)) {
          cycles = Math.min(cycles, 8) || 1;
          dt = Math.min(dt, cycles * this.cycleNs) || this.cycleNs;
        }
        if (core.interruptsUpdated && core.checkForInterrupts()) core.waiting = false;
      } else {
        cycles = core.executeInstruction();
        if (mcu.xipStall) {
          cycles += mcu.xipStall;
          mcu.xipStall = 0;
        }
        dt = cycles * this.cycleNs;
        executed++;
        if (this.extraNs) { // flash busy: the CPU is stopped, the rest of the world is not
          dt += this.extraNs;
          this.extraNs = 0;
        }
      }
      if (!pio[0].stopped) this.stepPio(pio[0], cycles);
      if (!pio[1].stopped) this.stepPio(pio[1], cycles);
      if (clock.nextAlarm && clock.nextAlarm.nanos <= clock.nanosCounter + dt) clock.tick(dt);
      else clock.nanosCounter += dt;
      if (this.pendingReset || this.halt || clock.nanosCounter >= until) break;
    }
    this.instructions += executed;
  }
  pioBusy(pio) { return (!pio[0].stopped && !this.pioIdle(pio[0])) || (!pio[1].stopped && !this.pioIdle(pio[1])); }
  pioIdle(pio) {
    return pio.machines.every((m) => !m.enabled || (m.waiting && m.waitType === WaitType.Out && m.txFIFO.empty));
  }
  stepPio(pio, cycles) {
    if (this.pioIdle(pio)) return;
    const start = this.ns;
    for (const m of pio.machines) {
      if (!m.enabled) {
        m.credit = 0;
        continue;
      }
      const divider = (m.clockDivInt || 65536) + m.clockDivFrac / 256;
      let credit = m.credit ?? 0;
      for (let i = 0; i < cycles; i++) {
        if (++credit < divider) continue;
        credit -= divider;
        this.pioNs = start + i * this.cycleNs;
        const before = m.cycles;
        m.step();
        pio.checkChangedPins();
        if (m.cycles - before > 1) credit -= (m.cycles - before - 1) * divider; // instruction with a delay
      }
      m.credit = credit;
    }
    this.pioNs = undefined;
    pio.checkInterrupts();
  }
}
