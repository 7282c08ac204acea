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

  const subscribed = async () => {
    await navigator.serviceWorker.register(form.dataset.pushWorker);
    const registration = await navigator.serviceWorker.ready;
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
