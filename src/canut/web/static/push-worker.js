// Shows the messages that the site sends to this browser, and opens the page they are about.
"use strict";

self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : null;
  if (!said || !said.title) return;
  event.waitUntil(
    self.registration.showNotification(said.title, {
      body: said.body,
      tag: said.path, // a later message about the same page takes the place of the earlier
      data: { path: said.opens || said.path },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.path, self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(self.clients.openWindow(address.href));
});
