// What every page does: messages that close, toasts, time that runs, the offline banner.
const root = document.documentElement;
root.classList.add("js");

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const sprite = document.body.dataset.sprite ?? "";
const MINUTE_MS = 60_000;
const TICK_MS = 15_000;

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Shows a short message above the bottom of the page; it stays until closed or for ten seconds. */
export function toast(text, action) {
  const shown = [...document.querySelectorAll("#toasts p")].some((one) => one.textContent === text);
  if (shown) return;
  const item = document.createElement("div");
  item.className = "message";
  const body = document.createElement("p");
  body.textContent = text;
  item.append(icon("info"), body);
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", words.close);
  button.append(icon("x"));
  button.addEventListener("click", () => item.remove());
  if (action) {
    const act = document.createElement("button");
    act.type = "button";
    act.className = "button button-plain";
    act.textContent = action.label;
    act.addEventListener("click", () => { item.remove(); action.run(); });
    item.append(act);
  }
  item.append(button);
  document.getElementById("toasts")?.append(item);
  if (!action) setTimeout(() => item.remove(), 10_000);
}

document.addEventListener("foodrelay:toast", (event) => toast(event.detail.text, event.detail.action));

document.addEventListener("click", (event) => {
  event.target.closest("[data-close-message]")?.closest(".message")?.remove();
  if (event.target.closest("[data-print]")) window.print();
  leadToField(event);
  for (const menu of document.querySelectorAll("details.account[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

/** From the summary of errors to the field itself, also where it is folded away. */
function leadToField(event) {
  const link = event.target.closest("[data-error-link]");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  unfold(field);
  field.focus();
  field.scrollIntoView({ block: "center" });
}

function unfold(field) {
  let fold = field.closest("details:not([open])");
  for (; fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.account[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The page's time: the server's clock at rendering, moving at its rate (a demonstration runs fast).
const renderedAt = Date.parse(document.body.dataset.now ?? "") || Date.now();
const loadedAt = performance.now();
const rate = Number(document.body.dataset.rate ?? "1") || 1;

function now() {
  return renderedAt + (performance.now() - loadedAt) * rate;
}

function fill(pattern, values) {
  return (pattern ?? "").replace(/%\((\w+)\)[ds]/g, (_, key) => values[key] ?? "");
}

function duration(ms) {
  const minutes = Math.floor(ms / MINUTE_MS);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  const inHours = fill(words.hours, { hours });
  if (days) {
    const text = fill(days === 1 ? words.day : words.days, { days });
    return hours && days < 6 ? `${text} ${inHours}` : text;
  }
  if (hours) return rest ? `${inHours} ${fill(words.minutes, { minutes: rest })}` : inHours;
  return rest ? fill(words.minutes, { minutes: rest }) : words.instant;
}

function remaining(until) {
  const left = until - now();
  return left <= 0 ? words.over : fill(words.left, { duration: duration(left) });
}

function urgency(left) {
  if (left <= 0) return "over";
  if (left < 60 * MINUTE_MS) return "urgent";
  return left < 180 * MINUTE_MS ? "soon" : "calm";
}

function say(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function tick() {
  for (const time of document.querySelectorAll("time[data-until]")) {
    say(time, remaining(Date.parse(time.dataset.until)));
  }
  for (const bar of document.querySelectorAll(".time-bar[data-until]")) {
    const until = Date.parse(bar.dataset.until);
    const left = until - now();
    const whole = until - Date.parse(bar.dataset.from);
    const percent = left <= 0 || whole <= 0 ? 0 : Math.min(100, Math.max(2, Math.round((100 * left) / whole)));
    bar.querySelector("rect").setAttribute("width", `${percent}%`);
    bar.dataset.urgency = urgency(left);
    say(bar.querySelector("[data-remaining]"), remaining(until));
  }
}

setInterval(tick, Math.max(1_000, TICK_MS / rate));
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });

// Offline is said plainly; nothing pretends to have been sent.
function showConnection() {
  const banner = document.getElementById("offline");
  if (banner) banner.hidden = navigator.onLine;
}

addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();
// A field that is wrong inside a closed fold could not be shown, and the button would do nothing.
document.addEventListener("invalid", (event) => {
  const first = event.target.form?.querySelector(":is(input, select, textarea):invalid");
  if (event.target !== first) return;  // the browser shows the first one only
  unfold(first);
}, true);

document.addEventListener("htmx:sendError", () => toast(words.unreachable));
document.addEventListener("htmx:responseError", () => toast(words.failed));

document.querySelector("[data-focus]")?.focus();
