// The only script of the gallery's pages; without it everything but the comfort is there.

for (const frame of document.querySelectorAll('iframe[data-fit]')) {
  frame.addEventListener('load', () => adjustHeight(frame));
  if (frame.contentDocument?.readyState === 'complete') adjustHeight(frame);
}

function adjustHeight(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  // A scroll bar would narrow the page while it is measured.
  page.style.overflowY = 'hidden';
  frame.style.height = `${page.scrollHeight}px`;
  frame.closest('figure').classList.toggle('too-wide', page.scrollWidth > page.clientWidth);
}

document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step !== undefined) walk(step);
  else if (event.key === 'Escape') document.querySelector('a.home').click();
});

/** To the neighbouring page, or on the overview to the neighbouring card. */
function walk(step) {
  const cards = [...document.querySelectorAll('.card a')];
  if (cards.length === 0) return document.querySelector(step < 0 ? 'a[rel=prev]' : 'a[rel=next]')?.click();
  const at = cards.indexOf(document.activeElement);
  cards[at < 0 ? 0 : Math.min(Math.max(at + step, 0), cards.length - 1)]?.focus();
}

document.querySelector('form')?.addEventListener('submit', ({ currentTarget }) => {
  const button = currentTarget.querySelector('button');
  button.textContent = 'Sending …';
  button.disabled = true;
});

// Browsers allow six connections per site: hidden tabs leave theirs to the others, and catch up when they are seen.
let changes;
function listen() {
  changes?.close();
  if (document.hidden) return;
  changes = new EventSource('/changes');
  changes.onmessage = ({ data }) => {
    if (data !== document.documentElement.dataset.version) location.reload();
  };
}
document.addEventListener('visibilitychange', listen);
listen();
