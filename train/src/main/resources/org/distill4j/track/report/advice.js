// What the rules of thumb say, and the gate that a recipe makes of some.
function drawAdvice() {
  const {advice, gate} = data.results;
  if (!advice.length && !gate) {
    if (at('advice')) drop('advice');
    return;
  }
  const broken = new Set((gate?.rules ?? []).filter(r => !r.passed).map(r => r.rule.replace('advice ', '')));
  at('adviselist').append(
    ...advice.map(a => el('li', {'data-advice': a.id, class: a.waived ? 'waived' : broken.has(a.id) ? 'broken' : null},
      el('b', {}, a.id), el('span', {}, a.says),
      el('small', {}, a.waived ? `Waived: ${a.waived}` : `The rule: ${a.rule}.`))),
    ...(gate?.rules ?? []).filter(r => r.passed).map(r => el('li', {class: 'kept'}, el('b', {}, r.rule), el('span', {}, 'Kept, as the recipe demands.'))));
  if (gate && !gate.passed) {
    at('adviselist').before(el('p', {class: 'gate'}, el('b', {}, 'The gate is not passed. '), 'The recipe demands a rule that this run does not keep.'));
  }
}
