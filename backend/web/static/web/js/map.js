// Maps of the page: pale outlines, pins that cluster by kilograms, and a pin that people can move.
const L = window.L;
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const outlines = new Map();
const CLUSTER_WIDTH = 96;
const SVG = "http://www.w3.org/2000/svg";

function icon(sprite, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function loadOutlines(url) {
  if (!outlines.has(url)) {
    outlines.set(url, fetch(url).then((response) => (response.ok ? response.json() : Promise.reject(response))));
  }
  return outlines.get(url);
}

async function base(place) {
  const map = L.map(place, { zoomControl: false, attributionControl: true, zoomSnap: 0.25, maxZoom: 17 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  map.setView([0, 0], 2);
  let drawn = null;
  try {
    const data = await loadOutlines(place.dataset.outlines ?? place.closest("[data-outlines]").dataset.outlines);
    const style = { className: "map-outline", interactive: false, smoothFactor: 1.2 };
    drawn = L.geoJSON(data, { interactive: false, style }).addTo(map);
    if (data.attribution) map.attributionControl.addAttribution(data.attribution);
  } catch {
    document.dispatchEvent(new CustomEvent("foodrelay:toast", { detail: { text: words.map_failed } }));
  }
  return { map, drawn };
}

function kilograms(grams) {
  const figure = grams >= 100_000 ? Math.round(grams / 1000) : Math.round(grams / 100) / 10;
  return words.kilograms.replace("%(kilograms)s", figure.toLocaleString(document.documentElement.lang));
}

function face(sprite, name, urgency, extra = "") {
  const pin = element("div", `pin ${extra}`, element("span", "pin-face", icon(sprite, name)));
  if (urgency) pin.dataset.urgency = urgency;
  return pin;
}

function popup(pin) {
  const mass = element("p", "mass");
  mass.textContent = pin.mass;
  const what = element("p", "");
  what.append(element("strong", "", pin.title), pin.storage ? ` · ${pin.storage}` : "");
  const body = element("div", "", ...(pin.mass ? [mass, what] : [what]));
  if (pin.detail) body.append(element("p", "muted", pin.detail));
  if (pin.url) {
    const link = element("a", "button", words.show);
    link.href = pin.url;
    body.append(link);
  }
  return body;
}

function marker(pin, sprite) {
  const html = face(sprite, pin.icon, pin.urgency);
  const shape = L.divIcon({ html, className: "", iconSize: [48, 48], iconAnchor: [24, 46], popupAnchor: [0, -40] });
  const name = `${pin.mass} ${pin.title}`.trim();
  const made = L.marker([pin.point[1], pin.point[0]], { icon: shape, title: name, alt: name });
  made.massG = pin.mass_g;
  return made.bindPopup(() => popup(pin), { autoPanPadding: [16, 16] });
}

function cluster() {
  return L.markerClusterGroup({
    showCoverageOnHover: false,
    maxClusterRadius: CLUSTER_WIDTH,
    iconCreateFunction(group) {
      const total = group.getAllChildMarkers().reduce((sum, one) => sum + one.massG, 0);
      const label = total ? kilograms(total) : String(group.getChildCount());
      const html = element("div", "pin-cluster", element("span", "", label));
      return L.divIcon({ html, className: "", iconSize: [CLUSTER_WIDTH, 48] });
    },
  });
}

async function pinMap(place) {
  const sprite = place.dataset.sprite;
  const pins = JSON.parse(document.getElementById(`${place.id}-data`).textContent);
  place.hidden = false;
  const { map, drawn } = await base(place);
  const bounds = pins.length ? L.latLngBounds(pins.map((pin) => [pin.point[1], pin.point[0]])) : drawn?.getBounds();
  if (bounds?.isValid()) map.fitBounds(bounds, { paddingTopLeft: [48, 56], paddingBottomRight: [72, 40], maxZoom: 13, animate: false });
  map.addLayer(cluster().addLayers(pins.map((pin) => marker(pin, sprite))));
  return map;
}

function switcher(view) {
  const place = view.querySelector("[data-map]");
  const twin = document.getElementById(place.dataset.twin);
  const buttons = [...view.querySelectorAll("[data-show]")];
  let map = null;
  const choose = (what) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.show === what));
    place.hidden = what !== "map";
    if (twin) twin.hidden = what === "map";
    if (what !== "map") return;
    if (map) map.then((made) => made.invalidateSize());
    else map = pinMap(place);
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.show));
  choose(view.dataset.first === "list" ? "list" : "map");
}

async function picker(holder) {
  const lon = document.getElementById(holder.dataset.lon);
  const lat = document.getElementById(holder.dataset.lat);
  const { map, drawn } = await base(holder.querySelector("[data-pin-map]"));
  const known = lon.value !== "" && lat.value !== "";
  const bounds = drawn?.getBounds();
  const start = known ? L.latLng(Number(lat.value), Number(lon.value)) : bounds?.getCenter() ?? L.latLng(0, 0);
  if (known) map.setView(start, 14);
  else if (bounds?.isValid()) map.fitBounds(bounds, { animate: false });
  const html = face(holder.dataset.sprite, "map-pin", "", "pin-here");
  const shape = L.divIcon({ html, className: "", iconSize: [48, 48], iconAnchor: [24, 46] });
  const pin = L.marker(start, { icon: shape, draggable: true, autoPan: true, title: words.move_pin, alt: words.move_pin }).addTo(map);
  const write = () => {
    const at = pin.getLatLng();
    lon.value = at.lng.toFixed(6);
    lat.value = at.lat.toFixed(6);
  };
  const move = (at) => { pin.setLatLng(at); map.panInside(at, { padding: [48, 48] }); write(); };
  pin.on("dragend", write);
  map.on("click", (event) => move(event.latlng));
  pin.getElement().addEventListener("keydown", (event) => byKeys(event, map, pin, move));
  for (const input of [lon, lat]) {
    input.addEventListener("change", () => {
      if (lon.value !== "" && lat.value !== "") { pin.setLatLng([Number(lat.value), Number(lon.value)]); map.panTo(pin.getLatLng()); }
    });
  }
  locate(holder, map, move);
}

const STEPS = { ArrowUp: [0, -8], ArrowDown: [0, 8], ArrowLeft: [-8, 0], ArrowRight: [8, 0] };

function byKeys(event, map, pin, move) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  move(map.layerPointToLatLng(map.latLngToLayerPoint(pin.getLatLng()).add(step)));
}

function locate(holder, map, move) {
  const button = holder.querySelector("[data-locate]");
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { const at = L.latLng(coords.latitude, coords.longitude); map.setView(at, 16); move(at); },
      () => document.dispatchEvent(new CustomEvent("foodrelay:toast", { detail: { text: words.no_position } })),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

function begin(within) {
  for (const view of within.querySelectorAll("[data-map-view]:not([data-ready])")) { view.dataset.ready = "1"; switcher(view); }
  for (const holder of within.querySelectorAll("[data-pin-picker]:not([data-ready])")) { holder.dataset.ready = "1"; picker(holder); }
}

begin(document);
document.addEventListener("htmx:afterSettle", () => begin(document));
