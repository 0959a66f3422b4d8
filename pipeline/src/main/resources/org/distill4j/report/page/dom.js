'use strict';
// The page's data, and how text, numbers and colours are put on the page.
const data = JSON.parse(document.getElementById('data').textContent);

/** An element; strings among the children become text, so nothing in the data is ever markup. */
function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key === 'style') Object.entries(value).forEach(([k, v]) => element.style.setProperty(k, v));
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

const at = id => document.getElementById(id);
const count = n => n.toLocaleString('en-US');
const fixed = (x, digits) => (x === null || x === undefined ? '–' : x.toFixed(digits));
const percent = (x, digits = 1) => (x === null || x === undefined ? '–' : (100 * x).toFixed(digits) + ' %');
const signed = (x, digits) => (x > 0 ? '+' : x < 0 ? '−' : '±') + Math.abs(x).toFixed(digits);
const duration = s => (s < 60 ? s.toFixed(1) + ' s' : Math.floor(s / 60) + ' min ' + Math.round(s % 60) + ' s');
const times = x => (x >= 10 ? x.toFixed(0) : x.toFixed(1));

function bytes(n) {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]]) {
    if (n >= size) return (n / size).toFixed(n >= 100 * size ? 0 : 1) + ' ' + unit;
  }
  return n + ' B';
}

// Models have one colour throughout: by their place in the results, else behind those.
const modelNames = [...new Set([
  ...data.results.models.map(m => m.name),
  ...data.curves.map(c => c.model),
  ...data.evaluations.map(e => e.model),
])];
const modelVariable = name => `--m${Math.max(0, modelNames.indexOf(name)) % 8}`;
const modelStyle = name => ({'--model': `var(${modelVariable(name)})`});
const modelLabel = name => el('span', {class: 'model', style: modelStyle(name)}, name);

/** What a colour variable is right now, light or dark, as the canvas takes it. */
function colour(variable, alpha = 1) {
  const probe = el('span', {style: {color: `color-mix(in srgb, var(${variable}) ${100 * alpha}%, transparent)`}});
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return canvasColour(value);
}

/** color-mix() answers color(srgb r g b / a), which the chart library cannot take apart. */
function canvasColour(value) {
  const parts = value.match(/color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)/);
  if (!parts) return value;
  const [r, g, b] = parts.slice(1, 4).map(x => Math.round(255 * x));
  return `rgba(${r}, ${g}, ${b}, ${parts[4] ?? 1})`;
}

// One tooltip for everything that carries data-tip.
function watchTips() {
  const tip = at('tip');
  const show = event => {
    const owner = event.target.closest?.('[data-tip]');
    tip.hidden = !owner;
    if (!owner) return;
    tip.textContent = owner.dataset.tip;
    const box = owner.getBoundingClientRect();
    const left = Math.min(box.right + 8, innerWidth - tip.offsetWidth - 8);
    tip.style.left = Math.max(8, left) + 'px';
    tip.style.top = Math.max(8, Math.min(box.bottom + 6, innerHeight - tip.offsetHeight - 8)) + 'px';
  };
  for (const type of ['pointerover', 'pointerdown', 'focusin']) document.addEventListener(type, show);
  document.addEventListener('scroll', () => { tip.hidden = true; }, {passive: true, capture: true});
}

/** Takes away a section that has nothing to show, and its link. */
function drop(id) {
  at(id).remove();
  document.querySelector(`nav a[href="#${id}"]`)?.remove();
}
