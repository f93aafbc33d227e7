// Chromium's virtual authenticator.

/** A platform authenticator whose owner touches it and, unless `verifies` says otherwise, is recognised whenever it asks. */
export async function withAuthenticator(page, { verifies = true } = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  });
  const credentials = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  const lose = () => cdp.send('WebAuthn.clearCredentials', { authenticatorId });
  return {
    credentials,
    lose,
    /** Its counter goes back, as that of a copy would. */
    wind: async (back) => {
      const [credential] = await credentials();
      await lose();
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: back } });
    },
  };
}
