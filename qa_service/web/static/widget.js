// A button that opens the chat in a frame, for a page of another application:
//   <script src="https://…/widget.js" defer data-title="Ask" data-accent="#0f5957" data-language="de"></script>
// Attributes: data-title, data-label, data-greeting, data-examples (questions separated by |), data-language,
// data-accent and data-on-accent (#rrggbb), data-theme (light, dark), data-position (right, left), data-open.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !script.src) return;
  const given = script.dataset;
  const colour = (value, otherwise) => (/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value ?? "") ? value : otherwise);
  const accent = colour(given.accent, "#0f5957");
  const onAccent = colour(given.onAccent, "#ffffff");
  const label = given.label || given.title || "Ask the articles";
  const side = given.position === "left" ? "left" : "right";

  const address = () => {
    const url = new URL("embed/", script.src);
    const values = {
      title: given.title, greeting: given.greeting, examples: given.examples, lang: given.language,
      accent: given.accent && accent, "on-accent": given.onAccent && onAccent,
    };
    if (given.theme === "light" || given.theme === "dark") values.__theme = given.theme;
    for (const [name, value] of Object.entries(values)) if (value) url.searchParams.set(name, value);
    return url.href;
  };

  const style = `
    :host { all: initial; }
    .button { position: fixed; bottom: 20px; ${side}: 20px; z-index: 2147483000; display: inline-flex; align-items: center; gap: 10px; height: 52px; padding: 0 20px 0 16px; border: 0; border-radius: 26px; background: ${accent}; color: ${onAccent}; font: 600 15px/1 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; box-shadow: 0 10px 30px -8px rgb(0 0 0 / 45%); cursor: pointer; }
    .button:focus-visible { outline: 3px solid ${accent}; outline-offset: 3px; }
    .button svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .panel { position: fixed; bottom: 84px; ${side}: 20px; z-index: 2147483000; width: 410px; height: min(660px, calc(100vh - 108px)); border: 1px solid rgb(0 0 0 / 14%); border-radius: 18px; overflow: hidden; background: #faf9f6; box-shadow: 0 26px 70px -18px rgb(0 0 0 / 45%); }
    .panel[hidden] { display: none; }
    iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
    @media (max-width: 520px) { .panel { inset: 0 0 76px 0; width: auto; height: auto; border-radius: 0; border-width: 0 0 1px; } .button { bottom: 12px; ${side}: 12px; } }
    @media print { .button, .panel { display: none; } }
    @media (prefers-reduced-motion: no-preference) { .panel { animation: rise 0.18s ease-out; } @keyframes rise { from { opacity: 0; transform: translateY(10px); } } }`;

  const host = document.createElement("div");
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "panel");
  const svg = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const icon = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  icon.append(svg("path", { d: "M20 11.5a7.5 7.5 0 0 1-7.5 7.5c-1.200 0-2.400-.3-3.400-.8L4 20l1.800-5.100a7.5 7.5 0 1 1 14.200-3.400z" }));
  const name = document.createElement("span");
  name.textContent = label;
  button.append(icon, name);

  const panel = document.createElement("div");
  panel.id = "panel";
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", label);
  shadow.append(panel, button);

  let frame = null;
  const open = () => {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.allow = "clipboard-write";
      frame.src = address();
      panel.append(frame);
    }
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    frame.focus();
  };
  const close = () => {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  };
  button.addEventListener("click", () => (panel.hidden ? open() : close()));
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) close(); });
  addEventListener("message", (event) => {
    if (frame && event.source === frame.contentWindow && event.data?.type === "qa-service:close") close();
  });
  const start = () => {
    document.body.append(host);
    if (given.open !== undefined && given.open !== "false") open();
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
