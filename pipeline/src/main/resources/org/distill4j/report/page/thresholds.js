// Of two classes: precision and recall, the ROC curve, and what a threshold of one's own brings.
const chosen = {}; // the place of the threshold among a model's cuts; -1 above all

function drawThresholds() {
  const ranked = data.evaluations.filter(e => e.cuts.length);
  if (!ranked.length) {
    if (at('thresholds')) drop('thresholds');
    return;
  }
  const yes = data.classes[ranked[0].positive];
  at('positive').textContent = yes;
  curveChart('precisionrecall', ranked, `recall: share of ${yes} that is found`, 'precision: share of the found that is right', cut => ({x: cut[1], y: cut[3]}));
  curveChart('roc', ranked, 'false alarms: share of the others', `recall: share of ${yes} that is found`, cut => ({x: cut[2], y: cut[1]}));
  const slider = at('threshold');
  const draw = () => {
    const t = Number(slider.value);
    at('thresholdvalue').textContent = percent(t, 0);
    at('thresholdtable').replaceChildren(
      el('thead', {}, el('tr', {}, ['model', 'recall', 'precision', 'false alarms'].map(title => el('th', {scope: 'col'}, title)))),
      el('tbody', {}, ranked.map(e => {
        chosen[e.model] = e.cuts.filter(c => c[0] >= t).length - 1;
        const cut = e.cuts[chosen[e.model]];
        return el('tr', {'data-threshold': e.model}, el('th', {scope: 'row'}, modelLabel(e.model)),
          [cut ? cut[1] : 0, cut ? cut[3] : null, cut ? cut[2] : 0].map(x => el('td', {}, percent(x))));
      })));
    charts.precisionrecall.update();
    charts.roc.update();
  };
  slider.oninput = draw;
  draw();
}

function curveChart(id, ranked, across, up, point) {
  charts[id]?.destroy();
  charts[id] = new Chart(at(id), {
    type: 'line',
    data: {datasets: ranked.map(e => ({
      label: e.model,
      data: e.cuts.map(cut => ({...point(cut), probability: cut[0]})),
      borderColor: colour(modelVariable(e.model)),
      backgroundColor: colour(modelVariable(e.model)),
      borderWidth: 2,
      pointRadius: drawn => (drawn.dataIndex === chosen[e.model] ? 5 : 0),
      pointHitRadius: 6,
    }))},
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      scales: {
        x: {type: 'linear', min: 0, max: 1, title: {display: true, text: across}, ticks: {stepSize: 0.2, maxRotation: 0, callback: v => percent(v, 0)}, grid: {display: false}, border: {color: colour('--line')}},
        y: {min: 0, max: 1, title: {display: true, text: up}, ticks: {stepSize: 0.2, callback: v => percent(v, 0)}, grid: {color: colour('--line')}, border: {display: false}},
      },
      plugins: {legend: {labels: {boxWidth: 14, boxHeight: 2}}, tooltip: {callbacks: {
        title: items => (items.length ? `from a probability of ${percent(items[0].raw.probability)} on` : ''),
        label: item => ` ${item.dataset.label}: ${percent(item.raw.y)} at ${percent(item.raw.x)}`,
      }}},
    },
  });
}
