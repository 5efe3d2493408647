import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { HealthView } from '@parley/contracts';
import type { Response } from 'express';
import { Public } from '../common/public.js';
import { HealthResponse } from './health.response.js';
import { HealthService } from './health.service.js';

/** What load balancers and orchestrators ask. */
@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @ApiOperation({ summary: 'Whether the server runs' })
  @ApiOkResponse({ type: HealthResponse, description: 'It does' })
  getHealth(): HealthView {
    return { status: 'ok' };
  }

  @Get('live')
  @ApiOperation({
    summary: 'Whether the process serves',
    description: 'If not, restart it. Says nothing about the database.',
  })
  @ApiOkResponse({ type: HealthResponse, description: 'It does' })
  getLiveness(): HealthView {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Whether to send requests here',
    description: 'If not, send them to another server for now.',
  })
  @ApiOkResponse({ type: HealthResponse, description: 'Yes' })
  @ApiServiceUnavailableResponse({
    type: HealthResponse,
    description: 'No: it starts, drains, or its database does not answer; `status` says which',
    example: { status: 'draining' },
  })
  async getReadiness(@Res({ passthrough: true }) response: Response): Promise<HealthView> {
    const view = await this.health.getReadiness();
    if (view.status !== 'ok') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return view;
  }
}
