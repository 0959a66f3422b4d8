// A reliability diagram per model.
function drawCalibration() {
  const judged = data.evaluations.filter(e => e.calibrationError !== null);
  if (!judged.length) {
    if (at('calibration')) drop('calibration');
    return;
  }
  judged.forEach((evaluation, i) => {
    const id = `reliability-${i}`;
    if (!at(id)) at('reliability').append(calibrationFigure(evaluation, id));
    charts[id]?.destroy();
    charts[id] = reliabilityChart(evaluation, at(id));
  });
}

function calibrationFigure(evaluation, id) {
  const answers = evaluation.bins.reduce((sum, b) => sum + b.count, 0);
  const claimed = evaluation.bins.reduce((sum, b) => sum + b.count * (b.confidence ?? 0), 0) / answers;
  const right = evaluation.bins.reduce((sum, b) => sum + b.count * (b.accuracy ?? 0), 0) / answers;
  const gap = claimed - right;
  const leaning = Math.abs(gap) < 0.01 ? 'claims about what it holds' : gap > 0 ? 'too sure of itself' : 'too modest';
  const words = `claims ${percent(claimed)}, is right ${percent(right)}: ${leaning}`;
  return el('figure', {class: 'card', 'data-calibration': evaluation.model},
    el('figcaption', {}, modelLabel(evaluation.model), el('small', {}, `ECE ${percent(evaluation.calibrationError, 2)}`), el('small', {}, words)),
    el('div', {class: 'chart'}, el('canvas', {id, role: 'img', 'aria-label': `Reliability of ${evaluation.model}: ${words}; expected calibration error ${percent(evaluation.calibrationError, 2)}`})));
}

function reliabilityChart(evaluation, canvas) {
  const {bins} = evaluation;
  const most = Math.max(...bins.map(b => b.count));
  const variable = modelVariable(evaluation.model);
  const edge = i => (i / bins.length).toFixed(2);
  return new Chart(canvas, {
    data: {
      labels: bins.map((_, i) => (i + 0.5) / bins.length),
      datasets: [
        {type: 'line', label: 'exactly as sure as right', data: [{x: 0, y: 0}, {x: 1, y: 1}], xAxisID: 'x', borderColor: colour('--soft'), borderWidth: 1.5, borderDash: [4, 4], pointRadius: 0, pointHitRadius: 0, order: 0},
        {type: 'bar', label: 'right', data: bins.map(b => b.accuracy), xAxisID: 'bins', order: 1, barPercentage: 0.92, categoryPercentage: 1, borderRadius: 2,
          backgroundColor: bins.map(b => colour(variable, b.count ? 0.2 + 0.8 * Math.sqrt(b.count / most) : 0))},
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: {type: 'linear', min: 0, max: 1, offset: false, title: {display: true, text: 'how sure'}, ticks: {stepSize: 0.25, maxRotation: 0, callback: v => (v % 0.5 ? '' : percent(v, 0))}, grid: {display: false}, border: {color: colour('--line')}},
        bins: {type: 'category', display: false, offset: true},
        y: {min: 0, max: 1, title: {display: true, text: 'how often right'}, ticks: {stepSize: 0.25, callback: v => percent(v, 0)}, grid: {color: colour('--line')}, border: {display: false}},
      },
      plugins: {
        legend: {display: false},
        tooltip: {filter: item => item.datasetIndex === 1, callbacks: {
          title: items => (items.length ? `Sure of ${edge(items[0].dataIndex)} to ${edge(items[0].dataIndex + 1)}` : ''),
          label: item => ` right ${percent(bins[item.dataIndex].accuracy)} of ${count(bins[item.dataIndex].count)}`,
        }},
      },
    },
  });
}
