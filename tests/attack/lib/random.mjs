// Random choices that a seed repeats (mulberry32).
export class Random {
  #state;
  #decks = new Map();

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** 0 <= x < 1 */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }

  int = (below) => Math.floor(this.next() * below);
  pick = (list) => list[this.int(list.length)];
  word = (length = 8) => Array.from({ length }, () => this.pick([...'abcdefghijklmnopqrstuvwxyz'])).join('');

  shuffled(list) {
    const all = [...list];
    for (let i = all.length - 1; i > 0; --i) {
      const j = this.int(i + 1);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
  }

  /** The next `count` of `list`, which is dealt out to its end before anything comes twice. */
  deal(name, list, count) {
    const deck = this.#decks.get(name) ?? { left: [], dealt: new Set(), size: list.length };
    this.#decks.set(name, deck);
    const hand = [];
    while (hand.length < Math.min(count, list.length)) {
      if (!deck.left.length) deck.left = this.shuffled([...list.keys()]);
      const index = deck.left.pop();
      deck.dealt.add(index);
      hand.push(list[index]);
    }
    return hand;
  }

  /** How much of a deck came up: "120 of 133". */
  dealt = (name) => (this.#decks.has(name) ? `${this.#decks.get(name).dealt.size} of ${this.#decks.get(name).size}` : '');
}
