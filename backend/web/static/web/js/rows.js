// Rows of a form that are added and taken away at once; without this script the server does it.
const holder = document.querySelector("[data-rows]");
const template = document.querySelector("[data-row-template]");
const BLANK = "__n__";

function next() {
  const numbers = [...holder.querySelectorAll("[data-row]")].map((row) => Number(row.dataset.row));
  return Math.max(0, ...numbers) + 1;
}

function add() {
  const made = document.createElement("template");
  made.innerHTML = template.innerHTML.replaceAll(BLANK, String(next()));
  const row = made.content.firstElementChild;
  holder.append(row);
  ready(row);
  row.querySelector("select").focus();
}

function drop(row) {
  const before = row.previousElementSibling;
  row.remove();
  const left = before.querySelector("[data-drop-row]") ?? document.querySelector("[data-add-row]");
  left.focus();
}

// As plain buttons they do not send the form, also not when Enter is pressed in a field.
function ready(within) {
  for (const button of within.querySelectorAll("[data-drop-row]")) {
    button.type = "button";
    button.addEventListener("click", () => drop(button.closest("[data-row]")));
  }
}

if (holder && template) {
  ready(holder);
  for (const button of document.querySelectorAll("[data-add-row]")) {
    button.type = "button";
    button.addEventListener("click", add);
  }
}
