// How the weights and the temperature moved over the student's training.
function drawCourses() {
  if (!data.courses.length) {
    if (at('courses')) drop('courses');
    return;
  }
  const weights = data.courses.filter(c => c.name !== 'temperature');
  const heat = data.courses.filter(c => c.name === 'temperature');
  drawCourse('weights', 'weightwords', weights, ['--m1', '--m0'], {min: 0, suggestedMax: 1});
  drawCourse('heat', 'heatwords', heat, ['--m4'], {min: 0});
}

function drawCourse(id, wordsId, courses, variables, range) {
  charts[id]?.destroy();
  const words = courses.map(c => `${c.name}: ${c.says}`).join('; ');
  at(wordsId).textContent = words;
  at(id).setAttribute('aria-label', words);
  charts[id] = new Chart(at(id), {
    type: 'line',
    data: {datasets: courses.map((c, i) => ({
      label: c.name,
      data: c.values.map((y, k) => ({x: k / (c.values.length - 1), y})),
      borderColor: colour(variables[i]),
      backgroundColor: colour(variables[i]),
      borderWidth: 2.5,
      pointRadius: 0,
      pointHitRadius: 8,
    }))},
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: {mode: 'nearest', axis: 'x', intersect: false},
      scales: {
        x: {type: 'linear', min: 0, max: 1, title: {display: true, text: 'share of the steps'}, ticks: {callback: v => percent(v, 0)}, grid: {display: false}, border: {color: colour('--line')}},
        y: {...range, grid: {color: colour('--line')}, border: {display: false}},
      },
      plugins: {
        legend: {display: courses.length > 1, labels: {boxWidth: 14, boxHeight: 2}},
        tooltip: {callbacks: {
          title: items => (items.length ? `at ${percent(items[0].parsed.x, 0)} of the steps` : ''),
          label: item => ` ${item.dataset.label}: ${fixed(item.parsed.y, 3)}`,
        }},
      },
    },
  });
}
