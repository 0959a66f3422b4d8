// Examples with the models' probabilities side by side, and soft labels.
const MOST_ROWS = 4;
const MOST_SOFT_ROWS = 10;

function drawSamples() {
  if (!data.samples.length) return drop('samples');
  at('cards').append(...data.samples.map(sample =>
    el('article', {class: 'card example', 'data-sample': sample.index}, exampleHead(sample, 'test'), sampleBars(sample))));
}

function exampleHead(example, part) {
  const name = data.classes[example.truth];
  return el('div', {class: 'top'},
    example.picture ? el('img', {src: example.picture.uri, alt: `${part} example ${example.index}: ${name}`, width: example.picture.width, height: example.picture.height}) : null,
    el('div', {}, el('b', {}, name), el('span', {}, `${part} #${example.index}`)),
    example.cells?.length ? el('table', {class: 'cells'}, el('tbody', {}, example.cells.map(([column, value]) =>
      el('tr', {}, el('th', {scope: 'row'}, column), el('td', {}, value === '' ? '(empty)' : value))))) : null);
}

function sampleBars(sample) {
  const highest = k => Math.max(...sample.answers.map(a => a.probabilities[k]));
  const rows = data.classes.map((_, k) => k)
    .sort((a, b) => (b === sample.truth) - (a === sample.truth) || highest(b) - highest(a) || a - b)
    .slice(0, MOST_ROWS);
  return barTable(rows, sample.truth,
    sample.answers.map(a => {
      const answer = top(a.probabilities);
      const right = answer === sample.truth;
      return el('th', {scope: 'col', class: right ? 'yes' : 'no', 'data-tip': `${a.model} says ${data.classes[answer]}`},
        a.model, el('i', {}, right ? '✓ right' : '✗ wrong'));
    }),
    (k, i) => bar(sample.answers[i].probabilities[k], modelStyle(sample.answers[i].model), `${sample.answers[i].model}: ${data.classes[k]}`));
}

const top = probabilities => probabilities.indexOf(Math.max(...probabilities));

function barTable(rows, truth, heads, cell) {
  return el('table', {class: 'bars'},
    el('colgroup', {}, el('col', {class: 'name'}), heads.map(() => el('col'))),
    el('thead', {}, el('tr', {}, el('td'), heads)),
    el('tbody', {}, rows.map(k => el('tr', {class: k === truth ? 'truth' : null},
      el('th', {scope: 'row', title: data.classes[k]}, data.classes[k]),
      heads.map((_, i) => el('td', {}, cell(k, i)))))));
}

function bar(probability, style, tip) {
  return el('div', {class: 'bar', style, 'data-tip': `${tip} ${percent(probability, 2)}`},
    el('i', {style: {width: `${100 * probability}%`}}), el('span', {}, shortPercent(probability)));
}

const shortPercent = p => (p >= 0.0995 ? (100 * p).toFixed(0) : (100 * p).toFixed(1));

/** {@code p_k = e^(z_k / T) / sum of e^(z / T)}. */
function softened(logits, temperature) {
  const most = Math.max(...logits);
  const powers = logits.map(z => Math.exp((z - most) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map(p => p / sum);
}

function drawSoftLabels() {
  const soft = data.softLabels;
  if (!soft || !soft.labels.length) return drop('soft');
  const slider = at('temperature');
  slider.max = Math.max(20, soft.temperature);
  slider.step = Number.isInteger(2 * soft.temperature) ? 0.5 : 'any';
  slider.value = soft.temperature;
  const draw = () => {
    const t = Number(slider.value);
    at('degrees').textContent = `T = ${+t.toFixed(2)}${t === soft.temperature ? ', as the recipe has it' : ''}`;
    at('softcards').replaceChildren(...soft.labels.map(label => softCard(label, t)));
  };
  slider.addEventListener('input', draw);
  draw();
}

function softCard(label, temperature) {
  const columns = [softened(label.logits, 1), softened(label.logits, temperature)];
  const rows = data.classes.map((_, k) => k).sort((a, b) => label.logits[b] - label.logits[a] || a - b).slice(0, MOST_SOFT_ROWS);
  const style = modelStyle('teacher');
  return el('article', {class: 'card example', 'data-soft': label.index}, exampleHead(label, 'training'),
    barTable(rows, label.truth,
      ['T = 1', `T = ${+temperature.toFixed(2)}`].map(title => el('th', {scope: 'col'}, title)),
      (k, i) => bar(columns[i][k], style, data.classes[k])));
}
