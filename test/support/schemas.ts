import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Says what is wrong with a value, or null. */
export type Check = (schema: object, value: unknown) => string | null;

/**
 * Checks values by schemas that may point to `#/components/schemas/…`. Each is compiled when it is first needed.
 *
 * A client passes over fields that it does not know; here they are refused, so that none stays undescribed.
 */
export function checker(components: object): Check {
  // That the documents are ones is said by their linters, once.
  const ajv = new Ajv2020({ strict: false, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema({ components: { schemas: close(structuredClone(components)) } }, 'document');
  const compiled = new Map<object, ValidateFunction>();
  return (schema, value) => {
    let validate = compiled.get(schema);
    if (validate === undefined) {
      const pointing = JSON.stringify(schema).replaceAll('"#/', '"document#/');
      validate = ajv.compile(close(JSON.parse(pointing) as object));
      compiled.set(schema, validate);
    }
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };
}

function close<T extends object>(part: T): T {
  const schema = part as { type?: unknown; properties?: unknown; additionalProperties?: unknown };
  if (schema.type === 'object' && typeof schema.properties === 'object') schema.additionalProperties ??= false;
  for (const inner of Object.values(part) as unknown[]) {
    if (typeof inner === 'object' && inner !== null) close(inner);
  }
  return part;
}
