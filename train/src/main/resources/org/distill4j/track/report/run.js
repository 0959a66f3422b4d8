// What the run did, with what, and where.
function drawRun() {
  const {stages, seconds} = data.results;
  if (stages.length) {
    at('stages').append(el('div', {class: 'card'},
      el('h3', {}, `${duration(seconds)} in all`),
      el('div', {class: 'timeline', 'aria-hidden': 'true'}, stages.map(s =>
        el('i', {style: {flex: `${Math.max(s.seconds, 0.001)} 0 0`, ...stageStyle(s.name)}, 'data-tip': `${s.name}: ${duration(s.seconds)}`}))),
      el('div', {class: 'scroll'}, stageTable(stages))));
  }
  at('recipe').textContent = data.recipe;
  drawEnvironment();
}

const stageStyle = name => (modelNames.includes(name) ? {background: `var(${modelVariable(name)})`} : {background: 'var(--soft)'});

function stageTable(stages) {
  const titles = ['stage', 'time', '', 'left behind', 'sha256'];
  return el('table', {id: 'stagetable'},
    el('thead', {}, el('tr', {}, titles.map((t, i) => el('th', {scope: 'col', class: i > 1 ? 'text' : null}, t)))),
    el('tbody', {}, stages.map(s => el('tr', {},
      el('th', {scope: 'row'}, s.name),
      el('td', {}, duration(s.seconds)),
      el('td', {class: 'text'}, s.reused ? 'reused' : ''),
      el('td', {class: 'text'}, el('code', {}, s.artefact ?? '')),
      el('td', {class: 'text'}, el('code', {title: s.sha256}, (s.sha256 ?? '').slice(0, 12)))))));
}

function drawEnvironment() {
  const e = data.environment;
  const rows = [
    ['Processor', e.features.length ? `${e.cpu} (${e.features.join(', ')})` : e.cpu],
    ['Cores', count(e.cores)],
    ['Threads', count(e.threads)],
    ['Heap, at most', bytes(e.heapBytes)],
    ['System', e.os],
    ['Java', e.java],
    ...Object.entries(e.versions),
    ['Data', data.results.data.name],
    ['Data, sha256', data.results.data.sha256],
  ];
  at('environment').append(...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  at('footer').textContent = `Made by Distill4j ${e.versions.Distill4j ?? ''}. Charts by Chart.js (MIT), carried in this file. Nothing on this page comes from the network.`;
}
