import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** The identity of this database's history. Another epoch means that cursors point nowhere. */
@Injectable()
export class Epoch implements OnModuleInit {
  private epoch = '';

  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    const rows: { epoch: string }[] = await this.dataSource.query('SELECT epoch FROM meta');
    if (rows[0] === undefined) throw new Error('The table meta is empty: this database was not restored completely');
    this.epoch = rows[0].epoch;
  }

  get value(): string {
    return this.epoch;
  }
}

/** Says that the history of this database is another one from now on. No server may be running on it. */
export async function renewEpoch(dataSource: DataSource): Promise<void> {
  await dataSource.query('UPDATE meta SET epoch = gen_random_uuid()');
}
