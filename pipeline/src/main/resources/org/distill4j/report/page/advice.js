// What the rules of thumb say, and the gate that a recipe makes of some.
function drawAdvice() {
  const {advice} = data.results;
  const demanded = (data.results.gate?.rules ?? []).filter(r => r.rule.startsWith('advice '));
  if (!advice.length && !demanded.length) {
    if (at('advice')) drop('advice');
    return;
  }
  const broken = new Set(demanded.filter(r => !r.passed).map(r => r.rule.replace('advice ', '')));
  at('adviselist').append(
    ...advice.map(a => el('li', {'data-advice': a.id, class: a.waived ? 'waived' : broken.has(a.id) ? 'broken' : null},
      el('b', {}, a.id), el('span', {}, a.says),
      el('small', {}, a.waived ? `Waived: ${a.waived}` : `The rule: ${a.rule}.`))),
    ...demanded.filter(r => r.passed).map(r => el('li', {class: 'kept'}, el('b', {}, r.rule), el('span', {}, 'Kept, as the recipe demands.'))));
  const unmeasured = demanded.filter(r => !r.passed && !advice.some(a => 'advice ' + a.id === r.rule));
  at('adviselist').append(...unmeasured.map(r => el('li', {class: 'broken'}, el('b', {}, r.rule), el('span', {}, `It ${r.says}.`))));
  if (demanded.some(r => !r.passed)) {
    at('adviselist').before(el('p', {class: 'gate'}, el('b', {}, 'The gate is not passed. '), 'The recipe demands a rule that this run does not keep.'));
  }
}
