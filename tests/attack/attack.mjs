// Attacks a running desk for MINUTES (30), in rounds of all families in an order that SEED decides, while honest people work.
// One line for each family; exit code 1 when something was found. ONLY=sql,csrf: these families alone.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { program } from '../../web/tests/e2e/lib/desk.mjs';
import { families as all } from './families/all.mjs';
import { Field, Tally } from './lib/field.mjs';
import { healthOf } from './lib/health.mjs';
import { Honest } from './lib/honest.mjs';
import { Random } from './lib/random.mjs';

const run = promisify(execFile);
const kMostTakenMiB = 512; // by the first round: pools, caches, what the allocator keeps
const kMostGrownMiB = 300; // by all rounds after it
const kSlackFiles = 30; // files that the store opened, connections of the honest that are still kept
const kSlackThreads = 4;
const kRestMs = 180_000; // until every connection that was left alone must have been closed

const minutes = Number(process.env.MINUTES || 30);
const seed = Number(process.env.SEED || Math.floor(Math.random() * 2 ** 31));
const only = process.env.ONLY ? process.env.ONLY.split(',') : undefined;
const families = all.filter(({ name }) => !only || only.includes(name));
const began = performance.now();
const elapsed = () => Math.round((performance.now() - began) / 1000);

/** The process takes no more of anything than before; asked until it does or the limit is over. */
async function comesToRest(pid, before, warm, tally) {
  let now;
  for (const end = performance.now() + kRestMs; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 500))) {
    now = healthOf(pid);
    if (now.files <= before.files + kSlackFiles && now.threads <= before.threads + kSlackThreads) break;
  }
  if (now.files > before.files + kSlackFiles) tally.found.push(`${now.files} files are open, ${before.files} were before`);
  if (now.threads > before.threads + kSlackThreads) tally.found.push(`${now.threads} threads, ${before.threads} before`);
  if (warm.rss > before.rss + kMostTakenMiB) tally.found.push(`the first round took the process from ${before.rss} to ${warm.rss} MiB`);
  if (now.rss > warm.rss + kMostGrownMiB) tally.found.push(`the process grew from ${warm.rss} MiB after the first round to ${now.rss} MiB`);
  return now;
}

/** The log has lines of the desk's own making, and none of what people keep secret. */
function checkLog(field, tally) {
  const log = field.world.desk.log.join('');
  const { world, customers, staff, canaries } = field;
  const sessions = [world.admin, world.agent, world.customer, ...Object.values(customers), ...Object.values(staff)];
  const secrets = sessions.flatMap(({ headers }) => [headers.Cookie?.split('=')[1], headers['X-Propolis-CSRF'], headers.Authorization?.split(' ')[1]]);
  secrets.push(world.reader.headers.Authorization.split(' ')[1], 'propolis demo desk', 'a long enough password', ...Object.values(canaries), ...field.tokens ?? []);
  for (const secret of secrets.filter(Boolean)) if (log.includes(secret)) tally.found.push(`the log has a secret: ${secret.slice(0, 6)}…`);
  for (const line of log.split('\n').filter((one) => one && !one.startsWith('propolis serves'))) {
    let entry;
    try {
      entry = JSON.parse(line);
    } catch {
      tally.found.push(`a line that is no entry of the log: ${line.slice(0, 200)}`);
    }
    if (entry?.event === 'owned') tally.found.push(`an entry of an attacker's: ${line.slice(0, 200)}`);
    if (/critical|fatal/.test(entry?.level)) tally.found.push(line.slice(0, 300));
  }
}

async function checkStore(data, tally) {
  for (const command of [['doctor'], ['audit', 'verify']]) {
    const { stdout } = await run(program, [...command, '--data', data]).catch((error) => ({ stdout: `${error.stdout}${error.stderr}` }));
    tally.saw(`${command.join(' ')}: ${stdout.trim().slice(0, 60)}`);
    if (stdout.trim() !== 'sound') tally.found.push(`${command.join(' ')}: ${stdout.slice(0, 600)}`);
  }
}

const line = (ok, name, rest) => console.log(`${ok ? 'ok   ' : 'FOUND'}  ${name.padEnd(12)} ${rest}`);

function tell({ name }, { attempts, seen, found }) {
  const sights = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => (count > 1 ? `${what}×${count}` : what)).join(' ');
  line(!found.length, name, `${String(attempts).padStart(6)} attempts  ${sights}`);
  for (const one of found) console.log(`         ${one.replace(/\n/g, '\\n')}`);
}

console.log(`attacking for ${minutes} min, SEED=${seed}`);
const field = await Field.start(new Random(seed));
const tallies = new Map(families.map((family) => [family, new Tally()]));
const whole = new Tally();
let honest;
try {
  honest = await Honest.start(field.world);
  const before = healthOf(field.world.desk.pid);
  console.log(`the desk runs: ${before.rss} MiB, ${before.threads} threads, ${before.files} files; ${elapsed()} s`);
  let rounds = 0;
  let warm;
  do {
    for (const family of field.random.shuffled(families)) {
      if (rounds && elapsed() >= minutes * 60) break;
      field.tally = tallies.get(family);
      const start = performance.now();
      await family.attack(field).catch((error) => field.found(`${family.name} broke off: ${error.stack}`));
      if (process.env.VERBOSE) console.log(`  ${family.name} ${Math.round(performance.now() - start)} ms`);
    }
    field.tally = whole;
    await field.readMails();
    await field.tidy();
    warm ??= healthOf(field.world.desk.pid);
    ++rounds;
  } while (elapsed() < minutes * 60);
  for (const family of families.filter(({ end }) => end)) {
    field.tally = tallies.get(family);
    await family.end(field).catch((error) => field.found(`${family.name} broke off: ${error.stack}`));
  }
  for (const [family, tally] of tallies) {
    if (!tally.attempts) tally.found.push('attacked nothing');
    const dealt = field.random.dealt(family.name);
    if (dealt) tally.saw(`places ${dealt}`);
    tell(family, tally);
  }
  await honest.stop();
  whole.found.push(...honest.failures.slice(0, 10));
  field.agents.destroy();
  const now = await comesToRest(field.world.desk.pid, before, warm, whole);
  checkLog(field, whole);
  await checkStore(field.world.desk.data, whole);
  line(!whole.found.length, 'the desk', `${rounds} rounds in ${elapsed()} s; ${before.rss} → ${warm.rss} → ${now.rss} MiB, ${before.threads} → ${now.threads} threads, ${before.files} → ${now.files} files; ${[...whole.seen.keys()].join(', ')}`);
  line(!honest.failures.length, 'the honest', `${honest.times.length} requests, ${honest.failures.length} failed; half within ${honest.within(0.5)} ms, 99 % within ${honest.within(0.99)} ms`);
  for (const one of whole.found) console.log(`         ${one.replace(/\n/g, '\\n')}`);
} finally {
  await honest?.stop();
  await field.stop();
}
const found = [whole, ...tallies.values()].reduce((sum, tally) => sum + tally.found.length, 0);
if (found) console.log(`${found} found; SEED=${seed} attacks in the same order`);
process.exitCode = found ? 1 : 0;
