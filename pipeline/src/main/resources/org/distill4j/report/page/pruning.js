// What pruning took out of each group of channels, and what each group alone is worth.
function drawPruning() {
  const figures = data.results.stages.find(s => s.name === 'student-cut')?.figures;
  if (!figures) {
    if (at('pruning')) drop('pruning');
    return;
  }
  const names = Object.keys(figures).filter(k => /^channels_.*_before$/.test(k)).map(k => k.slice('channels_'.length, -'_before'.length));
  const shares = [...new Set(Object.keys(figures).map(k => k.match(/^accuracy_without_([0-9.]+)_of_/)?.[1]).filter(s => s))];
  at('groups').append(el('table', {class: 'epochtable'},
    el('thead', {}, el('tr', {}, ['group', 'channels', 'stay', ...shares.map(s => `without ${percent(Number(s), 0)}`)].map(t => el('th', {scope: 'col'}, t)))),
    el('tbody', {}, names.map(n => el('tr', {}, el('th', {scope: 'row'}, n),
      [count(figures[`channels_${n}_before`]), count(figures[`channels_${n}`]), ...shares.map(s => percent(figures[`accuracy_without_${s}_of_${n}`], 2))].map(v => el('td', {}, v)))))));
}
