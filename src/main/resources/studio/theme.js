// Before the first paint: a chosen scheme goes before the system's
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('palate.theme');
  } catch {
    // without storage, the system's
  }
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
