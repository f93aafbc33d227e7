// The process under attack, as the kernel counts it.
import { readdirSync, readFileSync } from 'node:fs';

export function healthOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);
  return { rss: Math.round(number('VmRSS') / 1024), threads: number('Threads'), files: readdirSync(`/proc/${pid}/fd`).length };
}
