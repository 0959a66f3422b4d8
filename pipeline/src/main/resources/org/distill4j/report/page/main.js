// Draws the page, again when the colours change, and says on <html> how it went: data-charts,
// data-errors, data-blocked (what the content security policy refused).
const root = document.documentElement;
root.dataset.errors = '0';
root.dataset.blocked = '0';
const more = key => { root.dataset[key] = String(Number(root.dataset[key]) + 1); };
addEventListener('error', () => more('errors'));
addEventListener('unhandledrejection', () => more('errors'));
document.addEventListener('securitypolicyviolation', () => more('blocked'));

function drawCharts() {
  Chart.defaults.color = colour('--soft');
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  drawCurves();
  drawCourses();
  drawSearch();
  drawPareto();
  drawCalibration();
  drawThresholds();
  root.dataset.charts = String(Object.keys(Chart.instances).length);
}

function watchColours() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', drawCharts);
  at('theme').addEventListener('click', () => {
    const isDark = root.style.colorScheme ? root.style.colorScheme === 'dark' : dark.matches;
    root.style.colorScheme = isDark ? 'light' : 'dark';
    drawCharts();
  });
  let before = '';
  addEventListener('beforeprint', () => {
    before = root.style.colorScheme;
    root.style.colorScheme = 'light';
    drawCharts();
  });
  addEventListener('afterprint', () => {
    root.style.colorScheme = before;
    drawCharts();
  });
}

drawHeadline();
drawModels();
drawFaults();
drawGains();
drawSeeds();
drawComparisons();
drawGate();
drawAdvice();
drawTrials();
drawParetoTable();
drawPruning();
drawParity();
drawToggles();
drawEpochs();
drawConfusion();
drawSamples();
drawSoftLabels();
drawRun();
drawCharts();
watchColours();
watchTips();
