// Keeps a page up to date: listens for events and fetches the parts of the page they concern again.
//
// <body data-events-url data-events-after data-events-epoch> says where to begin.
// <section id="offers" data-live="listing.* claim.*" data-live-subject="ID"> is fetched again from the
// page's own address (or data-live-url) whenever a matching event arrives. The id is required.

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const CALM_DOWN_MS = 30_000;
const DEBOUNCE_MS = 200;
const LONGEST_DEBOUNCE_MS = 1_500;
const SILENCE_MS = 75_000;
const RELOAD_AGAIN_MS = 15_000;
// How the server ends a socket; after any other code we come back, after the last event we have.
const SIGNED_OUT = 4401;
const NOT_ALLOWED = 4403;
const TOOK_OVER = 4409; // A newer window took this one's place; it comes back when looked at.
const TOO_MUCH = 4429;

const body = document.body;
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

let socket = null;
let position = Number(body.dataset.eventsAfter ?? 0);
let epoch = body.dataset.eventsEpoch ?? "";
let failures = 0;
let retryTimer = 0;
let silenceTimer = 0;
let stopped = false;
let resting = false;
const forced = new Set();

const due = new Set();
let dueSince = 0;
let dueTimer = 0;

/** Whether an event type matches one of the patterns, such as "claim.*". */
export function matches(patterns, type) {
  return patterns.split(/\s+/).some((pattern) => {
    if (pattern === "*") return true;
    return pattern.endsWith(".*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
  });
}

/** Full jitter: any wait up to the doubled bound, so that servers are not met by a herd. */
export function waitBefore(attempt, random = Math.random) {
  const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.max(FIRST_WAIT_MS, random() * bound);
}

function show(state) {
  for (const place of document.querySelectorAll("[data-live-state]")) {
    place.dataset.state = state;
    if (place.textContent !== words[state]) place.textContent = words[state];
    place.hidden = false;
  }
}

function concerned(frame) {
  const parts = [...document.querySelectorAll("[data-live]")];
  return parts.filter((part) => {
    const subject = part.dataset.liveSubject;
    return matches(part.dataset.live, frame.type) && (!subject || subject === subjectOf(frame));
  });
}

function subjectOf(frame) {
  return typeof frame.subject === "object" && frame.subject ? String(frame.subject.id) : String(frame.subject);
}

function schedule(parts) {
  for (const part of parts) if (part.id) due.add(part.id);
  if (!due.size) return;
  const at = performance.now();
  if (!dueSince) dueSince = at;
  clearTimeout(dueTimer);
  dueTimer = setTimeout(refresh, Math.max(0, Math.min(DEBOUNCE_MS, dueSince + LONGEST_DEBOUNCE_MS - at)));
}

function refreshAll() {
  schedule([...document.querySelectorAll("[data-live]")]);
}

function isBeingUsed(part) {
  const typed = [...part.querySelectorAll("input, textarea, select")].some(isDirty);
  return typed || part.querySelector(":popover-open, dialog[open]") !== null;
}

function isDirty(control) {
  if (control.type === "hidden") return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    const before = [...control.options].filter((option) => option.defaultSelected);
    return before.length > 0 && [...control.options].some((o) => o.selected !== o.defaultSelected);
  }
  return control.value !== control.defaultValue;
}

async function refresh() {
  const ids = [...due];
  due.clear();
  dueSince = 0;
  const byAddress = new Map();
  for (const id of ids) {
    const part = document.getElementById(id);
    if (!part) continue;
    if (isBeingUsed(part) && !forced.has(id)) { offerToShow(part); continue; }
    const address = part.dataset.liveUrl ?? location.href;
    byAddress.set(address, [...(byAddress.get(address) ?? []), id]);
  }
  for (const [address, parts] of byAddress) await fetchParts(address, parts);
}

async function fetchParts(address, ids) {
  let text;
  try {
    const response = await fetch(address, { headers: { "X-Live": "1" }, credentials: "same-origin" });
    if (response.redirected) { location.reload(); return; }
    if (!response.ok) return;
    text = await response.text();
  } catch {
    return; // The socket will notice the lost connection, and everything is fetched when it is back.
  }
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const id of ids) {
    const part = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (part && next && (!isBeingUsed(part) || forced.has(id))) replace(part, next);
    forced.delete(id);
  }
}

function replace(part, next) {
  const open = [...part.querySelectorAll("details[id][open]")].map((details) => details.id);
  for (const id of open) next.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  delete part.dataset.liveWaiting;
  window.htmx.swap(part, next.outerHTML, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
}

function offerToShow(part) {
  if (part.dataset.liveWaiting) return;
  part.dataset.liveWaiting = "1";
  const run = () => fetchWithout(part);
  const detail = { text: words.changed, action: { label: words.show, run } };
  document.dispatchEvent(new CustomEvent("foodrelay:toast", { detail }));
}

function fetchWithout(part) {
  forced.add(part.id);
  schedule([part]);
}

function hear(frame) {
  listenForSilence();
  if (frame.passing) { document.dispatchEvent(new CustomEvent("foodrelay:passing", { detail: frame })); return; }
  if (frame.type === "reset" || (frame.epoch && epoch && frame.epoch !== epoch)) { startAnew(); return; }
  if (typeof frame.position !== "number") return;
  const isEvent = frame.type.includes("."); // Others speak of the stream: replay, live, heartbeat.
  if (isEvent && frame.position <= position) return;
  const gap = isEvent && typeof frame.previous === "number" && frame.previous > position;
  position = Math.max(position, frame.position);
  if (gap) refreshAll();
  else if (isEvent) schedule(concerned(frame));
  if (isEvent) document.dispatchEvent(new CustomEvent("foodrelay:event", { detail: frame }));
}

/** Loads the page again, but not over and over: a page that cannot be caught up says so instead. */
function startAnew() {
  const last = Number(sessionStorage.getItem("foodrelay-reload") ?? 0);
  if (Date.now() - last < RELOAD_AGAIN_MS) { stop(); return; }
  sessionStorage.setItem("foodrelay-reload", String(Date.now()));
  location.reload();
}

function stop() {
  stopped = true;
  socket?.close();
  show("stopped");
}

function listenForSilence() {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(() => socket?.close(), SILENCE_MS);
}

function connect() {
  clearTimeout(retryTimer);
  if (stopped || !navigator.onLine) { show("connecting"); return; }
  const address = new URL(body.dataset.eventsUrl, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("after", String(position));
  if (epoch) address.searchParams.set("epoch", epoch);
  const mine = new WebSocket(address);
  socket = mine;
  mine.addEventListener("open", () => {
    show("live");
    listenForSilence();
    if (failures) refreshAll();
    setTimeout(() => { if (socket === mine && mine.readyState === WebSocket.OPEN) failures = 0; }, 5_000);
  });
  mine.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  mine.addEventListener("close", (event) => { if (socket === mine) lost(event.code); });
}

function lost(code) {
  clearTimeout(silenceTimer);
  socket = null;
  if (stopped) return;
  if (code === SIGNED_OUT || code === NOT_ALLOWED) { stop(); return; }
  if (code === TOOK_OVER) { resting = true; show("stopped"); return; }
  show("connecting");
  const wait = waitBefore(failures) + (code === TOO_MUCH ? CALM_DOWN_MS : 0);
  failures += 1;
  retryTimer = setTimeout(connect, wait);
}

function connectSoon() {
  if (stopped || socket) return;
  if (resting) { resting = false; failures = Math.max(failures, 1); }
  clearTimeout(retryTimer);
  retryTimer = setTimeout(connect, Math.random() * FIRST_WAIT_MS);
}

if (body.dataset.eventsUrl && document.querySelector("[data-live]")) {
  addEventListener("online", connectSoon);
  addEventListener("pageshow", (event) => { if (event.persisted) { socket?.close(); socket = null; refreshAll(); connectSoon(); } });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) connectSoon(); });
  connect();
}
