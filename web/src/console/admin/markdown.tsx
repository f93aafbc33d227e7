// A preview of Markdown as React elements: never as HTML, so that nothing typed can become a tag.
import { createElement, Fragment, type ReactNode } from 'react';

function inline(text: string): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g)) {
    if (match.index > at) out.push(text.slice(at, match.index));
    const key = match.index;
    if (match[1] !== undefined) out.push(<code key={key}>{match[1]}</code>);
    else if (match[2] !== undefined) out.push(<strong key={key}>{match[2]}</strong>);
    else if (match[3] !== undefined) out.push(<em key={key}>{match[3]}</em>);
    else
      out.push(
        <a key={key} href={match[5]} rel="noopener noreferrer" target="_blank">
          {match[4]}
        </a>,
      );
    at = match.index + match[0].length;
  }
  out.push(text.slice(at));
  return out;
}

export function markdown(source: string): ReactNode {
  const blocks: ReactNode[] = [];
  const lines = source.split('\n');
  let i = 0;
  while (i < lines.length) {
    const line = lines[i]!;
    const key = blocks.length;
    if (!line.trim()) i++;
    else if (line.startsWith('```')) {
      const end = lines.findIndex((one, j) => j > i && one.startsWith('```'));
      const last = end < 0 ? lines.length : end;
      blocks.push(<pre key={key}>{lines.slice(i + 1, last).join('\n')}</pre>);
      i = last + 1;
    } else if (/^#{1,4} /.test(line)) {
      const level = line.indexOf(' ');
      blocks.push(createElement(`h${Math.min(level + 2, 6)}`, { key }, inline(line.slice(level + 1))));
      i++;
    } else if (/^([-*]|\d+\.) /.test(line)) {
      const ordered = /^\d/.test(line);
      const items: string[] = [];
      while (i < lines.length && /^([-*]|\d+\.) /.test(lines[i]!))
        items.push(lines[i++]!.replace(/^([-*]|\d+\.) /, ''));
      blocks.push(
        createElement(
          ordered ? 'ol' : 'ul',
          { key },
          items.map((item, j) => <li key={j}>{inline(item)}</li>),
        ),
      );
    } else if (line.startsWith('> ')) {
      const quoted: string[] = [];
      while (i < lines.length && lines[i]!.startsWith('> ')) quoted.push(lines[i++]!.slice(2));
      blocks.push(<blockquote key={key}>{inline(quoted.join(' '))}</blockquote>);
    } else {
      const words: string[] = [];
      while (i < lines.length && lines[i]!.trim() && !/^(#{1,4} |```|> |[-*] |\d+\. )/.test(lines[i]!))
        words.push(lines[i++]!);
      if (words.length === 0) words.push(lines[i++]!);
      blocks.push(<p key={key}>{inline(words.join(' '))}</p>);
    }
  }
  return <Fragment>{blocks}</Fragment>;
}
