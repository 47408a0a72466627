// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: FXCore Sandbox contributors
// Decodes the WS2812 signal of the LED's pin into frames of bytes, in wire order.
const PIN = 16;
const ONE_NS = 450;  // a high time above this is a 1
const LATCH_NS = 50e3; // this long low ends the frame

export class PixelDecoder {
  constructor(onFrame) {
    this.onFrame = onFrame;
  }
  attach(machine) {
    this.machine = machine;
    Object.assign(this, { bits: [], rise: 0, fall: 0 });
    this.latch = machine.clock.createAlarm(() => this.flush());
  }
  onPin(n, level) {
    if (n !== PIN) return;
    const now = this.machine.pinNs;
    if (level) {
      if (this.bits.length && now - this.fall > LATCH_NS) this.flush();
      this.rise = now;
    } else if (this.rise) {
      this.bits.push(now - this.rise > ONE_NS ? 1 : 0);
      this.rise = 0;
      this.fall = now;
      if (this.bits.length % 24 === 0) this.latch.schedule(LATCH_NS);
    }
  }
  flush() {
    const bytes = [];
    for (let i = 0; i + 8 <= this.bits.length; i += 8) bytes.push(parseInt(this.bits.slice(i, i + 8).join(''), 2));
    this.bits = [];
    if (bytes.length) this.onFrame(this.fall, bytes);
  }
}
