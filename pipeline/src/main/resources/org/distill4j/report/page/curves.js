// Loss and accuracy per epoch of every model that was trained.
const MARKS = ['circle', 'rectRot', 'triangle', 'rect', 'star', 'crossRot'];
const shown = {models: new Set(modelNames), train: true, validation: true};
const charts = {};

function drawCurves() {
  if (!data.curves.length) {
    if (at('curves')) drop('curves');
    return;
  }
  drawCurve('loss', 'Loss', 'trainLoss', 'validationLoss', v => fixed(v, 4));
  if (!data.curves.some(c => c.epochs.some(e => e.validationAccuracy !== null))) {
    at('accuracy')?.closest('figure')?.remove();
    return showCurves();
  }
  drawCurve('accuracy', 'Accuracy', 'trainAccuracy', 'validationAccuracy', v => percent(v, 2));
  showCurves();
}

function drawCurve(id, title, trainKey, validationKey, spelled) {
  charts[id]?.destroy();
  const series = data.curves.flatMap(curve => [
    line(curve, 'validation', validationKey), line(curve, 'train', trainKey),
  ]);
  at(id).setAttribute('aria-label', `${title} per epoch: ` + data.curves.map(c => `${c.model} ends at ${spelled(last(c, validationKey))} on validation`).join(', '));
  charts[id] = new Chart(at(id), {
    type: 'line',
    data: {datasets: series},
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: {mode: 'nearest', axis: 'x', intersect: false},
      scales: {
        x: {type: 'linear', min: 1, title: {display: true, text: 'epoch'}, ticks: {precision: 0}, grid: {display: false}, border: {color: colour('--line')}},
        y: {grid: {color: colour('--line')}, border: {display: false}, ticks: {callback: (v, i, ticks) => (id === 'accuracy' ? percent(v, digits(ticks)) : v)}},
      },
      plugins: {
        legend: {display: false},
        tooltip: {callbacks: {
          title: items => (items.length ? `Epoch ${items[0].parsed.x}` : ''),
          label: item => ` ${item.dataset.label}: ${spelled(item.parsed.y)}`,
        }},
      },
    },
  });
}

/** As many digits as tell the ticks of a percentage apart. */
const digits = ticks => {
  const step = ticks.length > 1 ? Math.abs(ticks[1].value - ticks[0].value) : 1;
  return Math.min(4, Math.max(0, Math.ceil(-Math.log10(step) - 2 - 1e-6)));
};

function line(curve, part, key) {
  const ink = colour(modelVariable(curve.model), part === 'train' ? 0.75 : 1);
  return {
    label: `${curve.model}, ${part}`,
    model: curve.model,
    part,
    data: curve.epochs.map(e => ({x: e.epoch, y: e[key]})),
    borderColor: ink,
    backgroundColor: ink,
    borderWidth: part === 'train' ? 1.5 : 2.5,
    borderDash: part === 'train' ? [5, 4] : [],
    pointStyle: MARKS[modelNames.indexOf(curve.model) % MARKS.length],
    pointRadius: part === 'train' ? 0 : 3,
    pointHitRadius: 8,
    clip: 8,
  };
}

const last = (curve, key) => curve.epochs.at(-1)?.[key] ?? null;

/** Applies the toggles. */
function showCurves() {
  for (const chart of [charts.loss, charts.accuracy].filter(Boolean)) {
    chart.data.datasets.forEach(d => { d.hidden = !(shown.models.has(d.model) && shown[d.part]); });
    chart.update();
  }
}

function drawToggles() {
  if (!data.curves.length) return;
  const box = (label, on, change, style) =>
    el('label', {style}, el('input', {type: 'checkbox', checked: on ? '' : null, onchange: e => { change(e.target.checked); showCurves(); }}), label);
  at('toggles').append(
    ...data.curves.map(({model}) => box(model, true, on => (on ? shown.models.add(model) : shown.models.delete(model)), modelStyle(model))),
    el('span', {class: 'gap'}),
    box('validation', true, on => { shown.validation = on; }),
    box('training', true, on => { shown.train = on; }));
}

function drawEpochs() {
  if (!data.curves.length) return;
  const columns = [
    ['training loss', e => fixed(e.trainLoss, 4)], ['training accuracy', e => percent(e.trainAccuracy, 2)],
    ['validation loss', e => fixed(e.validationLoss, 4)], ['validation accuracy', e => percent(e.validationAccuracy, 2)],
    ['rate', e => e.rate.toPrecision(3)], ['steps', e => count(e.step)], ['seconds', e => fixed(e.seconds, 1)],
  ];
  at('epochs').append(el('table', {class: 'epochtable'},
    el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'model'), el('th', {scope: 'col'}, 'epoch'), columns.map(([title]) => el('th', {scope: 'col'}, title)))),
    el('tbody', {}, data.curves.flatMap(curve => curve.epochs.map(e => el('tr', {},
      el('th', {scope: 'row'}, modelLabel(curve.model)), el('td', {}, e.epoch), columns.map(([, text]) => el('td', {}, text(e)))))))));
}
