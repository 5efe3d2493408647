import ts from 'typescript';

/** As much of JSON Schema as the contract needs. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: string[];
  const?: string | boolean;
  format?: string;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  anyOf?: Schema[];
}

/** What TypeScript calls a string, the contract means as more than that: ids are UUIDs, times are ISO 8601. */
const IDS = /^(id|mentions|removed|createdBy|\w*Ids?)$/;
const NO_IDS = /^requestId$/;
const TIMES = /(At|Until)$/;

/**
 * Turns the types of the contract into JSON Schemas, with their comments as descriptions. What has a name
 * there has one here, so that the same thing is described once.
 *
 * It knows the forms that the contract uses and refuses others: a schema that says less than the type
 * would let through what the type forbids.
 */
export class TypeSchemas {
  /** By name: what {@link of} has met so far. */
  readonly named: Record<string, Schema> = {};
  private readonly checker: ts.TypeChecker;
  private readonly source: ts.SourceFile;

  /** @throws Error when the file cannot be read or does not compile */
  constructor(
    private readonly path: string,
    options: ts.CompilerOptions,
  ) {
    const program = ts.createProgram([path], options);
    this.checker = program.getTypeChecker();
    const source = program.getSourceFile(path);
    const [mistake] = ts.getPreEmitDiagnostics(program);
    if (mistake !== undefined) throw new Error(ts.flattenDiagnosticMessageText(mistake.messageText, '\n'));
    if (source === undefined) throw new Error(`${path} cannot be read`);
    this.source = source;
  }

  /** The members of an exported interface, each with its comment. */
  membersOf(name: string): { name: string; type: ts.Type; description: string }[] {
    return this.exported(name)
      .getProperties()
      .map((symbol) => ({ name: symbol.name, type: this.typeOf(symbol), description: this.comment(symbol) }));
  }

  /** The schema of an exported type, which from then on is among {@link named}. */
  ofName(name: string): Schema {
    return this.of(this.exported(name));
  }

  of(type: ts.Type, property = ''): Schema {
    const name = nameOf(type);
    if (name === undefined || !this.isOurs(type)) return this.inline(type, property);
    if (this.named[name] === undefined) {
      // First of all its name, for types that contain themselves.
      this.named[name] = {};
      const comment = this.comment(type.aliasSymbol ?? type.symbol);
      this.named[name] = { ...(comment === '' ? {} : { description: comment }), ...this.inline(type, property) };
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private inline(type: ts.Type, property: string): Schema {
    if (type.isUnion()) return this.union(type.types, property);
    if (type.isStringLiteral()) return { type: 'string', const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      return { type: 'boolean', const: this.checker.typeToString(type) === 'true' };
    }
    if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & ts.TypeFlags.String) return { type: 'string', ...formatOf(property) };
    if (type.flags & ts.TypeFlags.Number) return { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      if (item !== undefined) return { type: 'array', items: this.of(item, property) };
    }
    const isObject = Boolean(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
    if (isObject && type.getCallSignatures().length === 0) return this.object(type);
    throw new Error(`There is no schema for ${this.checker.typeToString(type)} (${property})`);
  }

  private union(types: readonly ts.Type[], property: string): Schema {
    const some = types.filter((type) => !(type.flags & ts.TypeFlags.Undefined));
    if (some.every((type) => type.isStringLiteral())) return { type: 'string', enum: some.map(({ value }) => value) };
    if (some.every((type) => type.flags & ts.TypeFlags.BooleanLiteral)) return { type: 'boolean' };
    const rest = some.filter((type) => !(type.flags & ts.TypeFlags.Null));
    const [only] = rest;
    const schema = rest.length === 1 && only !== undefined ? this.of(only, property) : null;
    if (rest.length === some.length) return schema ?? { anyOf: rest.map((type) => this.of(type, property)) };
    if (typeof schema?.type === 'string' && schema.const === undefined)
      return { ...schema, type: [schema.type, 'null'] };
    return { anyOf: [...rest.map((type) => this.of(type, property)), { type: 'null' }] };
  }

  private object(type: ts.Type): Schema {
    const values = type.getStringIndexType();
    if (values !== undefined) return { type: 'object', additionalProperties: this.of(values) };
    const symbols = type.getProperties();
    const required = symbols.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name);
    const properties = symbols.map((symbol): [string, Schema] => [
      symbol.name,
      describe(this.of(this.typeOf(symbol), symbol.name), this.comment(symbol)),
    ]);
    return {
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(properties),
    };
  }

  private exported(name: string): ts.Type {
    const module = this.checker.getSymbolAtLocation(this.source);
    const symbol = module && this.checker.getExportsOfModule(module).find((one) => one.name === name);
    if (symbol === undefined) throw new Error(`${this.path} exports no ${name}`);
    const original = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    return this.checker.getDeclaredTypeOfSymbol(original);
  }

  private typeOf(symbol: ts.Symbol): ts.Type {
    return this.checker.getTypeOfSymbolAtLocation(symbol, this.source);
  }

  private comment(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replace(/\s*\n\s*/g, ' ');
  }

  /** Declared in the contract, and not in TypeScript's own library. */
  private isOurs(type: ts.Type): boolean {
    const [declaration] = (type.aliasSymbol ?? type.symbol).declarations ?? [];
    return declaration?.getSourceFile().fileName.includes('/contracts/') === true;
  }
}

/** The name of a type without parameters: those with are another type each time. */
function nameOf(type: ts.Type): string | undefined {
  if (type.aliasSymbol !== undefined) return type.aliasTypeArguments === undefined ? type.aliasSymbol.name : undefined;
  const isInterface = type.isClassOrInterface() && type.typeParameters === undefined;
  return isInterface ? type.symbol.name : undefined;
}

function formatOf(property: string): Schema {
  if (IDS.test(property) && !NO_IDS.test(property)) return { format: 'uuid' };
  return TIMES.test(property) ? { format: 'date-time' } : {};
}

/** Beside a reference nothing else is heeded. */
function describe(schema: Schema, description: string): Schema {
  if (description === '') return schema;
  return schema.$ref === undefined ? { ...schema, description } : { allOf: [schema], description };
}
