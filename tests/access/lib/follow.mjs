// A reader of server-sent events that keeps every byte it was sent.
import assert from 'node:assert/strict';
import { until } from '../../api/lib/world.mjs';

export async function follow(client, { after } = {}) {
  const stop = new AbortController();
  const headers = { ...client.headers, ...(after !== undefined && { 'Last-Event-ID': String(after) }) };
  const answer = await fetch(`${client.base}/api/v1/events`, { headers, signal: stop.signal });
  assert.equal(answer.status, 200, client.name);
  const stream = { text: '', ended: false, close: () => stop.abort() };
  const read = async () => {
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) stream.text += chunk;
  };
  stream.over = read().catch(() => undefined).then(() => (stream.ended = true));
  stream.hears = (word) => until(`${client.name} to hear of ${word}`, () => stream.text.includes(word));
  stream.ends = () => until(`the end of the stream of ${client.name}`, () => stream.ended);
  await until(`${client.name} to be heard`, () => stream.text.includes('id: ') || stream.ended);
  stream.start = Number(/^id: (\d+)/m.exec(stream.text)?.[1]);
  return stream;
}
