// What the recipe demands of the models, what was measured, and what was tried on validation.
function drawGate() {
  const gate = data.results.gate;
  const limits = (gate?.rules ?? []).filter(r => r.limit !== undefined || r.model !== undefined);
  if (!limits.length) {
    if (at('gate')) drop('gate');
    return;
  }
  const broken = gate.rules.filter(r => !r.passed).length;
  at('gatewords').textContent = gate.passed
    ? `Passed: all of ${gate.rules.length} kept.`
    : `Not passed: ${broken} of ${gate.rules.length} not kept.${gate.best ? ` Best candidate: ${gate.best.model}, ${gate.best.file}.` : ''}`;
  at('gatewords').className = gate.passed ? 'kept' : 'gate broken';
  at('gatelist').append(...limits.map(limitRow));
  for (const attempt of gate.attempts ?? []) {
    at('attemptlist').append(
      el('li', {class: attempt.passed ? 'kept' : 'broken'},
        el('b', {}, attempt.name),
        el('span', {}, (attempt.changes ?? 'as the recipe says') + (attempt.chosen ? '. Taken.' : '.')),
        el('small', {}, attempt.rules.map(r => (r.passed ? 'Kept: ' : 'Not kept: ') + r.says).join(' · '))));
  }
  if (!gate.attempts) at('attempts').remove();
}

function limitRow(rule) {
  return el('li', {class: rule.passed ? 'kept' : 'broken', 'data-limit': rule.rule},
    el('b', {}, rule.rule), el('span', {}, rule.says),
    el('small', {}, `${rule.passed ? 'Kept' : 'Not kept'}; ${rule.reads ? `reads the ${rule.reads} on` : 'measured on'} the ${rule.split} split.`));
}
