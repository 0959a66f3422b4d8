// What was made of one model: accuracy against bytes and against time, or multiply-adds where no time was measured, and
// the front that nothing beats.
const made = data.pareto?.points ?? [];

/** The names beside the points, on the side where there is room. */
const pointNames = {
  id: 'names',
  afterDatasetsDraw(chart) {
    const {ctx, chartArea} = chart;
    ctx.save();
    ctx.font = `12px ${Chart.defaults.font.family}`;
    ctx.fillStyle = colour('--ink');
    ctx.textBaseline = 'bottom';
    chart.getDatasetMeta(0).data.forEach((point, i) => {
      const name = chart.data.datasets[0].data[i].name;
      const left = point.x > (chartArea.left + chartArea.right) / 2;
      ctx.textAlign = left ? 'right' : 'left';
      ctx.fillText(name, point.x + (left ? -9 : 9), point.y - 5);
    });
    ctx.restore();
  },
};

/** Of these two figures alone: what no other point matches, from the cheapest on. */
function frontBy(points) {
  return points
    .filter(p => !points.some(o => o !== p && o.x <= p.x && o.y >= p.y && (o.x < p.x || o.y > p.y)))
    .sort((a, b) => a.x - b.x);
}

function drawTradeoff(id, cost, title, spelled) {
  const points = made.filter(p => p[cost] !== null).map(p => ({x: p[cost], y: p.accuracy, name: p.name, taken: p.taken}));
  if (!points.length) {
    at(id)?.closest('figure').remove();
    return;
  }
  const words = points.map(p => `${p.name}: ${spelled(p.x)}, ${percent(p.y, 2)}`).join('; ');
  at(id).setAttribute('aria-label', words);
  charts[id]?.destroy();
  const front = frontBy(points);
  const fill = point => (front.includes(point.raw) ? colour('--m0') : colour('--card'));
  charts[id] = new Chart(at(id), {
    type: 'scatter',
    data: {datasets: [
      {data: points, borderColor: colour('--m0'), borderWidth: 2, backgroundColor: fill, pointRadius: p => (p.raw?.taken ? 8 : 5), pointHoverRadius: 9},
      {data: front, type: 'line', stepped: 'before', borderColor: colour('--m0', 0.5), borderWidth: 2, borderDash: [5, 4], pointRadius: 0, pointHitRadius: 0},
    ]},
    options: {
      animation: false,
      maintainAspectRatio: false,
      layout: {padding: {top: 18, right: 12}},
      scales: {
        x: {type: 'linear', beginAtZero: true, title: {display: true, text: title}, grid: {display: false}, border: {color: colour('--line')}, ticks: {callback: v => spelled(v), maxTicksLimit: 7}},
        y: {grace: '12%', grid: {color: colour('--line')}, border: {display: false}, ticks: {callback: v => percent(v, 2)}},
      },
      plugins: {
        legend: {display: false},
        tooltip: {filter: item => item.datasetIndex === 0, callbacks: {label: item => ` ${item.raw.name}: ${spelled(item.parsed.x)}, ${percent(item.parsed.y, 2)}`}},
      },
    },
    plugins: [pointNames],
  });
}

function drawPareto() {
  if (!made.length) {
    if (at('pareto')) drop('pareto');
    return;
  }
  drawTradeoff('bybytes', 'bytes', 'bytes', bytes);
  drawTradeoff('bytime', 'p50Ms', 'median time of a call, ms', x => Number(x.toPrecision(3)).toString());
  if (made.some(p => p.p50Ms !== null)) at('bymacs')?.closest('figure').remove();
  else if (at('bymacs')) drawTradeoff('bymacs', 'macs', 'multiply-adds of an example', millions);
}

const millions = n => `${(n / 1e6).toPrecision(3)} million`;

function drawParetoTable() {
  if (!made.length) return;
  const best = new Set(data.pareto.front);
  const counted = made.some(p => p.integerMacs !== null);
  const integers = p => (counted ? [percent(p.macs ? p.integerMacs / p.macs : 0, 0)] : []);
  at('paretotable').append(el('table', {class: 'epochtable'},
    el('thead', {}, el('tr', {}, ['model', 'bytes', 'parameters', 'multiply-adds', ...(counted ? ['on integers'] : []), 'accuracy', 'p50, ms', ''].map(t => el('th', {scope: 'col'}, t)))),
    el('tbody', {}, made.map(p => el('tr', {}, el('th', {scope: 'row'}, p.taken ? el('b', {}, `${p.name}, taken`) : p.name),
      [count(p.bytes), count(p.parameters), count(p.macs), ...integers(p), percent(p.accuracy, 2), fixed(p.p50Ms, 3), best.has(p.name) ? 'on the front' : 'no gain'].map(v => el('td', {}, v)))))));
}
