import { TransformationType, type TransformFnParams } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes, type ValidatorConstraintInterface } from 'class-validator';

export type InputClass<T extends object> = new () => T;

/** Gives the input when all of it is plainly right; null when only the libraries can tell. */
export type QuickCheck<T extends object> = (value: object) => T | null;

type Fields = Record<string, unknown>;

interface Field {
  readonly name: string;
  readonly transforms: readonly ((params: TransformFnParams) => unknown)[];
  /** It is not checked unless all of these hold, as with IsOptional. */
  readonly conditions: readonly ((input: object, value: unknown) => boolean)[];
  readonly checks: readonly Check[];
}

interface Check {
  readonly constraint: ValidatorConstraintInterface;
  readonly constraints: unknown[];
}

const NEVER = (): null => null;

/**
 * Compiles the declarations of an input class once. The libraries look all of them up again for each
 * input, which was the dearest part of a message that is right.
 *
 * Invariant: what is accepted here, the libraries accept with the same result; `validation.spec.ts`
 * compares them. Refusing, with its words, and everything but flat objects of strings, numbers and
 * booleans, is left to them.
 */
export function compileQuickCheck<T extends object>(type: InputClass<T>): QuickCheck<T> {
  const fields = fieldsOf(type);
  if (fields === null) return NEVER;
  const byName = new Map(fields.map((field) => [field.name, field]));

  return (value) => {
    // What is read from the query of an address has no prototype.
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return null;
    const given = value as Fields;
    const input = new type();
    const filled = input as Fields;
    for (const name of Object.keys(given)) {
      const field = byName.get(name);
      const raw = given[name];
      if (field === undefined || (typeof raw === 'object' && raw !== null)) return null;
      filled[name] = transform(field, raw, given);
    }
    for (const field of fields) if (!isRight(field, filled, type.name)) return null;
    return input;
  };
}

function transform({ name, transforms }: Field, raw: unknown, obj: Fields): unknown {
  let value = raw;
  for (const apply of transforms) {
    value = apply({ value, key: name, obj, type: TransformationType.PLAIN_TO_CLASS, options: {} });
  }
  return value;
}

function isRight({ name, conditions, checks }: Field, input: Fields, targetName: string): boolean {
  const value = input[name];
  for (const holds of conditions) if (!holds(input, value)) return true;
  for (const { constraint, constraints } of checks) {
    if (constraint.validate(value, { value, constraints, object: input, property: name, targetName }) !== true) {
      return false;
    }
  }
  return true;
}

/** What has been declared of each property; null when there is something that only the libraries can do. */
function fieldsOf(type: InputClass<object>): Field[] | null {
  const target = type as unknown as () => unknown;
  const fields = new Map<
    string,
    { transforms: Field['transforms']; conditions: Field['conditions']; checks: Check[] }
  >();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(target, '', false, false)) {
    const { propertyName: name, constraintCls, constraints } = metadata;
    const transforms = transformsOf(target, name);
    // The declared type is not true of a property without groups.
    const groups = metadata.groups as string[] | undefined;
    if (transforms === null || metadata.each || (groups?.length ?? 0) > 0) return null;
    const field = fields.get(name) ?? { transforms, conditions: [], checks: [] };
    if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION) {
      field.conditions = [...field.conditions, constraints[0] as Field['conditions'][number]];
    } else if (metadata.type === ValidationTypes.CUSTOM_VALIDATION) {
      const found = getMetadataStorage().getTargetValidatorConstraints(constraintCls);
      if (found.some(({ async }) => async)) return null;
      for (const { instance } of found) field.checks.push({ constraint: instance, constraints });
    } else {
      return null;
    }
    fields.set(name, field);
  }
  return fields.size === 0 ? null : [...fields].map(([name, field]) => ({ name, ...field }));
}

/** Null for a property of which class-transformer knows more than how to transform it. */
function transformsOf(target: () => unknown, name: string): Field['transforms'] | null {
  const storage = defaultMetadataStorage;
  const known =
    storage.findTypeMetadata(target, name) ??
    storage.findExposeMetadata(target, name) ??
    storage.findExcludeMetadata(target, name);
  const found = storage.findTransformMetadatas(target, name, TransformationType.PLAIN_TO_CLASS);
  if (known !== undefined || found.some(({ options }) => Object.keys(options ?? {}).length > 0)) return null;
  return found.map(
    ({ transformFn }) =>
      (params) =>
        transformFn(params),
  );
}
