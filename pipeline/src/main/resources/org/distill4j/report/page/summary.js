// The headline, the table of models and the comparisons.
const model = name => data.results.models.find(m => m.name === name);

function drawHeadline() {
  const {results} = data;
  at('title').textContent = results.recipe;
  const teacher = model('teacher');
  const ships = results.models[results.models.length - 1];
  const student = ships !== teacher ? ships : undefined; // the report speaks of what ships
  const pupil = model('student');
  const who = !student || student.name === 'student' ? 'The student' : `What ships, ${student.name},`;
  const whose = !student || student.name === 'student' ? 'the student' : student.name;
  const alone = model('student-alone');
  at('lead').textContent = ships?.fault
    ? `FAILED. ${ships.name} is no result: ${ships.fault}.`
    : teacher && student && student.metrics.mae !== undefined
    ? `${who} has ${sized(student, teacher)} and ${times(student.metrics.mae / teacher.metrics.mae)} times its mean absolute error.`
    : teacher && student
    ? `${who} has ${sized(student, teacher)} and keeps ${percent(student.metrics.accuracy / teacher.metrics.accuracy)} of its accuracy.`
    : `${results.models.length} ${results.models.length === 1 ? 'model' : 'models'}, evaluated on ${count(results.data.test)} test examples.`;
  at('facts').textContent = [
    `${results.data.name}: ${count(results.data.train)} training, ${count(results.data.validation)} validation, ${count(results.data.test)} test examples`,
    data.classes.length === 1 ? data.classes[0] : `${data.classes.length} ${results.data.task === 'regression' ? 'numbers' : results.data.task === 'multi-label' ? 'labels' : 'classes'}`,
    `seed ${results.seed}`,
    duration(results.seconds),
  ].join(' · ');
  const tiles = [];
  if (student && student.metrics.mae !== undefined) {
    tiles.push(tile(student.metrics.mae.toPrecision(3), '', `mean absolute error of ${whose}`,
      `root mean squared ${student.metrics.rmse.toPrecision(3)} on ${count(student.metrics.n)} test examples`));
  } else if (student) {
    tiles.push(tile(percent(student.metrics.accuracy), '', `accuracy of ${whose}`,
      `${count(student.metrics.errors)} errors on ${count(student.metrics.n)} test examples`));
  }
  if (pupil && alone && pupil.metrics.accuracy !== undefined) {
    const comparison = comparisonOf('student', 'student-alone');
    const gain = pupil.metrics.accuracy - alone.metrics.accuracy;
    const certain = !comparison || isCertain(comparison);
    tiles.push(tile(signed(100 * gain, 1), 'points', !certain ? 'no certain gain' : gain > 0 ? 'gained by distilling' : 'lost by distilling',
      'against the same net trained without the teacher' + (comparison ? `; ${spelledP(comparison.mcnemar_p)}` : '')));
  }
  if (student && teacher) {
    tiles.push(tile(times(teacher.bytes / student.bytes) + '×', '', 'smaller than the teacher',
      `${bytes(student.bytes)} instead of ${bytes(teacher.bytes)}`));
    if (student.latency && teacher.latency) {
      tiles.push(tile(times(teacher.latency.p50_ms / student.latency.p50_ms) + '×', '', 'faster than the teacher',
        `${fixed(student.latency.p50_ms, 3)} ms instead of ${fixed(teacher.latency.p50_ms, 3)} ms per call, median, batch ${student.latency.batch}`));
    }
  }
  at('tiles').append(...tiles);
}

/** With several seeds the interval, which knows of their spread, has to agree. */
const isCertain = c => c.mcnemar_p < 0.05 && (!c.seeds || c.ci95[0] > 0 || c.ci95[1] < 0);
const share = x => (x <= 0.5 ? `1/${times(1 / x)}` : percent(x));
const spelledP = p => (p < 0.001 ? 'p < 0.001' : 'p = ' + p.toPrecision(2));
const comparisonOf = (candidate, baseline) =>
  data.results.comparisons.find(c => c.candidate === candidate && c.baseline === baseline);

function tile(value, unit, title, detail) {
  return el('div', {class: 'tile'}, el('b', {}, value, unit ? el('small', {}, unit) : null), el('span', {}, title), el('em', {}, detail));
}

/** How big a model is beside its teacher, whose layers may not be known. */
function sized(student, teacher) {
  return teacher.parameters
    ? `${share(student.parameters / teacher.parameters)} of its teacher’s parameters`
    : `${count(student.parameters)} parameters`;
}

function drawModels() {
  const models = data.results.models;
  const latency = models.find(m => m.latency)?.latency;
  const has = key => models.every(m => m.metrics[key] !== undefined && m.metrics[key] !== null);
  const few = data.classes.length === 2 || has('label_accuracy');
  const extra = [
    ['F1', 'f1', few], ['AUC', 'auc', few], ['average precision', 'average_precision', few], ['balanced accuracy', 'balanced_accuracy', few], ['label accuracy', 'label_accuracy', true],
    ['mean absolute error', 'mae', true], ['root mean squared error', 'rmse', true], ['R²', 'r2', true],
  ].filter(([, key, wanted]) => wanted && has(key)).map(([title, key]) => [title, null, m => fixed(m.metrics[key], 4) + spread(m, key, x => x.toFixed(4))]);
  const columns = [
    ['parameters', m => m.parameters ?? 0, m => m.parameters ? count(m.parameters) : 'unknown'],
    ['multiply-adds', m => m.macs ?? 0, m => m.macs ? shortCount(m.macs) : 'unknown'],
    ['bytes', m => m.bytes, m => count(m.bytes)],
    ...(has('errors') ? [
      [`errors of ${count(models[0]?.metrics.n ?? 0)}`, m => m.metrics.errors, m => count(m.metrics.errors) + spread(m, 'errors', x => x.toFixed(0))],
      ['accuracy', null, m => percent(m.metrics.accuracy, 2) + spread(m, 'accuracy', x => (100 * x).toFixed(2))],
    ] : []),
    ...extra,
    ['loss', null, m => fixed(m.metrics.loss, 3) + spread(m, 'loss', x => x.toFixed(3))],
    [latency ? `p50 latency, ms, batch ${latency.batch}, threads ${latency.threads}` : 'p50 latency, ms', m => m.latency?.p50_ms ?? 0, m => fixed(m.latency?.p50_ms, 3)],
  ];
  at('models').append(
    el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'model'), columns.map(([title]) => el('th', {scope: 'col'}, title)))),
    el('tbody', {}, models.map(m => el('tr', {'data-model': m.name, style: modelStyle(m.name)},
      el('th', {scope: 'row'}, modelLabel(m.name)),
      columns.map(([, size, text]) => el('td', {}, text(m), size ? meter(size(m), Math.max(...models.map(size))) : null))))));
}

/** Models that are no result at all. */
function drawFaults() {
  const faults = data.results.models.filter(m => m.fault);
  if (!faults.length) return;
  at('models').closest('.card').after(el('ul', {id: 'faults'}, faults.map(m => el('li', {}, `${m.name}: ${m.fault}`))));
}

/** What each step towards a smaller student brought, and what brought nothing. */
function drawGains() {
  if (!data.gains.length) return;
  at('models').closest('.card').after(el('ul', {id: 'gains'}, data.gains.map(line => el('li', {}, line))));
}

/** The standard deviation between seeds. */
const spread = (m, metric, spelled) => (m.metrics.sd ? ` ± ${spelled(m.metrics.sd[metric])}` : '');

function drawSeeds() {
  const seeded = data.results.models.filter(m => m.seeds);
  if (!seeded.length) return;
  const numbers = seeded[0].metrics.mae !== undefined;
  const titles = numbers ? ['mean absolute error', 'R²'] : ['errors', 'accuracy'];
  const cells = m => (numbers ? [fixed(m.mae, 4), fixed(m.r2, 4)] : [count(m.errors), percent(m.accuracy, 2)]);
  at('models').closest('.card').after(el('details', {class: 'numbers', id: 'seeds'},
    el('summary', {}, `Each of the ${seeded[0].seeds.length} seeds; above are means ± standard deviation, below curves and figures of the first`),
    el('div', {class: 'scroll'}, el('table', {class: 'epochtable'},
      el('thead', {}, el('tr', {}, ['model', 'seed', ...titles, 'loss'].map(t => el('th', {scope: 'col'}, t)))),
      el('tbody', {}, seeded.flatMap(m => m.seeds.map(s => el('tr', {},
        el('th', {scope: 'row'}, modelLabel(m.name)), el('td', {}, s.seed), cells(s.metrics).map(c => el('td', {}, c)),
        el('td', {}, fixed(s.metrics.loss, 3))))))))));
}

function shortCount(n) {
  return n >= 1e9 ? (n / 1e9).toFixed(2) + ' G' : n >= 1e6 ? (n / 1e6).toFixed(2) + ' M' : count(n);
}

function meter(value, most) {
  return el('div', {class: 'meter', 'aria-hidden': 'true'}, el('i', {style: {width: `${most ? 100 * value / most : 0}%`}}));
}

function drawComparisons() {
  const {comparisons} = data.results;
  if (!comparisons.length) {
    at('comparisons').append('This run compared nothing.');
    return;
  }
  if (comparisons.some(c => c.metric !== 'accuracy')) {
    at('comparisons').append(...data.says.map(line => el('p', {}, line)));
    return;
  }
  const reach = 1.12 * Math.max(0.001, ...comparisons.flatMap(c => c.ci95.map(Math.abs)));
  const place = x => `${50 + 50 * x / reach}%`;
  at('comparisons').append(...comparisons.map((c, i) => {
    const verdict = !isCertain(c) ? 'unsure' : c.delta > 0 ? 'better' : 'worse';
    return el('div', {class: `forest ${verdict}`},
      el('div', {class: 'names'}, modelLabel(c.candidate), el('br'), el('span', {}, `against ${c.baseline}`)),
      el('div', {class: 'axis', role: 'img', 'aria-label': data.says[i]},
        ticks(reach).map(t => el('div', {class: t === 0 ? 'tick zero' : 'tick', style: {left: place(t)}}, el('span', {}, t === 0 ? '0' : signed(100 * t, tickDigits(reach))))),
        el('div', {class: 'band', style: {left: place(c.ci95[0]), width: `${50 * (c.ci95[1] - c.ci95[0]) / reach}%`}}),
        el('div', {class: 'dot', style: {left: place(c.delta)}})),
      el('p', {}, el('b', {}, verdictWords(verdict, c)),
        `95 % CI ${signed(100 * c.ci95[0], 2)} to ${signed(100 * c.ci95[1], 2)}, ${spelledP(c.mcnemar_p)}, n = ${count(c.n)}${c.seeds ? ` under each of ${c.seeds} seeds` : ''}`));
  }));
}

function verdictWords(verdict, c) {
  const points = Math.abs(100 * c.delta).toFixed(2) + ' points';
  return verdict === 'unsure' ? `No certain difference: ${signed(100 * c.delta, 2)} points` : verdict === 'better' ? `${points} ahead` : `${points} behind`;
}

/** Round steps, at most three to a side. */
function ticks(reach) {
  const step = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find(s => reach / s <= 3.5) ?? 0.5;
  const steps = Math.floor(reach / step);
  return Array.from({length: 2 * steps + 1}, (_, i) => (i - steps) * step);
}

const tickDigits = reach => (reach > 0.03 ? 0 : reach > 0.003 ? 1 : 2);
