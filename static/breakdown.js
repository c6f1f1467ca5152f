// Shows the page of `index.html` for an app that does not start or cannot go on. On its own, so that it works when
// nothing else does.
(() => {
  let started = false;
  let broken = false;
  let shown = null;
  const show = (what) => {
    if (shown) return;
    shown = document.getElementById('breakdown').content.firstElementChild.cloneNode(true);
    shown.querySelector('code').textContent = String(what ?? '').slice(0, 600);
    shown.querySelector('button').addEventListener('click', () => location.reload());
    document.documentElement.append(shown);
  };
  addEventListener('TrunkApplicationStarted', () => {
    started = true;
    // It came up all the same: what went wrong was not needed.
    if (!broken) shown?.remove();
  });
  addEventListener('vigie-broke-down', (event) => {
    broken = true;
    show(event.detail);
  });
  addEventListener('unhandledrejection', (event) => started || show(event.reason));
  // Of what fails to load, only scripts matter; the page can do without a font.
  addEventListener(
    'error',
    (event) => {
      const script = event.target instanceof HTMLScriptElement;
      if (!started && (script || event.target === window)) show(script ? event.target.src : event.message);
    },
    true,
  );
})();
