// Passkeys (W3C Web Authentication) between the browser and the desk, whose API writes bytes in base64url.
import { post } from './api';
import type { BackupCodes, PasskeyAnswer, PasskeyRequest, PasskeySignInRequest, Session } from './dto';

const kWaitMs = 300_000;

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

function fromBytes(bytes: ArrayBuffer | null): string {
  const binary = Array.from(new Uint8Array(bytes ?? new ArrayBuffer()), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function';
}

/** The person closed the browser's own window, or took too long: nothing to tell her. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}

/** Another passkey of hers lives in this authenticator already. */
export function wasThere(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError';
}

/** Makes a passkey and has the desk keep it. */
export async function addPasskey(name: string): Promise<BackupCodes> {
  const asked = await post<PasskeyRequest>('/session/passkeys/request');
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: toBytes(asked.challenge),
      rp: { id: asked.rp_id, name: 'Propolis' },
      user: { id: toBytes(asked.user_id), name: asked.user_name, displayName: asked.user_display_name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: 'public-key' as const, alg })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      excludeCredentials: asked.exclude.map((one) => ({
        type: 'public-key' as const,
        id: toBytes(one.id),
        transports: one.transports as AuthenticatorTransport[],
      })),
      attestation: 'none',
      timeout: kWaitMs,
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return post<BackupCodes>('/session/passkeys', {
    name,
    challenge: asked.challenge,
    id: fromBytes(made.rawId),
    client_data: fromBytes(response.clientDataJSON),
    attestation_object: fromBytes(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

/** Has the person show whichever passkey of this desk she picks. */
export async function showPasskey(): Promise<PasskeyAnswer> {
  const asked = await post<PasskeySignInRequest>('/session/passkey/request', undefined, { anonymous: true });
  const made = (await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(asked.challenge),
      rpId: asked.rp_id,
      userVerification: 'required',
      timeout: kWaitMs,
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAssertionResponse;
  return {
    challenge: asked.challenge,
    id: fromBytes(made.rawId),
    client_data: fromBytes(response.clientDataJSON),
    authenticator_data: fromBytes(response.authenticatorData),
    signature: fromBytes(response.signature),
    user_handle: fromBytes(response.userHandle),
  };
}

/** Signs in with it. */
export async function signInWithPasskey(): Promise<Session> {
  return post<Session>('/session/passkey', await showPasskey(), { anonymous: true });
}
