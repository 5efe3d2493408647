import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { FactBus } from './fact-bus.js';
import { FanOutDriver, LocalFanOut } from './fan-out.driver.js';
import { PostgresFanOut } from './fan-out/postgres.fan-out.js';

/** Facts, and the bus that carries them. It begins to carry when `DatabaseModule` knows the epoch. */
@Global()
@Module({
  providers: [FactBus, { provide: FanOutDriver, inject: [Config], useFactory: chooseFanOut }],
  exports: [FactBus, FanOutDriver],
})
export class EventsModule implements OnApplicationShutdown {
  constructor(private readonly fanOut: FanOutDriver) {}

  async onApplicationShutdown(): Promise<void> {
    await this.fanOut.stop();
  }
}

async function chooseFanOut(config: Config): Promise<FanOutDriver> {
  switch (config.fanOut) {
    case 'local':
      return new LocalFanOut();
    case 'postgres':
      return new PostgresFanOut({ url: config.database.url });
    case 'redis': {
      if (config.redisUrl === null) throw new Error('PARLEY_FAN_OUT is redis, but there is no REDIS_URL');
      // Loaded only where it is used: it is a quarter of everything that a server has to load.
      const { RedisFanOut } = await import('./fan-out/redis.fan-out.js');
      return new RedisFanOut({ url: config.redisUrl });
    }
  }
}
