import type { Tag, Tags } from '../domain/tag.js';
import type { RecordShape, Shape } from './shape.js';

/** Path of every tagged value (`user.name`, `other_phones[]`) to its tag; a tag on a field covers all below it. */
export function tagsOf(record: RecordShape): Tags {
  const tags = new Map<string, Tag>();
  visit(record, '', null);
  return tags;

  function visit(shape: Shape, path: string, tag: Tag | null): void {
    switch (shape.kind) {
      case 'nullable':
        visit(shape.of, path, tag);
        return;
      case 'array':
        visit(shape.items, `${path}[]`, tag);
        return;
      case 'record':
        for (const field of shape.fields) {
          visit(field.shape, path === '' ? field.name : `${path}.${field.name}`, field.tag ?? tag);
        }
        return;
      default:
        if (tag !== null) tags.set(path, tag);
    }
  }
}
