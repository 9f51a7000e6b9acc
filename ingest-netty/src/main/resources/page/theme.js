// Runs before anything is drawn, so that a chosen theme does not flash. Without a choice the system's theme is followed.
'use strict';
try {
  const chosen = localStorage.getItem('metricstream.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
} catch {
  // Storage is switched off; the system's theme it is.
}
