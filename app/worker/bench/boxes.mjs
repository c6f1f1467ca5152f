// Boxes, in pages of the bench and of the tests.

/** Intersection over union of two boxes with corners `x0`, `y0`, `x1`, `y1`. */
export const overlap = (a, b) => {
  const w = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const h = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (w <= 0 || h <= 0) return 0;
  const area = ({ x0, y0, x1, y1 }) => (x1 - x0) * (y1 - y0);
  return (w * h) / (area(a) + area(b) - w * h);
};
