// Shows how far a plan is while it is worked out, as it is told over the socket.
const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
const UNKNOWN = "\u2013";

/** The figure as people read it: "1,234.5", or a dash for what the search has not said. */
export function reading(value, per) {
  return value === null || value === undefined ? UNKNOWN : numbers.format(value / per);
}

document.addEventListener("foodrelay:passing", ({ detail }) => {
  if (detail.type !== "plan.progress") return;
  const part = document.querySelector(`[data-plan-running="${CSS.escape(detail.subject.id)}"]`);
  for (const place of part?.querySelectorAll("[data-progress]") ?? []) {
    place.textContent = reading(detail.data[place.dataset.progress], Number(place.dataset.per));
  }
});
