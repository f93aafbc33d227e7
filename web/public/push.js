// The service worker of messages to this browser (Web Push): it shows what the desk says, takes a page by the button of
// its notification, and opens the ticket. It touches no request of the pages.
//
// A message: {title, body, lang, tag, url, take?: {label, taken, url}} (src/channels/notify/push_call.cpp).

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const message = event.data.json();
  event.waitUntil(
    show(message.title, message, {
      body: message.body,
      requireInteraction: Boolean(message.take),
      actions: message.take ? [{ action: 'take', title: message.take.label }] : [],
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  const message = event.notification.data;
  event.notification.close();
  event.waitUntil(event.action === 'take' ? take(message) : open(message.url));
});

/** A newer one of the same page replaces the one before, and is heard again. */
function show(title, message, options) {
  const { lang, tag } = message;
  return self.registration.showNotification(title, {
    lang,
    tag,
    renotify: true,
    icon: '/mark.svg',
    data: message,
    ...options,
  });
}

/** As the link in the mail does: it answers for one person, whether she is signed in here or not. */
async function take(message) {
  const token = message.take.url.split('/').pop();
  try {
    const answer = await fetch(`/api/v1/page-links/${token}`, {
      method: 'POST',
      credentials: 'omit',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': message.lang },
      body: JSON.stringify({ act: 'acknowledge' }),
    });
    if (answer.ok) return await show(message.take.taken, message, { body: message.body });
  } catch {
    // not reached: the page behind the link says so, and lets her try again
  }
  return open(message.take.url);
}

/** A window that shows it already, or a new one: what she writes in another is left alone. */
async function open(path) {
  const url = new URL(path, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const shown = windows.find((one) => one.url === url);
  return shown ? shown.focus() : self.clients.openWindow(url);
}
