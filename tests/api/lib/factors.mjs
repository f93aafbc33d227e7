// Second factors as people hold them: an authenticator app (RFC 6238) and a passkey (W3C Web Authentication, ES256).
import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

const kAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

export function fromBase32(text) {
  const bits = [...text].map((c) => kAlphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of a secret, now or `steps` half minutes later. */
export function totp(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Puts an app in force for whoever `client` is: its secret and the backup codes. One that is there ends first. */
export async function enrolTotp(client) {
  if ((await client.get('/session/factors')).totp) await client.ask('DELETE', '/session/totp');
  const { secret } = await client.post('/session/totp');
  client.secret = secret;
  return { secret, ...(await client.post('/session/totp/confirm', { code: totp(secret) })) };
}

const cborBytes = (bytes) => Buffer.concat([Buffer.from([0x59, bytes.length >> 8, bytes.length & 255]), bytes]);
const cborText = (text) => Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);

export class Passkey {
  #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #id = randomBytes(32);

  constructor(origin) {
    this.origin = origin;
  }

  #client(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }

  #data(rpId, flags, more = Buffer.alloc(0)) {
    return Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 0]), more]);
  }

  /** What POST /session/passkeys takes. */
  made(request, name) {
    const { x, y } = this.#key.publicKey.export({ format: 'jwk' });
    const point = (text) => cborBytes(Buffer.from(text, 'base64url'));
    const cose = Buffer.concat([Buffer.from([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21]), point(x), Buffer.from([0x22]), point(y)]);
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.#id.length]), this.#id, cose]);
    const object = Buffer.concat([Buffer.from([0xa3]), cborText('fmt'), cborText('none'), cborText('attStmt'), Buffer.from([0xa0]),
      cborText('authData'), cborBytes(this.#data(request.rp_id, 0x45, credential))]);
    this.owner = request.user_id;
    return {
      name,
      challenge: request.challenge,
      id: this.#id.toString('base64url'),
      client_data: this.#client('webauthn.create', request.challenge).toString('base64url'),
      attestation_object: object.toString('base64url'),
      transports: ['internal'],
    };
  }

  /** What POST /session/passkey takes. */
  answer({ challenge, rp_id }) {
    const client = this.#client('webauthn.get', challenge);
    const data = this.#data(rp_id, 0x05);
    const signature = createSign('sha256').update(Buffer.concat([data, sha256(client)])).sign(this.#key.privateKey);
    return {
      challenge,
      id: this.#id.toString('base64url'),
      client_data: client.toString('base64url'),
      authenticator_data: data.toString('base64url'),
      signature: signature.toString('base64url'),
      user_handle: this.owner,
    };
  }
}

/** Registers a passkey for whoever `client` is. */
export async function addPasskey(client, name = 'a passkey') {
  const key = new Passkey(client.base);
  const { codes } = await client.post('/session/passkeys', key.made(await client.post('/session/passkeys/request'), name));
  client.passkey = key;
  const { passkeys } = await client.get('/session/factors');
  return { key, codes, id: passkeys.at(-1).id };
}
