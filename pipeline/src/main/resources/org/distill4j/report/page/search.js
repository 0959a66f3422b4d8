// What a search tried on validation: a line for each soft weight, or a point for each if T was not searched.
const trials = data.results.search?.trials ?? [];

function drawSearch() {
  if (!trials.length) {
    if (at('search')) drop('search');
    return;
  }
  const hot = new Set(trials.map(t => t.temperature)).size > 1;
  const groups = hot ? [...new Set(trials.map(t => t.soft))].map(s => [`soft ${s}`, trials.filter(t => t.soft === s)]) : [['', trials]];
  const best = trials.find(t => t.chosen);
  const words = `best of ${trials.length}: T = ${best.temperature}, hard ${best.hard}, soft ${best.soft}, accuracy ${percent(best.accuracy, 2)}` + trials.filter(t => t.fault).map(t => `; ${t.name}: ${t.fault}`).join('');
  at('searchwords').textContent = words;
  at('trials').setAttribute('aria-label', words);
  charts.trials?.destroy();
  charts.trials = new Chart(at('trials'), {
    type: 'line',
    data: {datasets: groups.map(([label, tried], i) => ({
      label,
      data: tried.map(t => ({x: hot ? t.temperature : t.soft, y: t.accuracy, chosen: t.chosen})).sort((a, b) => a.x - b.x),
      borderColor: colour(`--m${i % 8}`),
      backgroundColor: colour(`--m${i % 8}`),
      borderWidth: 2,
      pointStyle: MARKS[i % MARKS.length],
      pointRadius: point => (point.raw?.chosen ? 8 : 4),
    }))},
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: {type: 'linear', title: {display: true, text: hot ? 'temperature T' : 'soft weight'}, grid: {display: false}, border: {color: colour('--line')}},
        y: {grid: {color: colour('--line')}, border: {display: false}, ticks: {callback: v => percent(v, 1)}},
      },
      plugins: {
        legend: {display: groups.length > 1},
        tooltip: {callbacks: {title: () => '', label: item => ` ${hot ? 'T' : 'soft'} = ${item.parsed.x}: ${percent(item.parsed.y, 2)}`}},
      },
    },
  });
}

function drawTrials() {
  if (!trials.length) return;
  at('trialtable').append(el('table', {class: 'epochtable'},
    el('thead', {}, el('tr', {}, ['trial', 'T', 'hard', 'soft', 'validation accuracy', 'validation loss', 'epoch'].map(t => el('th', {scope: 'col'}, t)))),
    el('tbody', {}, trials.map(t => el('tr', {}, el('th', {scope: 'row'}, t.chosen ? el('b', {}, `${t.name}, taken`) : t.name),
      [t.temperature, t.hard, t.soft, percent(t.accuracy, 2), fixed(t.loss, 4), t.epoch].map(v => el('td', {}, v)))))));
}
