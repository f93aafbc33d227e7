import { expect, test } from 'vitest';
import { browserName } from '../../src/console/paging/push';

test('a browser is named as its owner would', () => {
  const name = (agent: string) => browserName(`Mozilla/5.0 ${agent}`);
  expect(name('(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox, Linux');
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0';
  expect(name(`(Windows NT 10.0; Win64; x64) ${webkit} Safari/537.36 Edg/140.0.0.0`)).toBe('Edge, Windows');
  expect(name(`(Linux; Android 15) ${webkit} Mobile Safari/537.36`)).toBe('Chrome, Android');
  expect(name('(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15')).toBe(
    'Safari, macOS',
  );
  expect(name('something new')).toBe('Web');
});
