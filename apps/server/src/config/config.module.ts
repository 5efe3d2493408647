import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Config } from './config.js';

/** Hands the settings to whoever asks for {@link Config}. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: Config, useValue: config }], exports: [Config] };
  }
}
