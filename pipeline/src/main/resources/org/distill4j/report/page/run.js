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
  if (data.results.exports) {
    at('stages').append(el('div', {class: 'card'}, el('h3', {}, 'The last student in other forms'),
      el('div', {class: 'scroll'}, exportTable(data.results.exports))));
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

function exportTable(exports) {
  const titles = ['form', 'bytes', 'largest difference', 'same answer', 'folder'];
  return el('table', {id: 'exporttable'},
    el('thead', {}, el('tr', {}, titles.map((t, i) => el('th', {scope: 'col', class: i > 3 ? 'text' : null}, t)))),
    el('tbody', {}, exports.map(e => el('tr', {},
      el('th', {scope: 'row'}, e.form),
      el('td', {}, count(e.bytes)),
      el('td', {}, e.n ? e.largest_difference.toPrecision(2) : 'not run'),
      el('td', {}, e.n ? `${count(Math.round(e.same_answer * e.n))} of ${count(e.n)}` : '–'),
      el('td', {class: 'text'}, el('code', {}, e.folder))))));
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
