// Draws the page of a search, again when the colours change, and says on <html> how it went.
const charts = {};
const root = document.documentElement;
root.dataset.errors = '0';
root.dataset.blocked = '0';
const more = key => { root.dataset[key] = String(Number(root.dataset[key]) + 1); };
addEventListener('error', () => more('errors'));
document.addEventListener('securitypolicyviolation', () => more('blocked'));

function drawCharts() {
  Chart.defaults.color = colour('--soft');
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  drawPareto();
  root.dataset.charts = String(Object.keys(Chart.instances).length);
}

at('title').textContent = data.title;
at('lead').textContent = data.lead;
const dark = matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', drawCharts);
at('theme').addEventListener('click', () => {
  const isDark = root.style.colorScheme ? root.style.colorScheme === 'dark' : dark.matches;
  root.style.colorScheme = isDark ? 'light' : 'dark';
  drawCharts();
});
drawParetoTable();
drawCharts();
