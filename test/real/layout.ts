/** What is wrong with the layout of the page that is open: runs in the browser, so it is one function that needs nothing else. */
export function layoutFaults(): string[] {
  const faults: string[] = [];
  const root = document.querySelector('dialog[open]') ?? document.body;
  const describe = (element: Element) =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${JSON.stringify((element.textContent ?? '').slice(0, 60))}`;
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth)
    faults.push(`the page is ${page.scrollWidth} wide, and ${page.clientWidth} are seen`);

  interface Box {
    readonly element: Element;
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  // The list of samples shows the beginning of each answer; the whole stands beside it.
  const mayBeCut = (element: Element) => element.closest('.row-text') !== null;
  const boxes: Box[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement!;
    if ((node.textContent ?? '').trim() === '' || element.closest('script, style, noscript, .skip, option'))
      continue;
    const range = document.createRange();
    const isNumber = element.matches('td:not(.left), thead th');
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      let { left, top, right, bottom } = rect;
      if (right - left < 1 || bottom - top < 1) continue;
      if (isNumber && bottom - top > 0 && range.getClientRects().length > 1)
        faults.push(`broken over lines: ${describe(element)}`);
      let hidden = false;
      for (let up: Element | null = element; up !== null && up !== page; up = up.parentElement) {
        const style = getComputedStyle(up);
        if (style.display === 'none' || style.visibility === 'hidden') hidden = true;
        if (
          up.tagName === 'DETAILS' &&
          !(up as HTMLDetailsElement).open &&
          element.closest('summary') === null
        )
          hidden = true;
        if (style.overflowX === 'visible' || up === document.body) continue;
        const clip = up.getBoundingClientRect();
        if ((left < clip.left - 1 || right > clip.right + 1) && !mayBeCut(element))
          faults.push(`cut at its side: ${describe(element)} in ${describe(up)}`);
        left = Math.max(left, clip.left);
        right = Math.min(right, clip.right);
        top = Math.max(top, clip.top);
        bottom = Math.min(bottom, clip.bottom);
      }
      if (hidden || right - left < 1 || bottom - top < 1) continue;
      const frame = element.closest('button, .card, dialog, .badge, td, th');
      const own = frame?.getBoundingClientRect();
      if (own !== undefined && (left < own.left - 1 || right > own.right + 1) && !mayBeCut(element))
        faults.push(`wider than its frame: ${describe(element)} in ${describe(frame!)}`);
      if (left < -1 || right > page.clientWidth + 1) faults.push(`outside of the page: ${describe(element)}`);
      boxes.push({ element, left, top, right, bottom });
    }
  }
  for (const element of root.querySelectorAll(
    'button, td, th, h1, h2, h3, h4, p, li, dd, dt, summary, .badge, .value',
  )) {
    if (
      !mayBeCut(element) &&
      !element.querySelector('.row-text') &&
      element.scrollWidth > element.clientWidth + 1 &&
      element.clientWidth > 0
    )
      if (getComputedStyle(element).display !== 'inline')
        faults.push(`wider inside than outside: ${describe(element)}`);
  }

  boxes.sort((a, b) => a.top - b.top);
  for (const [n, one] of boxes.entries()) {
    for (let next = n + 1; next < boxes.length && boxes[next]!.top < one.bottom - 2; next++) {
      const other = boxes[next]!;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - other.top;
      // Lines of one text may touch, as accents of one reach into the other.
      if (one.element === other.element || wide <= 2 || high <= 3) continue;
      if (one.element.contains(other.element) || other.element.contains(one.element)) {
        if (high <= Math.min(one.bottom - one.top, other.bottom - other.top) / 2) continue;
      }
      faults.push(`overlap: ${describe(one.element)} and ${describe(other.element)}`);
    }
  }
  return [...new Set(faults)].slice(0, 20);
}
