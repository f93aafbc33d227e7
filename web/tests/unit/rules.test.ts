import { describe, expect, it } from 'vitest';
import { collisions, commandOf, defaultKeys, keyMap, pressed } from '../../src/lib/keys';
import { cellRole, disorders, kDefaultMatrix, priorityOf } from '../../src/lib/matrix';
import { diffLines, linkify, pickerAt, shortHash } from '../../src/lib/text';
import { likelyLanguage, mask, warningsFor } from '../../src/lib/warnings';

const calm = { text: '', attachments: 0, added: [], knownDomains: ['customer.example'], newer: false };
const kinds = (text: string, more = {}) => warningsFor({ ...calm, text, ...more }).map((one) => one.kind);

describe('matrix', () => {
  it('gives the cell, and nothing outside', () => {
    expect(priorityOf(kDefaultMatrix, 2, 1)).toBe('P1');
    expect(priorityOf(kDefaultMatrix, 3, 4)).toBe('P4');
    expect(priorityOf(kDefaultMatrix, 0, 1)).toBeUndefined();
    expect(priorityOf(kDefaultMatrix, 1, 5)).toBeUndefined();
  });
  it('finds a cell that outranks a graver one beside it', () => {
    expect(disorders(kDefaultMatrix)).toEqual([]);
    const odd = kDefaultMatrix.map((row) => [...row]);
    odd[3]![3] = 'P1';
    expect(disorders(odd)).toEqual([{ impact: 4, urgency: 4 }]);
  });
  it('tells the chosen cell, its cross and the rest', () => {
    const chosen = { impact: 2, urgency: 1 };
    expect(cellRole(2, 1, chosen)).toBe('chosen');
    expect(cellRole(2, 4, chosen)).toBe('cross');
    expect(cellRole(4, 1, chosen)).toBe('cross');
    expect(cellRole(3, 3, chosen)).toBe('plain');
  });
});

describe('warnings before sending', () => {
  it.each([
    ['The new password is Vq7-81zz-e2, use it today.'],
    ['Clave nueva: Vq7-81zz-e2.'],
    ['A senha: Abc12345!'],
    ['key AKIAABCDEFGHIJKLMNOP here'],
    ['-----BEGIN RSA PRIVATE KEY-----'],
  ])('a secret: %s', (text) => expect(kinds(text)).toContain('secret'));
  it('keeps a masked secret and the full stop out of it', () => {
    expect(kinds('Clave nueva: ••••••')).not.toContain('secret');
    expect(warningsFor({ ...calm, text: 'Clave nueva: Vq7-81zz-e2. Gracias' })[0]?.words).toBe('Vq7-81zz-e2');
    expect(mask('Vq7-81zz-e2')).toBe('Vq7••••e2');
  });
  it.each([
    ['Please reset your password today.'],
    ['The secret is out.'],
    ['Your token expired.'],
    ['Su clave caducó ayer.'],
  ])('no secret: %s', (text) => expect(kinds(text)).not.toContain('secret'));
  it.each([['Dear {{first_name}},'], ['Hola [nombre]'], ['we call at XXXX'], ['Prezado <nome>']])(
    'a placeholder: %s',
    (text) => expect(kinds(text)).toContain('placeholder'),
  );
  it.each([
    ['Lo que ustedes configuraron mal era el grupo DH.'],
    ['You should have read the manual.'],
    ['Foi culpa sua.'],
    ['As we already told you, restart it.'],
  ])('blame: %s', (text) => expect(kinds(text)).toContain('blame'));
  it('a file that is named but not there', () => {
    expect(kinds('Please see the attached capture.')).toContain('attachment');
    expect(kinds('Va adjunto el informe.')).toContain('attachment');
    expect(kinds('Please see the attached capture.', { attachments: 1 })).not.toContain('attachment');
    expect(kinds('> see the attached file')).not.toContain('attachment');
  });
  it('the wrong language, and only when it is clear', () => {
    const spanish =
      'Hola, el nodo de respaldo ya está activo y los usuarios pueden entrar con su clave de siempre, gracias.';
    expect(likelyLanguage(spanish)).toBe('es');
    expect(
      likelyLanguage('Olá, o nó de reserva já está ativo e os usuários não têm mais erros, muito obrigado a você.'),
    ).toBe('pt');
    expect(likelyLanguage('The standby node is up and your users can sign in again, thank you.')).toBe('en');
    expect(likelyLanguage('ok')).toBeUndefined();
    expect(kinds(spanish, { language: 'pt' })).toContain('language');
    expect(kinds(spanish, { language: 'es' })).not.toContain('language');
  });
  it('an outsider among the copies', () => {
    expect(kinds('x', { added: ['a@other.example'] })).toContain('outsider');
    expect(kinds('x', { added: ['a@customer.example', 'b@eu.customer.example'] })).not.toContain('outsider');
    expect(kinds('x', { added: ['a@evilcustomer.example'] })).toContain('outsider');
  });
  it('a message that came meanwhile; and nothing where nothing is', () => {
    expect(kinds('x', { newer: true })).toEqual(['newer']);
    expect(kinds('The tunnel is up again since 14:05.')).toEqual([]);
  });
});

describe('keys', () => {
  const press = (key: string, more = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });
  it('reads a press', () => {
    expect(pressed(press('K', { ctrlKey: true, shiftKey: true }))).toBe('ctrl+shift+k');
    expect(pressed(press('?', { shiftKey: true }))).toBe('?');
    expect(pressed(press('a', { altKey: true }))).toBe('');
  });
  it('finds its command, also remapped', () => {
    expect(commandOf(press('j'), defaultKeys)).toBe('next');
    expect(commandOf(press('j', { ctrlKey: true }), defaultKeys)).toBeUndefined();
    expect(commandOf(press('q'), keyMap({ next: 'q' }))).toBe('next');
  });
  it('has no two commands on one key, and says when it would', () => {
    expect(collisions(defaultKeys)).toEqual([]);
    expect(collisions(keyMap({ next: 'k' }))).toEqual([['next', 'previous']]);
  });
});

describe('text', () => {
  it('links addresses and tickets, and nothing else', () => {
    expect(linkify('see https://a.example/x?y=1. or PR-20417-K')).toEqual([
      { text: 'see ' },
      { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
      { text: '. or ' },
      { text: 'PR-20417-K', href: '/t/PR-20417-K' },
    ]);
    expect(linkify('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)' }]);
  });
  it('tells what changed', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc')).toEqual([
      { sign: ' ', text: 'a' },
      { sign: '-', text: 'b' },
      { sign: '+', text: 'x' },
      { sign: ' ', text: 'c' },
    ]);
    expect(diffLines('', 'a')).toEqual([{ sign: '+', text: 'a' }]);
  });
  it('opens a picker only at a word of its own', () => {
    expect(pickerAt('Dear ::upd', 10)).toEqual({ sign: '::', word: 'upd', from: 5 });
    expect(pickerAt('@@Inê', 5)?.word).toBe('Inê');
    expect(pickerAt('std::vector', 11)).toBeUndefined();
    expect(pickerAt('what?? ', 7)).toBeUndefined();
  });
  it('shortens a hash', () => expect(shortHash('9f2c41d0a7e35b8890b7e08d')).toBe('9f2c41…b7e08d'));
});
