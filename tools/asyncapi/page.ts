import type { AsyncApi, Message } from './document.js';
import type { Schema } from './type-schemas.js';

/**
 * A page that a person can read, without a script and with its style in a file, so that the strictest
 * policy allows it.
 */
export function toPage(document: AsyncApi): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley over Socket.IO</title>
<link rel="stylesheet" href="realtime.css">
</head>
<body>
${contentsOf(document)}
${textOf(document)}
</body>
</html>
`;
}

type Entry = [key: string, message: Message];

/** A command has an ack beside it, and a fact has none. */
function sortOut({ components }: AsyncApi): { commands: Entry[]; facts: Entry[] } {
  const { messages } = components;
  const entries = Object.entries(messages).filter(([key]) => !key.endsWith('Ack'));
  return {
    commands: entries.filter(([key]) => `${key}Ack` in messages),
    facts: entries.filter(([key]) => !(`${key}Ack` in messages)),
  };
}

function contentsOf(document: AsyncApi): string {
  const { commands, facts } = sortOut(document);
  const shapes = Object.keys(document.components.schemas);
  return `<nav aria-label="Contents">
<p><a href="../">REST</a></p>
${listOf(
  'Commands',
  commands.map(([key, { name }]) => [key, name]),
)}
${listOf(
  'Facts',
  facts.map(([key, { name }]) => [key, name]),
)}
${listOf(
  'Shapes',
  shapes.map((name) => [`shape-${name}`, name]),
)}
</nav>`;
}

function textOf(document: AsyncApi): string {
  const { info, components } = document;
  const { commands, facts } = sortOut(document);
  /** What a message holds, also when that has a name. */
  const fieldsOf = (schema: Schema): string => shapeOf(components.schemas[nameIn(schema)] ?? schema);
  const paragraphs = info.description.split('\n\n').map((text) => `<p>${prose(text)}</p>`);
  const shapes = Object.entries(components.schemas).map(([name, schema]) =>
    sectionOf(`shape-${name}`, { name, summary: schema.description ?? '' }, shapeOf(schema)),
  );
  return `<main>
<h1>Parley over Socket.IO</h1>
${paragraphs.join('\n')}
<h2>Commands</h2>
<p>The client sends these, with one object and an ack function.</p>
${commands.map(([key, message]) => commandOf(key, message, components.messages[`${key}Ack`], fieldsOf)).join('\n')}
<h2>Facts</h2>
<p>The server tells these.</p>
${facts.map(([key, message]) => sectionOf(key, message, fieldsOf(message.payload) + exampleOf(message))).join('\n')}
<h2>Shapes</h2>
${shapes.join('\n')}
</main>`;
}

const listOf = (title: string, entries: string[][]): string =>
  `<h2>${title}</h2>\n<ul>\n${entries.map(([key = '', name = '']) => `<li><a href="#${key}">${name}</a></li>`).join('\n')}\n</ul>`;

const sectionOf = (key: string, { name, summary }: { name: string; summary: string }, body: string): string =>
  `<section id="${key}">\n<h3><code>${name}</code></h3>\n<p>${prose(summary)}</p>\n${body}\n</section>`;

function commandOf(
  key: string,
  message: Message,
  ack: Message | undefined,
  fieldsOf: (schema: Schema) => string,
): string {
  const data = ack?.payload.anyOf?.[0]?.properties?.['data'] ?? {};
  const answer = `<p>Its <code>data</code>, when it is done: ${kindOf(data)}.</p>`;
  return sectionOf(
    key,
    message,
    fieldsOf(message.payload) + exampleOf(message) + answer + (data.properties ? shapeOf(data) : ''),
  );
}

function exampleOf({ name, examples }: Message): string {
  const [example] = examples;
  const text = JSON.stringify(example?.payload ?? null, null, 2);
  return `<pre tabindex="0" aria-label="An example of ${name}"><code>${escape(text)}</code></pre>\n`;
}

/** The fields of an object as a table; anything else in words. */
function shapeOf(schema: Schema): string {
  const { properties, required = [] } = schema;
  if (properties === undefined) return `<p>${upperFirst(kindOf(schema))}.</p>\n`;
  const rows = Object.entries(properties).map(([field, part]) => {
    const optional = required.includes(field) ? '' : ' <em>optional</em>';
    return `<tr><td><code>${field}</code>${optional}</td><td>${kindOf(part)}</td><td>${prose(part.description ?? '')}</td></tr>`;
  });
  return `<table>\n<thead><tr><th>field</th><th>is</th><th></th></tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>\n`;
}

const nameIn = ({ $ref = '' }: Schema): string => $ref.split('/').at(-1) ?? '';

const FORMATS: Readonly<Record<string, string>> = { uuid: 'id', 'date-time': 'time' };

/** In a few words, as HTML. */
function kindOf(schema: Schema): string {
  const { $ref, allOf, anyOf, type, format = '', items, properties, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = nameIn(schema);
    return `<a href="#shape-${name}">${name}</a>`;
  }
  if (allOf !== undefined) return allOf.map(kindOf).join(' and ');
  if (anyOf !== undefined) return anyOf.map(kindOf).join(' or ');
  if (schema.const !== undefined) return `<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) return schema.enum.map((one) => `<code>"${one}"</code>`).join(' or ');
  if (items !== undefined) return `list of ${kindOf(items)}`;
  if (properties !== undefined) {
    return `{ ${Object.entries(properties)
      .map(([field, part]) => `${field}: ${kindOf(part)}`)
      .join(', ')} }`;
  }
  if (typeof additionalProperties === 'object') return `map from id to ${kindOf(additionalProperties)}`;
  return [type ?? 'anything']
    .flat()
    .map((one) => (one === 'string' ? (FORMATS[format] ?? 'text') : one === 'integer' ? 'number' : one))
    .join(' or ');
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Text of a comment: what stands between backticks is code. */
const prose = (text: string): string =>
  escape(text)
    .replace(/\{@link (\w+)\}/g, '<code>$1</code>')
    .replace(/`([^`]+)`/g, '<code>$1</code>');

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
