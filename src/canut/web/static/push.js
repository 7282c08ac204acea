// Sets this browser up to show the site's messages: a form marked data-push is shown, filled in and sent.
//
// data-push holds the site's public key, data-push-worker the address of the script that shows messages.
// Without scripts, or where the browser has no messages, what is marked data-push-missing stays instead.
"use strict";

(() => {
  const form = document.querySelector("form[data-push]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const key = form.dataset.push;
  const say = (what) => {
    for (const one of document.querySelectorAll("[data-push-said]")) {
      one.hidden = one.dataset.pushSaid !== what;
    }
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  // The script that shows messages has an address of its own, so the page it is set up from may be elsewhere
  const running = (registration) =>
    new Promise((done, failed) => {
      const worker = registration.installing || registration.waiting || registration.active;
      const look = () => {
        if (registration.active) done(registration);
        else if (worker.state === "redundant") failed(new Error("it could not be set up"));
      };
      worker.addEventListener("statechange", look);
      look();
    });

  const subscribed = async () => {
    const registration = await running(await navigator.serviceWorker.register(form.dataset.pushWorker));
    const before = await registration.pushManager.getSubscription();
    if (before && text(before.options.applicationServerKey) === key) return before;
    if (before) await before.unsubscribe(); // it was made for a key that the site has no more
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  };

  for (const one of document.querySelectorAll("[data-push-missing]")) one.hidden = true;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    try {
      const subscription = await subscribed();
      form.elements.endpoint.value = subscription.endpoint;
      form.elements.public_key.value = text(subscription.getKey("p256dh"));
      form.elements.shared_key.value = text(subscription.getKey("auth"));
    } catch {
      say(Notification.permission === "denied" ? "denied" : "failed");
      return;
    }
    form.submit();
  });
})();
