import { assignment } from './assignment.mjs';
import { bombs } from './bombs.mjs';
import { csrf } from './csrf.mjs';
import { csv } from './csv.mjs';
import { guessing } from './guessing.mjs';
import { headers } from './headers.mjs';
import { hosts } from './hosts.mjs';
import { idor } from './idor.mjs';
import { letters } from './letters.mjs';
import { markup } from './markup.mjs';
import { paths } from './paths.mjs';
import { races } from './races.mjs';
import { repeats } from './repeats.mjs';
import { sessions } from './sessions.mjs';
import { slow } from './slow.mjs';
import { smuggling } from './smuggling.mjs';
import { sql } from './sql.mjs';
import { ssrf } from './ssrf.mjs';
import { templates } from './templates.mjs';
import { tokens } from './tokens.mjs';
import { unicode } from './unicode.mjs';

export const families = [
  sql, templates, headers, paths, markup, csv, ssrf, idor, csrf, sessions, guessing, tokens, bombs, slow, smuggling, hosts, unicode, assignment, repeats, races, letters,
];
