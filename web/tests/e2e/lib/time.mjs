// The clock of a running desk, moved by a test.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The clock of a desk: libfaketime in the desk's process reads the shift from a file at every look at the clock. */
export class DeskTime {
  constructor(begin = Date.now()) {
    this.dir = mkdtempSync(join(tmpdir(), 'propolis-time-'));
    this.file = join(this.dir, 'shift');
    this.set(begin);
  }

  set(at) {
    this.shift = at - Date.now();
    const seconds = (this.shift / 1000).toFixed(3);
    writeFileSync(`${this.file}.new`, `${this.shift < 0 ? seconds : `+${seconds}`}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  end() {
    rmSync(this.dir, { recursive: true, force: true });
  }

  now = () => Date.now() + this.shift;

  env = () => ({
    ...process.env,
    LD_PRELOAD: 'libfaketimeMT.so.1',
    LD_LIBRARY_PATH: `/usr/lib/${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}-linux-gnu/faketime`,
    FAKETIME_TIMESTAMP_FILE: this.file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
}
