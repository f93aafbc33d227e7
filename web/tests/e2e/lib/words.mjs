// The interface's own words by id, so that one test speaks every language: text('act.assign'), pattern('act.now_state').
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../src/locales/', import.meta.url));
const read = (path) => JSON.parse(readFileSync(folder + path, 'utf8'));

/** `part`: '' for the console and sign-in, 'portal/' for portal and survey. */
export function wordsOf(language, part = '') {
  const words = read(`${part}${language}.json`);
  const message = (id) => {
    if (!(id in words)) throw new Error(`no words for ${id} in ${part}${language}.json`);
    return words[id];
  };
  return {
    /** The message with its plain {arguments} filled in. */
    text: (id, args = {}) => message(id).replace(/\{(\w+)\}/g, (_, name) => args[name] ?? ''),
    /** The message as a pattern: what is in braces may be anything. Anchored at its ends when `whole`. */
    pattern: (id, whole = false) => {
      let depth = 0;
      let source = '';
      for (const c of message(id)) {
        if (c === '{') {
          if (depth++ === 0) source += '.*';
        } else if (c === '}') depth--;
        else if (depth === 0) source += c.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      }
      return new RegExp(whole ? `^\\s*${source}\\s*$` : source);
    },
  };
}
