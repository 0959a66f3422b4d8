// Whether each model of integers says the same wherever it runs.
function drawParity() {
  const models = data.results.models.filter(m => m.parity);
  if (!models.length) {
    drop('parity');
    return;
  }
  const row = (name, cells) => el('tr', {}, el('th', {scope: 'row'}, name), cells.map(c => el('td', {}, c)));
  const table = (heads, rows) => el('table', {class: 'epochtable'},
    el('thead', {}, el('tr', {}, heads.map(h => el('th', {scope: 'col'}, h)))), el('tbody', {}, rows));
  const small = x => (x === undefined ? '–' : x === 0 ? '0' : x.toPrecision(2));
  at('paritytable').append(table(
    ['model', 'examples', 'answers as simulated', 'as exact integers', 'largest distance', 'integers within a step'],
    models.map(({name, parity: p}) => row(modelLabel(name), [
      p.exact_n < p.n ? `${count(p.n)} (${count(p.exact_n)} exact)` : count(p.n),
      percent(p.agreement, 2), percent(p.exact_agreement, 2),
      small(p.distance === undefined ? p.exact_distance : Math.max(p.distance, p.exact_distance)),
      percent(p.within_step ?? p.runtime_within_step, 3)]))));
  at('paritywords').textContent = models.map(m => `${m.name} ran in ${m.parity.compared.join(', ')}.`).join(' ');
  const layers = models.flatMap(m => m.parity.layers.map(l => ({...l, model: m})));
  if (!layers.length) {
    at('parityoff').remove();
    return;
  }
  at('parityoff').append(el('div', {class: 'scroll'}, table(
    ['layer', 'model', 'simulated within a step', 'ONNX Runtime within a step', 'most steps off'],
    layers.map(l => row(l.name, [l.model.name,
      percent(l.model.parity.agreement === undefined ? undefined : l.simulation, 3), percent(l.runtime, 3), count(l.steps)])))));
}
