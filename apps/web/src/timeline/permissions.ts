import type { MessageView } from '@parley/contracts';

/** What is offered. The server decides; this keeps buttons away that it would refuse. */
export function mayEdit({ senderId, kind }: MessageView, ownId: string): boolean {
  return kind === 'text' && senderId === ownId;
}

export function mayDelete(
  { senderId, kind }: MessageView,
  { ownId, moderates }: { ownId: string; moderates: boolean },
): boolean {
  return kind === 'text' && (senderId === ownId || moderates);
}
