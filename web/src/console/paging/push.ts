// Messages to this browser (Web Push): its subscription, and which of my ways it is.
import { get, post } from '@lib/api';
import type { ContactMethod, MadeContactMethod, PushKey } from '@lib/dto';
import { keptStore } from '../store';

const kWorker = '/push.js';

export const canPush = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** The id of the way that this browser is; null: it is none. */
export const thisBrowser = keptStore<string | null>('push.method', null);

const browsers = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const systems = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** "Firefox, Linux": how this browser is told from her others. */
export function browserName(agent: string): string {
  const known = (names: readonly (readonly [string, string])[]) => names.find(([part]) => agent.includes(part))?.[1];
  return [known(browsers) ?? 'Web', known(systems)].filter(Boolean).join(', ');
}

/** One made with another key (the desk was set up anew) takes no messages of this desk. */
async function subscription(registration: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    const old = await registration.pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

/** Asks her, subscribes, and tells the desk; null: she, or the browser, said no. Called by a click alone. */
export async function tellThisBrowser(): Promise<ContactMethod | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null;
  await navigator.serviceWorker.register(kWorker);
  const registration = await navigator.serviceWorker.ready;
  const { key } = await get<PushKey>('/me/push-key');
  const { endpoint, keys } = (await subscription(registration, key)).toJSON();
  const { method } = await post<MadeContactMethod>('/me/contact-methods', {
    kind: 'push',
    label: browserName(navigator.userAgent),
    address: endpoint,
    keys: { p256dh: keys?.p256dh, auth: keys?.auth },
  });
  thisBrowser.set(method.id);
  return method;
}

/** Her way was taken back: when it is this browser, it gives its subscription up. */
export async function wayRemoved(id: string): Promise<void> {
  if (id !== thisBrowser.get()) return;
  thisBrowser.set(null);
  const registration = await navigator.serviceWorker.getRegistration(kWorker);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
