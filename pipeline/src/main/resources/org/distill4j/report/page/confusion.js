// One heat map per model: rows are the truth, columns the answer.
function drawConfusion() {
  if (!data.evaluations.some(e => e.confusion.length)) return drop('confusion');
  at('maps').append(...data.evaluations.map(e =>
    el('figure', {class: 'card', 'data-confusion': e.model},
      el('figcaption', {}, modelLabel(e.model), el('small', {}, `${percent(e.accuracy, 2)} right of ${count(e.n)}`)),
      heatMap(e),
      mistakes(e))));
}

function heatMap(evaluation) {
  const {classes} = data;
  return el('table', {class: classes.length > 20 ? 'map dense' : 'map'},
    el('colgroup', {}, el('col', {class: 'name'}), classes.map(() => el('col'))),
    el('thead', {}, el('tr', {}, el('td', {class: 'corner'}, el('span', {}, 'answer →'), el('span', {}, 'truth ↓')), classes.map(name => el('th', {scope: 'col', title: name}, el('span', {}, name))))),
    el('tbody', {}, evaluation.confusion.map((row, truth) =>
      el('tr', {}, el('th', {scope: 'row', title: classes[truth]}, classes[truth]), row.map((n, answer) => heatCell(row, truth, answer))))));
}

function heatCell(row, truth, answer) {
  const {classes} = data;
  const n = row[answer];
  const examples = row.reduce((a, b) => a + b, 0);
  const part = examples ? n / examples : 0;
  const right = truth === answer;
  const strength = right ? part : Math.sqrt(part);
  const tip = right
    ? `${classes[truth]}: ${count(n)} of ${count(examples)} recognised (${percent(part)})`
    : `${classes[truth]} taken for ${classes[answer]}: ${count(n)} of ${count(examples)} (${percent(part)})`;
  return el('td', {
    class: n === 0 ? 'zero' : strength > (right ? 0.62 : 0.72) ? 'strong' : null,
    'data-tip': tip,
    style: n === 0 ? {} : {background: `color-mix(in srgb, var(${right ? '--right' : '--wrong'}) ${(8 + 92 * strength).toFixed(1)}%, var(--faint))`},
  }, String(n));
}

/** The most frequent confusions in words. */
function mistakes(evaluation) {
  const {classes} = data;
  const worst = evaluation.confusion
    .flatMap((row, truth) => row.map((n, answer) => ({n, truth, answer})))
    .filter(c => c.truth !== c.answer && c.n > 0)
    .sort((a, b) => b.n - a.n || a.truth - b.truth || a.answer - b.answer)
    .slice(0, 3);
  return el('ul', {class: 'mistakes'}, worst.map(c =>
    el('li', {}, el('b', {}, classes[c.truth]), ' taken for ', el('b', {}, classes[c.answer]), ` ${count(c.n)} ${c.n === 1 ? 'time' : 'times'}`)));
}
