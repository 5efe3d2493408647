/** The little that this page needs to draw. Whatever people wrote comes in as text, never as markup. */

export function el(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Makes `parent` show `items` in order, and keeps the element of an item whose key did not change. */
export function show(parent, items, keyOf, build) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = keyOf(item);
    const element = before.get(key) ?? build(item);
    before.delete(key);
    element.dataset.key = key;
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  for (const child of before.values()) child.remove();
}
