import { Param, type PipeTransform, type Type } from '@nestjs/common';
import { ApiParam, type SchemaObject } from '@nestjs/swagger';
import { IdParam, SeqParam } from './id-param.pipe.js';

interface Description {
  schema: SchemaObject;
  description: string;
}

/** A part of the path that `pipe` reads, described in the API at the same time. */
export function FromPath(name: string, pipe: Type<PipeTransform>, described: Description): ParameterDecorator {
  return (target, key, index) => {
    Param(name, pipe)(target, key, index);
    const handler = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key === undefined || handler === undefined) return;
    ApiParam({ name, ...described })(target, key, handler);
  };
}

const ID: SchemaObject = { type: 'string', format: 'uuid' };

export const ConversationId = (): ParameterDecorator =>
  FromPath('id', IdParam, {
    schema: { ...ID, example: '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a' },
    description: 'The id of the conversation.',
  });

export const UserId = (name = 'userId'): ParameterDecorator =>
  FromPath(name, IdParam, {
    schema: { ...ID, example: '0192f0bf-5c2e-7f00-a1b2-c3d4e5f60718' },
    description: 'The id of the person.',
  });

export const SessionId = (): ParameterDecorator =>
  FromPath('id', IdParam, {
    schema: { ...ID, example: '0192f0be-90a1-7b22-8c4d-5e6f708192a3' },
    description: 'The id of the session, from the list of yours.',
  });

/** The place of a message in its conversation. */
export const Seq = (): ParameterDecorator =>
  FromPath('seq', SeqParam, {
    schema: { type: 'integer', example: 42 },
    description: 'The number of the message in its conversation.',
  });
